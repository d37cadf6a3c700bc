import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What many viewers saw together. */
export interface AudienceReport {
  readonly updates: number;
  /** Updates that a viewer did not get, over all viewers. */
  readonly missed: number;
  readonly hangUps: number;
  /** Length of an update. */
  readonly bytes: number;
  readonly p50: number;
  readonly p99: number;
}

const program = fileURLToPath(new URL('../audience/main.ts', import.meta.url));

/** Lets `viewers` watch from a process of their own. `whenWatching` is called when all are connected. */
export async function letWatch(
  url: string,
  viewers: number,
  seconds: number,
  whenWatching: () => Promise<void> = async () => {},
): Promise<AudienceReport> {
  const args = ['--url', url, '--viewers', String(viewers), '--seconds', String(seconds)];
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = text(child.stdout);
  await Promise.race([once(child.stdout, 'data').then(whenWatching), once(child, 'close')]);
  const report = (await said).trim().split('\n').at(-1) ?? '';
  return JSON.parse(report) as AudienceReport;
}
