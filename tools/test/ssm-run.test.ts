import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import { type AwsPeer, type Bastion, startAws } from './aws-peer.ts';
import { writeAwsCli } from './bastion-programs.ts';

let folder: string;
let aws: AwsPeer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  await writeAwsCli(folder);
});
afterEach(async () => {
  await aws?.close();
  aws = undefined;
  await rm(folder, { recursive: true });
});

function bastion(): Bastion {
  return { path: `${folder}:/usr/bin:/bin` };
}

async function ssmRun(script: string, flags: readonly string[] = [], environment = 'prod') {
  const file = join(folder, 'script.sh');
  await writeFile(file, script);
  return run('tools/src/ssm-run.ts', ['--environment', environment, ...flags, file], aws?.env);
}

describe('a script on the bastion', { timeout: 60_000 }, () => {
  it('ends well, with its output', async () => {
    aws = await startAws(bastion());
    const { code, output } = await ssmRun('echo done; echo warned >&2');
    expect(code, output).toBe(0);
    expect(output).toContain('done\n');
    expect(output).toContain('warned\n');
  });

  it('that fails fails here, and says what it said', async () => {
    aws = await startAws(bastion());
    const { code, output } = await ssmRun('echo half; echo "no such release" >&2; exit 3');
    expect(code).toBe(1);
    expect(output).toContain('half\n');
    expect(output).toContain('no such release\n');
    expect(output).toContain('The script ended with status 3.');
  });

  it('that runs longer than several looks is waited for', async () => {
    aws = await startAws(bastion());
    const { code, output } = await ssmRun('sleep 3; echo late');
    expect(code, output).toBe(0);
    expect(output).toContain('late\n');
    expect(aws.polls()).toBeGreaterThan(3);
  });

  it('is expanded there, not here, and passes through no other shell', async () => {
    aws = await startAws(bastion());
    const script = `echo "$(cat place.txt) $HOME"; echo '{{ssm:secret}}' '$(id)' "it's"`;
    await writeFile(join(folder, 'place.txt'), 'bastion');
    const { output } = await ssmRun(script, ['--file', join(folder, 'place.txt')]);
    expect(output).toMatch(/^bastion \/tmp\/tmp\.\w+$/m);
    expect(output).toContain("{{ssm:secret}} $(id) it's\n");
    expect(aws.sent[0]?.lines.join('\n')).not.toContain('place.txt) $HOME');
  });

  it('has the cluster of its environment, and leaves nothing behind', async () => {
    aws = await startAws(bastion());
    const { output } = await ssmRun('cat "$KUBECONFIG"; echo "folder $PWD"');
    expect(output).toContain('cluster: voting-prod');
    const left = /^folder (.*)$/m.exec(output)?.[1] ?? '';
    expect(await readdir(tmpdir())).not.toContain(basename(left));
  });

  it('says where its output was cut', async () => {
    aws = await startAws(bastion());
    const { code, output } = await ssmRun('seq 1 20000');
    expect(code).toBe(0);
    expect(output).toContain('(cut here: SSM keeps no more than 24000 characters)');
  });

  it('may run as long as it was given', async () => {
    aws = await startAws(bastion());
    await ssmRun('true', ['--limit', '45m']);
    expect(aws.sent[0]?.executionTimeoutSeconds).toBe(45 * 60);
  });
});

describe('what the bastion runs', { timeout: 60_000 }, () => {
  it('is exactly what was uploaded: anything else is refused', async () => {
    aws = await startAws(bastion());
    const { objects } = aws;
    const put = objects.set.bind(objects);
    objects.set = (key, content) =>
      put(key, key.includes('/artifacts/') ? Buffer.from('echo evil') : content);
    const { code, output } = await ssmRun('echo good');
    expect(code).toBe(1);
    expect(output).toContain('script.sh: FAILED');
    expect(output).not.toMatch(/^(evil|good)$/m);
  });

  it('lies under its checksum', async () => {
    aws = await startAws(bastion());
    await ssmRun('true');
    const keys = [...aws.objects.keys()].filter((key) => key.includes('/artifacts/'));
    expect(keys).toEqual([
      expect.stringMatching(/^\/voting-app-prod-artifacts-123456789012\/artifacts\/sha256\/[0-9a-f]{64}$/),
    ]);
  });
});

describe('a command that SSM ends', { timeout: 60_000 }, () => {
  it.each([
    ['TimedOut', 'Execution Timed Out', -1],
    ['TimedOut', 'Delivery Timed Out', -1],
    ['Cancelled', 'Cancelled', -1],
    ['Failed', 'Undeliverable', -1],
    ['Success', 'Success', 1],
  ])('as %s (%s) is a failure', async (status, details, code) => {
    aws = await startAws({ status, details, code });
    const ended = await ssmRun('true');
    expect(ended.code).toBe(1);
    expect(ended.output).toContain(`ended as ${details}`);
  });
});

describe('the bastion', { timeout: 60_000 }, () => {
  it.each([
    [[], 'No instance named voting-prod-bastion is online'],
    [['i-1', 'i-2'], 'Several instances are named'],
  ])('of the instances %j is refused', async (instances, sentence) => {
    aws = await startAws(bastion(), instances);
    const { code, output } = await ssmRun('true');
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(aws.sent).toEqual([]);
  });

  it('of dev does not exist', async () => {
    aws = await startAws(bastion());
    const { code, output } = await ssmRun('true', [], 'dev');
    expect(code).toBe(2);
    expect(output).toContain('A bastion in dev is needed.');
  });
});
