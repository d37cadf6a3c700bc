import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Ledger } from '../load/electorate.ts';

/** What one run of the load program reports. */
export interface LoadReport {
  readonly acknowledged: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly processorSeconds: number;
  readonly ledger: Ledger;
}

const program = fileURLToPath(new URL('../load/main.ts', import.meta.url));

/**
 * Lets voters vote from a process of their own.
 *
 * @throws when a vote was refused: then the figures mean nothing
 */
export async function letVote(
  target: string | URL,
  options: Readonly<Record<string, string | number>>,
): Promise<LoadReport> {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [program, '--target', String(target), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const report = JSON.parse(await text(child.stdout)) as LoadReport;
  if (Object.keys(report.refused).length > 0) {
    throw new Error(`${target} refused votes: ${JSON.stringify(report.refused)}`);
  }
  return report;
}
