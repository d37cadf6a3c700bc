import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { whyNoEngine } from '../compose/docker.ts';
import { createMachine, type Machine, type MachineConfig } from './machine.ts';

const reason = whyNoEngine();
if (reason !== undefined) console.log(`The tests on bare machines are skipped: ${reason}.`);

const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');

/** A command exactly as README has it, so that the two cannot part. */
function fromReadme(pattern: RegExp): string {
  const [, command] = pattern.exec(readme) ?? [];
  if (command === undefined) throw new Error(`README has no ${pattern}`);
  return command;
}

const start = fromReadme(/^## Run it\n[^#]*?```sh\n(.+)\n```/m);
const test = fromReadme(/^## Work on it\n[^#]*?```sh\n(.+)\n```/m);
const programs = fromReadme(/`sudo (apt-get install [^`]+)`/);

const machines: readonly MachineConfig[] = (['root', 'voter'] as const).flatMap((user) => [
  ...(['own', 10, 11] as const).map((npm) => ({ debian: 'stable', npm, user }) as const),
  // npm 12 is the own one of testing, and refuses the Node.js of stable
  ...([10, 11, 12] as const).map((npm) => ({ debian: 'testing', npm, user }) as const),
]);

const untilItAnswers = `for (;;) try { await fetch("http://localhost:8080/"); break } catch {
  await new Promise((resolve) => setTimeout(resolve, 200))
}`;

const times: { machine: string; command: string; seconds: number }[] = [];
afterAll(() => console.table(times));

/** Runs on a new machine, notes how long it took there, and removes the machine. */
async function onMachine(config: MachineConfig, command: string, use: (machine: Machine) => Promise<void>) {
  const machine = await createMachine(config);
  try {
    const { output } = await machine.run('echo "Node.js $(node --version), npm $(npm --version)"');
    const begun = performance.now();
    await use(machine);
    const seconds = Math.round((performance.now() - begun) / 1000);
    times.push({ machine: `Debian ${config.debian}, ${output.trim()}, ${config.user}`, command, seconds });
  } finally {
    await machine.remove();
  }
}

describe.skipIf(reason !== undefined)('a bare machine', { timeout: 3_600_000 }, () => {
  it.each(machines)(`of Debian $debian with npm $npm, as $user: ${start}`, async (config) => {
    await onMachine(config, start, async (machine) => {
      await machine.begin(`(${start}) > start.log 2>&1`);
      const { code } = await machine.run(`timeout 300 node --input-type=module --eval '${untilItAnswers}'`);
      const { output: log } = await machine.run('cat start.log');
      expect(code, log).toBe(0);
      // npm repeats the command in a line of its own, which has the word in an option
      expect(log, log).not.toMatch(/^(?!> ).*\bwarn/im);
      const smoke = await machine.run('npx node tools/src/smoke.ts');
      expect(smoke.code, smoke.output).toBe(0);
    });
  });

  it.each(machines)(`of Debian $debian with npm $npm, as $user: ${test}`, async (config) => {
    await onMachine(config, test, async (machine) => {
      // as root, the tests do so themselves
      if (config.user !== 'root') {
        const { code, output } = await machine.run(`${programs} --yes`, 'root');
        expect(code, output).toBe(0);
      }
      const { code, output } = await machine.run(test);
      expect(code, output.slice(-20_000)).toBe(0);
    });
  });
});
