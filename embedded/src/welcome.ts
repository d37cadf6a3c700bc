import { join, resolve } from 'node:path';
import { fileNames } from '@voting/store/sqlite';

interface Places {
  /** What is on; undefined when nothing is. */
  readonly question: string | undefined;
  readonly votePort: number;
  readonly resultPort: number;
  readonly hostPort: number;
  readonly dataDir: string;
  /** Under which address others on the same network reach this machine; undefined in none. */
  readonly nameInNetwork: string | undefined;
}

/** What the person who started the vote needs to know, in a few lines. */
export function welcome({
  question,
  votePort,
  resultPort,
  hostPort,
  dataDir,
  nameInNetwork,
}: Places): string {
  const phone =
    nameInNetwork === undefined
      ? 'this machine is in no network that a phone could reach'
      : `http://${nameInNetwork}:${votePort}/  (on the same network)`;
  return `
${question === undefined ? '' : `${question}\n`}
  Vote      http://localhost:${votePort}/
  Results   http://localhost:${resultPort}/
  Host      http://localhost:${hostPort}/  (an API; its key is in ${join(resolve(dataDir), fileNames.hostKey)})
  By phone  ${phone}
  Data      ${resolve(dataDir)}

Stop with Ctrl+C. The votes are kept.
`;
}
