import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Runs a service of one page of code and resolves with how it ended and what it printed. */
function run(open: string, whenReady: (kill: (signal: NodeJS.Signals) => void) => void = () => {}) {
  const program = `
    import { CannotStart, InvalidSettings, runService } from '@voting/runtime';
    const settings = { log: { LOG_LEVEL: 'info' }, shutdown: { SHUTDOWN_PAUSE_MS: 50, SHUTDOWN_DEADLINE_MS: 2500 } };
    await runService('test', () => settings, async (_settings, { closing, readiness }) => {
      setInterval(() => {}, 1000);
      ${open}
      process.stdout.write('ready\\n');
    });`;
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
    });
    let output = '';
    let ready = false;
    const collect = (data: Buffer) => {
      output += data;
      if (ready || !output.includes('ready\n')) return;
      ready = true;
      whenReady((signal) => child.kill(signal));
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const say = (word: string) => `console.log('${word}')`;

describe('runService', () => {
  it('closes in reverse order, after the pause in which it is not ready, and every step even if one fails', async () => {
    const { code, output } = await run(
      `closing.add('first', () => console.log('closing first, ready', readiness.ready()));
       closing.add('second', () => { throw new Error('broken') });
       closing.add('third', () => ${say('closing third')});`,
      (kill) => kill('SIGTERM'),
    );
    expect(output.indexOf('closing third')).toBeGreaterThan(0);
    expect(output.indexOf('closing third')).toBeLessThan(output.indexOf('closing first, ready false'));
    expect(code).toBe(1);
  });

  it('ends with 0 after an orderly stop', async () => {
    expect((await run('', (kill) => kill('SIGINT'))).code).toBe(0);
  });

  it('does not wait longer than its deadline', async () => {
    const { code, output } = await run("closing.add('endless', () => new Promise(() => {}))", (kill) =>
      kill('SIGTERM'),
    );
    expect([code, output.includes('did not close in time')]).toEqual([1, true]);
  });

  it('ends at once on a second signal, which is not the echo of the first', async () => {
    const { code, output } = await run("closing.add('endless', () => new Promise(() => {}))", (kill) => {
      kill('SIGINT');
      setTimeout(() => kill('SIGINT'), 100);
      setTimeout(() => kill('SIGINT'), 1_000);
    });
    expect([code, output.includes('did not close in time')]).toEqual([1, false]);
  });

  it('takes the echo of a signal for what it is', async () => {
    const slow = "closing.add('slow', () => new Promise((r) => setTimeout(r, 300)))";
    const { code } = await run(slow, (kill) => {
      kill('SIGINT');
      setTimeout(() => kill('SIGINT'), 100);
    });
    expect(code).toBe(0);
  });

  it('says in one sentence why it cannot start, and closes what was opened', async () => {
    const { code, output } = await run(
      `closing.add('first', () => ${say('closed')}); throw new CannotStart('Port 1 is taken.');`,
    );
    expect(code).toBe(1);
    expect(output).toContain('Port 1 is taken.\n');
    expect(output).toContain('closed');
  });
});
