import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import type { Artifacts } from '../src/machine/artifacts.ts';
import { findInstance } from '../src/machine/instance.ts';
import { handOver } from '../src/machine/programs.ts';
import { type AwsPeer, type Bastion, startAws } from './aws-peer.ts';
import { writeAwsCli } from './bastion-programs.ts';
import { listen } from './listen.ts';

let folder: string;
let aws: AwsPeer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  await writeAwsCli(folder);
  // what the bastion has already
  for (const program of ['kubectl', 'helm']) await writeFile(join(folder, program), '', { mode: 0o755 });
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
  return run('tools/src/ssm-run.ts', ['--environment', environment, ...flags, file], {
    ...aws?.env,
    PATH: `${folder}:${process.env.PATH}`,
  });
}

describe('a script on the bastion', { timeout: 180_000 }, () => {
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
    expect(output).toContain('"current-context":"voting-prod"');
    expect(output).toContain('"server":"https://cluster.example"');
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

describe('what the bastion runs', { timeout: 180_000 }, () => {
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
    // the script and the kubeconfig
    expect(keys).toHaveLength(2);
    for (const key of keys)
      expect(key).toEqual(
        expect.stringMatching(/^\/voting-app-prod-artifacts-123456789012\/artifacts\/sha256\/[0-9a-f]{64}$/),
      );
  });
});

describe('a command that SSM ends', { timeout: 180_000 }, () => {
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

describe('the bastion', { timeout: 180_000 }, () => {
  async function find(options: Parameters<typeof startAws>[1], onlineMs: number) {
    aws = await startAws(bastion(), options);
    const ssm = new SSMClient({
      region: 'eu-central-1',
      endpoint: String(aws.env.AWS_ENDPOINT_URL),
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const config = { environment: 'prod', instance: 'voting-prod-bastion', pollMs: 50, onlineMs };
    return findInstance(config, ssm);
  }

  it('is waited for until its agent answers', async () => {
    expect(await find({ bootedAfter: 3 }, 60_000)).toBe('i-0123456789');
  });

  it('is the environment’s own, whatever others call theirs', async () => {
    await find({}, 1_000);
    expect(aws?.filters).toEqual([
      { Key: 'tag:Name', Values: ['voting-prod-bastion'] },
      { Key: 'tag:Environment', Values: ['prod'] },
    ]);
  });

  it.each([
    [[], 'No instance named voting-prod-bastion is online in SSM, and none came within'],
    [['i-1', 'i-2'], 'Several instances are named'],
  ])('of the instances %j is refused', async (instances, sentence) => {
    await expect(find({ instances }, 200)).rejects.toThrow(sentence);
    expect(aws?.sent).toEqual([]);
  });

  it('runs nothing before its first boot has ended, and says when that went wrong', async () => {
    aws = await startAws(bastion());
    const cloudInit = (code: number) =>
      writeFile(join(folder, 'cloud-init'), `#!/bin/bash\nexit ${code}\n`, { mode: 0o755 });
    await cloudInit(1);
    const { code, output } = await ssmRun('echo ran');
    expect(code).toBe(1);
    expect(output).toContain('The first boot of the bastion did not end well (cloud-init: 1).');
    expect(output).not.toMatch(/^ran$/m);
    // it grumbled, and is done
    await cloudInit(2);
    expect(await ssmRun('echo ran')).toMatchObject({ code: 0 });
  });
});

describe('a program that the bastion lacks', { timeout: 180_000 }, () => {
  const content = Buffer.from('#!/bin/sh\necho lent\n');
  const sha256 = createHash('sha256').update(content).digest('hex');

  function artifacts(): { readonly store: Artifacts; readonly put: string[] } {
    const put: string[] = [];
    return {
      put,
      store: {
        has: async (sum) => put.includes(sum),
        put: async (name, bytes) => {
          const sum = createHash('sha256').update(bytes).digest('hex');
          put.push(sum);
          return { name, key: sum, sha256: sum };
        },
        putFile: () => Promise.reject(new Error('not asked for')),
      },
    };
  }

  it('is handed over once, if it is what was pinned', async () => {
    let asked = 0;
    const page = await listen(
      createServer((_, response) => {
        asked++;
        response.end(content);
      }),
    );
    const program = { name: 'lent', version: '1', url: `http://${page.host}/lent`, sha256 };
    const { store, put } = artifacts();
    await handOver(program, store);
    await handOver(program, store);
    expect([put, asked]).toEqual([[sha256], 1]);
    await expect(handOver({ ...program, sha256: '0'.repeat(64) }, store)).rejects.toThrow(
      `has the checksum ${sha256}`,
    );
    await page.close();
    await expect(handOver({ ...program, sha256: '1'.repeat(64) }, store)).rejects.toThrow(
      'lent cannot be fetched',
    );
  });
});
