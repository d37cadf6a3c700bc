import { createHash } from 'node:crypto';
import { Refused } from '../program.ts';
import type { Artifacts } from './artifacts.ts';

/** A program that the bastion runs and cannot fetch, as it does not reach the internet. */
export interface Program {
  readonly name: string;
  readonly version: string;
  readonly url: string;
  /** Of what is at the URL. */
  readonly sha256: string;
  /** Where the program is in the archive; none, and the download is the program. */
  readonly inArchive?: string;
}

/** Built for the bastion: Linux on x86-64. kubectl is at most one minor version from the clusters. */
export const programs: readonly Program[] = [
  {
    name: 'kubectl',
    version: '1.36.3',
    url: 'https://dl.k8s.io/release/v1.36.3/bin/linux/amd64/kubectl',
    sha256: 'ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336',
  },
  {
    name: 'helm',
    version: '4.2.3',
    url: 'https://get.helm.sh/helm-v4.2.3-linux-amd64.tar.gz',
    sha256: 'e9b88b4ee95b18c706839c28d3a0220e5bc470e9cd9262410c90793c45ff8b7c',
    inArchive: 'linux-amd64/helm',
  },
];

const patienceMs = 300_000;

/**
 * Sees to it that the bastion finds a program in the bucket: fetches it here when it is not there.
 *
 * @throws {Refused} when it cannot be had, or is not what was pinned
 */
export async function handOver({ name, url, sha256 }: Program, artifacts: Artifacts): Promise<void> {
  if (await artifacts.has(sha256)) return;
  let content: Buffer;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    content = Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    throw new Refused(`${name} cannot be fetched from ${url}: ${(error as Error).message}`);
  }
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== sha256) throw new Refused(`${url} has the checksum ${found}, not ${sha256}.`);
  await artifacts.put(name, content);
}
