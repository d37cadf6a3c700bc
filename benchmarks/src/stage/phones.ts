import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { PhonesReport } from '../phones/phones.ts';

const program = fileURLToPath(new URL('../phones/main.ts', import.meta.url));

/**
 * Lets phones ask from a process of their own for as long as `work` takes.
 *
 * @throws when one was answered otherwise than that nothing has changed (304) or that the service is behind (503): then the
 *   figures mean nothing
 */
export async function whilePhonesAsk<Outcome>(
  target: string,
  { phones, connections }: { readonly phones: number; readonly connections: number },
  work: () => Promise<Outcome>,
): Promise<PhonesReport & { readonly outcome: Outcome; readonly processorSeconds: number }> {
  const args = ['--target', `${target}/`, '--phones', String(phones), '--connections', String(connections)];
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = text(child.stdout);
  const ended = once(child, 'close');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('the phones ended'))),
  ]);
  try {
    const outcome = await work();
    child.stdin.end();
    const report = JSON.parse((await said).trim().split('\n').at(-1) ?? '');
    const others = Object.keys(report.answers).filter((status) => !['304', '503'].includes(status));
    if (others.length > 0) throw new Error(`phones were answered ${JSON.stringify(report.answers)}`);
    return { ...report, outcome };
  } finally {
    child.kill();
    await ended;
  }
}
