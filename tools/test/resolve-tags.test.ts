import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../tests/product.ts';
import { type RegistryPeer, startRegistry } from './registry-peer.ts';

const first = '1111111aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const second = '2222222bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const both = ['linux/arm64', 'linux/amd64'];
const services = ['vote', 'result', 'worker', 'host', 'seed'];

let registry: RegistryPeer;
let folder: string;

beforeEach(async () => {
  registry = await startRegistry();
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterEach(async () => {
  await registry.close();
  await rm(folder, { recursive: true });
});

async function resolve(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const out = join(folder, 'images.json');
  const summary = join(folder, 'summary');
  const flags = ['--registry', registry.host, '--namespace', 'alice', '--out', out, ...args];
  const ended = await run('tools/src/resolve-tags.ts', flags, { GITHUB_STEP_SUMMARY: summary, ...env });
  const read = (file: string) => readFile(file, 'utf8').catch(() => undefined);
  const images = await read(out);
  return { ...ended, images: images && JSON.parse(images), summary: await read(summary) };
}

function pushAll(revision = first, platforms = both): Record<string, string> {
  const tags = ['latest', `sha-${revision.slice(0, 7)}`];
  return Object.fromEntries(
    services.map((service) => [service, registry.push(`alice/${service}`, tags, { revision, platforms })]),
  );
}

describe.each([['several platforms', both] as const, ['one platform', ['linux/amd64']] as const])(
  'latest of %s',
  (_, platforms) => {
    it('becomes the sha- tag and the digest', async () => {
      const digests = pushAll(first, [...platforms]);
      const { code, output, images, summary } = await resolve();
      expect(code, output).toBe(0);
      expect(images).toEqual(
        services.map((service) => ({
          service,
          repository: `${registry.host}/alice/${service}`,
          tag: 'sha-1111111',
          digest: digests[service],
        })),
      );
      for (const service of services) {
        expect(summary).toContain(`| ${service} | sha-1111111 | ${digests[service]} |`);
      }
    });
  },
);

describe('each service', () => {
  it('has the tag of its own last build', async () => {
    pushAll();
    registry.push('alice/worker', ['latest', 'sha-2222222'], { revision: second, platforms: both });
    const { images, summary } = await resolve();
    expect(images.map(({ tag }: { tag: string }) => tag)).toEqual([
      'sha-1111111',
      'sha-1111111',
      'sha-2222222',
      'sha-1111111',
      'sha-1111111',
    ]);
    const again = /The same again: `(.*)`/.exec(summary ?? '')?.[1] ?? '';
    expect((await resolve(['--tag', again])).images).toEqual(images);
  });
});

describe('a tag by hand', () => {
  it('is used as it is', async () => {
    pushAll();
    const { images } = await resolve(['--tag', 'sha-1111111']);
    expect(images).toHaveLength(5);
  });

  it('that does not exist is said, for every image at once, and nothing is written', async () => {
    pushAll();
    const { code, output, images } = await resolve(['--tag', 'v9.9.9']);
    expect(code).toBe(1);
    for (const service of services) expect(output).toContain(`alice/${service}:v9.9.9 does not exist.`);
    expect(images).toBeUndefined();
  });

  it.each([
    ['vote=sha-1111111', 'result and worker and host and seed'],
    ['vote=sha-1 wroker=sha-1', 'is not like vote=sha-1a2b3c4'],
    ['latest; rm -rf /', 'is not like vote=sha-1a2b3c4'],
  ])('%j is a mistake of the caller', async (tag, sentence) => {
    const { code, output } = await resolve(['--tag', tag]);
    expect(code).toBe(2);
    expect(output).toContain(sentence);
  });
});

describe('latest is refused rather than deployed as it is when', () => {
  it.each([
    ['its sha- tag is missing', ['latest'], second, 'but alice/vote:sha-2222222 does not exist.'],
    ['it does not say its commit', ['latest'], undefined, 'does not say of which commit it is'],
  ])('%s', async (_, tags, revision, sentence) => {
    pushAll();
    registry.push('alice/vote', tags, { revision, platforms: both });
    const { code, output, images } = await resolve();
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(images).toBeUndefined();
  });

  it('its sha- tag is another image', async () => {
    pushAll();
    registry.push('alice/vote', ['latest'], { revision: first, platforms: ['linux/amd64'] });
    const { code, output } = await resolve();
    expect(code).toBe(1);
    expect(output).toMatch(/alice\/vote:latest is sha256:\w+, but alice\/vote:sha-1111111 is sha256:/);
  });
});

describe('a registry', () => {
  it('that wants a token gets it with the credentials', async () => {
    await registry.close();
    registry = await startRegistry({ token: 'ticket' });
    pushAll();
    const refused = await resolve([], { DOCKER_USERNAME: 'mallory', DOCKER_PASSWORD: 'guess' });
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('refuses a token for alice/vote: HTTP 401');
    expect(refused.output).not.toContain('guess');
    const { code, images } = await resolve([], { DOCKER_USERNAME: 'alice', DOCKER_PASSWORD: 'secret' });
    expect(code).toBe(0);
    expect(images).toHaveLength(5);
  });

  it('that is down is said', async () => {
    await registry.close();
    const { code, output } = await resolve();
    registry = await startRegistry();
    expect(code).toBe(1);
    expect(output).toContain('does not answer: connect ECONNREFUSED');
  });
});
