import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hostKey, startHostService } from './host-service.ts';
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
    const args = ['--poll', 'on', '--votes', 'a=200,b=100', '--acknowledged', file];
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
    const { code, stdout } = await start(['--poll', 'on', '--url', service.url.href, '--votes', 'a=10'])
      .ended;
    expect(stdout).toContain('accepted  9 of 10 votes\nrefused   1: queue_full 1\n');
    expect(code).toBe(1);
  });

  it('ends with 1 when nothing answers, and says so', async () => {
    const url = await vacantUrl();
    const { code, stdout } = await start(['--poll', 'on', '--url', url.href, '--votes', 'a=10']).ended;
    expect(stdout).toContain('refused   10: ECONNREFUSED 10');
    expect(stdout).toContain(`Nothing answered at ${url.href}`);
    expect(code).toBe(1);
  });

  it('ends with 2 and one sentence per fault when the flags are wrong', async () => {
    const { code, stdout, stderr } = await start([
      '--poll',
      'on',
      '--votes',
      'a=x,A=1',
      '--fast',
      '--url',
      'vote',
    ]).ended;
    expect(stderr.trimEnd().split('\n')).toHaveLength(5);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('ends with 2 when it could not keep the ledger', async () => {
    const { code, stderr } = await start([
      '--poll',
      'on',
      '--acknowledged',
      tmpdir(),
      '--url',
      (await vacantUrl()).href,
    ]).ended;
    expect(stderr).toContain('--acknowledged: the file cannot be written');
    expect(code).toBe(2);
  });

  it('explains itself', async () => {
    const { code, stdout } = await start(['--help']).ended;
    for (const flag of [
      'url',
      'host',
      'poll',
      'room',
      'votes',
      'concurrency',
      'rate',
      'retry-seconds',
      'acknowledged',
      'help',
    ]) {
      expect(stdout).toContain(`--${flag}`);
    }
    expect(code).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('stops at %s with its summary, and not with 0', async (signal) => {
    await using service = await startVoteService((post) => (post === 10 ? 'slow' : 'accept'));
    const { child, ended } = start([
      '--poll',
      'on',
      '--url',
      service.url.href,
      '--votes',
      'a=1000',
      '--rate',
      '50',
    ]);
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
    const { child, ended } = start(['--poll', 'on', '--url', service.url.href, '--votes', 'a=1']);
    while (service.counted.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 700));
    child.kill('SIGINT');
    expect((await ended).code).toBe(1);
  });
});

describe.concurrent('the poll', () => {
  const environment = (host: { url: URL }) => ({ HOST_URL: host.url.href, HOST_KEY: hostKey });

  it('is one of its own unless another is named, and the first line says where to look', async () => {
    await using host = await startHostService();
    // it takes the vote service a moment to know it
    await using service = await startVoteService(undefined, (get) => (get < 2 ? 'unknown' : 'accept'));
    const { code, stdout } = await start(['--url', service.url.href, '--votes', 'a=3,b=2'], environment(host))
      .ended;
    expect(stdout).toMatch(
      /^results {3}\/seed\/k3x9 on the result page, or \/seed while it is on\naccepted {2}5 of 5 votes\n/,
    );
    expect([...service.paths]).toEqual(['/seed/k3x9']);
    expect(code).toBe(0);
  });

  it.each([
    [['--poll', 'on'], '/'],
    [['--poll', 'on', '--room', 'hall'], '/hall'],
    [['--poll', 'lunch'], '/main/lunch'],
    [['--poll', 'lunch', '--room', 'hall'], '/hall/lunch'],
  ])('is with %j voted for at %s, without a host', async (args, path) => {
    await using service = await startVoteService();
    const { code } = await start(['--url', service.url.href, '--votes', 'a=2', ...args]).ended;
    expect([...service.paths]).toEqual([path]);
    expect(code).toBe(0);
  });

  it('that there is not is said, and nothing is cast', async () => {
    await using service = await startVoteService(undefined, () => 'unknown');
    const { code, stderr } = await start(['--url', service.url.href, '--poll', 'lunch', '--room', 'hall'])
      .ended;
    expect(stderr).toBe(
      `The vote service at ${service.url.href} knows no open or closed poll lunch in the room hall.\n`,
    );
    expect(service.counted).toEqual([]);
    expect(code).toBe(1);
  });

  it('that cannot be made is one sentence, and nothing is cast', async () => {
    await using service = await startVoteService();
    const { code, stderr } = await start(['--url', service.url.href], {
      ...environment({ url: await vacantUrl() }),
    }).ended;
    expect(stderr).toMatch(/^No host service answers at .*\n$/);
    expect(service.counted).toEqual([]);
    expect(code).toBe(1);
  });
});
