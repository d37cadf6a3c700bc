import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startVoteService, vacantUrl } from './vote-service.ts';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]).then(([stdout, stderr, code]) => ({ stdout: stdout.join(''), stderr: stderr.join(''), code }));
  return { child, ended };
}

describe.concurrent('the program', () => {
  it('ends with 0 when every vote was accepted, and has written down each', async () => {
    await using service = await startVoteService();
    const folder = await mkdtemp(join(tmpdir(), 'seed-'));
    const file = join(folder, 'acknowledged');
    const args = ['--votes', 'a=200,b=100', '--acknowledged', file];
    const { code, stdout } = await start(args, { VOTE_URL: service.url.href }).ended;
    expect(stdout).toMatch(/^accepted {2}300 of 300 votes\nspeed {5}[\d,]+ votes a second for [\d.]+ s\n/);
    expect(stdout).toMatch(/latency {3}p50 [\d.,]+ ms, p95 [\d.,]+ ms, p99 [\d.,]+ ms, max [\d.,]+ ms\n$/);
    expect(code).toBe(0);
    expect((await readFile(file, 'utf8')).trimEnd().split('\n').sort()).toEqual(
      service.counted.map(({ voter, option }) => `${voter} ${option}`).sort(),
    );
    await rm(folder, { recursive: true });
  });

  it('ends with 1 when one vote was refused', async () => {
    await using service = await startVoteService((post) => (post === 5 ? 'full' : 'accept'));
    const { code, stdout } = await start(['--url', service.url.href, '--votes', 'a=10']).ended;
    expect(stdout).toContain('accepted  9 of 10 votes\nrefused   1: queue_full 1\n');
    expect(code).toBe(1);
  });

  it('ends with 1 when nothing answers, and says so', async () => {
    const url = await vacantUrl();
    const { code, stdout } = await start(['--url', url.href, '--votes', 'a=10']).ended;
    expect(stdout).toContain('refused   10: ECONNREFUSED 10');
    expect(stdout).toContain(`Nothing answered at ${url.href}`);
    expect(code).toBe(1);
  });

  it('ends with 2 and one sentence per fault when the flags are wrong', async () => {
    const { code, stdout, stderr } = await start(['--votes', 'a=x,A=1', '--fast', '--url', 'vote']).ended;
    expect(stderr.trimEnd().split('\n')).toHaveLength(5);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('ends with 2 when it could not keep the ledger', async () => {
    const { code, stderr } = await start(['--acknowledged', tmpdir(), '--url', (await vacantUrl()).href])
      .ended;
    expect(stderr).toContain('--acknowledged: the file cannot be written');
    expect(code).toBe(2);
  });

  it('explains itself', async () => {
    const { code, stdout } = await start(['--help']).ended;
    for (const flag of ['url', 'votes', 'concurrency', 'rate', 'retry-seconds', 'acknowledged', 'help']) {
      expect(stdout).toContain(`--${flag}`);
    }
    expect(code).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('stops at %s with its summary, and not with 0', async (signal) => {
    await using service = await startVoteService((post) => (post === 10 ? 'slow' : 'accept'));
    const { child, ended } = start(['--url', service.url.href, '--votes', 'a=1000', '--rate', '50']);
    while (service.counted.length < 11) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect(stdout).toContain(`accepted  ${service.counted.length} of 1,000 votes`);
    expect(stdout).toContain(`not cast  ${1000 - service.counted.length}`);
    expect(stderr).not.toContain('Warning');
    expect(code).toBe(1);
  });

  it('ends at once when it is interrupted again', async () => {
    await using service = await startVoteService(() => 'hang');
    const { child, ended } = start(['--url', service.url.href, '--votes', 'a=1']);
    while (service.counted.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 700));
    child.kill('SIGINT');
    expect((await ended).code).toBe(1);
  });
});
