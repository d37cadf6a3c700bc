import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { affectedServices, readSources } from '../src/images/changed.ts';
import { services, workspaceOfImage } from '../src/images/services.ts';

const root = resolve(import.meta.dirname, '../..');
const sources = readSources(root);

describe('a change of', () => {
  it.each([
    ['worker/src/worker.ts', ['worker']],
    ['vote/src/views/vote.eta', ['vote']],
    ['packages/queue/src/redis/queue.ts', ['vote', 'worker', 'host']],
    ['packages/store/sql/record.sql', ['result', 'worker', 'host']],
    ['packages/pages/assets/base.css', ['vote', 'result', 'host']],
    ['packages/core/src/core.ts', ['vote', 'result', 'worker', 'host']],
    ['host/src/main.ts', ['host']],
    ['seed-data/src/main.ts', ['seed']],
    ['seed-data/package.json', ['seed']],
    ['package-lock.json', [...services]],
    ['Dockerfile', [...services]],
    ['worker/test/worker.test.ts', []],
    ['packages/core/src/testing/contracts.ts', []],
    ['worker.md', []],
    ['helm-chart/vote-app/values.yaml', []],
    ['docs/README.md', []],
    ['embedded/src/main.ts', []],
    ['tools/src/recount.ts', []],
  ])('%s affects %j', (file, affected) => {
    expect(affectedServices([file], sources)).toEqual(affected);
  });
});

describe('the workspaces of the images', () => {
  it('are those that the Dockerfile installs', async () => {
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    for (const service of services) {
      const [, workspace] = new RegExp(`AS ${service}-files\\n.*--workspace=(\\S+)`).exec(dockerfile) ?? [];
      const manifest = await readFile(join(root, workspaceOfImage[service], 'package.json'), 'utf8');
      expect(JSON.parse(manifest).name).toBe(workspace);
      expect(dockerfile).toContain(`AS ${service}\n`);
    }
  });
});

describe('the program', () => {
  let clone: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
      cwd: clone,
      encoding: 'utf8',
    }).trim();

  async function commit(files: Readonly<Record<string, string>>): Promise<string> {
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(clone, file)), { recursive: true });
      await writeFile(join(clone, file), content);
    }
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Change');
    return git('rev-parse', 'HEAD');
  }

  function changed(...args: string[]): { code: number; output: string } {
    try {
      const program = join(root, 'tools/src/changed-services.ts');
      const output = execFileSync(process.execPath, [program, ...args], {
        cwd: clone,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return { code: 0, output: output.trim() };
    } catch (error) {
      return { code: (error as { status: number }).status, output: '' };
    }
  }

  beforeEach(async () => {
    clone = await mkdtemp(join(tmpdir(), 'voting-'));
    for (const folder of [
      ...['vote', 'worker', 'result', 'host', 'seed-data'],
      ...['packages/core', 'packages/queue'],
    ]) {
      await mkdir(join(clone, folder), { recursive: true });
      await cp(join(root, folder, 'package.json'), join(clone, folder, 'package.json'));
    }
    await cp(join(root, 'package.json'), join(clone, 'package.json'));
    git('init', '--quiet');
  });
  afterEach(() => rm(clone, { recursive: true }));

  it('compares two commits', async () => {
    const base = await commit({ 'worker/src/worker.ts': '' });
    await commit({ 'packages/queue/src/queue.ts': '' });
    await commit({ 'docs/README.md': '' });
    expect(changed('--base', base)).toEqual({ code: 0, output: '["vote","worker","host"]' });
    expect(changed('--base', 'HEAD~1')).toEqual({ code: 0, output: '[]' });
  });

  it('sees both services when a file moves from one to the other', async () => {
    await commit({ 'worker/src/same.ts': 'the same content before and after' });
    git('mv', 'worker/src/same.ts', 'vote/same.ts');
    await commit({});
    expect(changed('--base', 'HEAD~1').output).toBe('["vote","worker"]');
  });

  it('takes everything for changed when it cannot compare', async () => {
    await commit({ 'worker/src/worker.ts': '' });
    for (const base of ['', '0000000000000000000000000000000000000000', 'gone']) {
      expect(changed('--base', base)).toEqual({
        code: 0,
        output: '["vote","result","worker","host","seed"]',
      });
    }
    expect(changed()).toEqual({ code: 0, output: '["vote","result","worker","host","seed"]' });
  });

  it('refuses what is no commit', async () => {
    const base = await commit({ 'worker/src/worker.ts': '' });
    expect(changed('--base', base, '--head', 'nowhere').code).toBe(1);
    expect(changed('--base', '--output=stolen').code).toBe(2);
  });
});
