import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { Poll } from '@voting/core';

interface Places {
  readonly poll: Poll;
  readonly votePort: number;
  readonly resultPort: number;
  readonly dataDir: string;
}

/** What the person who started the vote needs to know, in a few lines. */
export function welcome({ poll, votePort, resultPort, dataDir }: Places): string {
  const address = addressInNetwork();
  const phone =
    address === undefined
      ? 'this machine is in no network that a phone could reach'
      : `http://${address}:${votePort}/  (on the same network)`;
  return `
${poll.question}

  Vote      http://localhost:${votePort}/
  Results   http://localhost:${resultPort}/
  By phone  ${phone}
  Data      ${resolve(dataDir)}

Stop with Ctrl+C. The votes are kept.
`;
}

function addressInNetwork(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
