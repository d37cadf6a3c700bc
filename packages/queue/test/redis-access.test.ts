import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createRedisDirectory,
  createRedisQueue,
  parseRedisUrl,
  type RedisConfig,
  redisDefaults,
} from '@voting/queue/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundStreams, foundStreamsAt } from '../../../tests/servers/founded-streams.ts';
import { freePort } from '../../../tests/servers/free-ports.ts';
import { ownRedis, type RedisServer, startRedis } from '../../../tests/servers/redis.ts';

const vote = { poll: 'main', voter: 'v1', option: 'a' };

describe.runIf(ownRedis)('redis queue behind a password', () => {
  let server: RedisServer;
  beforeAll(async () => {
    const notes = ['founded', 'waiting', 'gates', 'definitions', 'changes'];
    const rights = ['~votes', ...notes.map((note) => `~{votes}:${note}`), '-@all'];
    const commands = [
      'evalsha',
      'eval',
      'xadd',
      'xsetid',
      'xinfo',
      'incrby',
      'exists',
      'hget',
      'hset',
      'hgetall',
      'xrange',
      'time',
      'get',
      'info',
      'ping',
    ];
    server = await startRedis({
      args: [
        '--requirepass',
        'right',
        '--user',
        'voter',
        'on',
        '>its own',
        ...rights,
        ...commands.map((name) => `+${name}`),
      ],
    });
    await foundStreamsAt(`redis://:right@127.0.0.1:${server.port}`);
  });
  afterAll(() => server?.stop());

  it.each([
    ['no password', {}, /^NOAUTH/],
    ['a wrong password', { password: 'wrong' }, /^WRONGPASS/],
    ['a wrong password of a user', { username: 'voter', password: 'right' }, /^WRONGPASS/],
  ])('refuses votes with %s and says why', async (_, credentials, reason) => {
    await expect(appendWith({ port: server.port, ...credentials })).rejects.toMatchObject({
      code: 'queue_unavailable',
      cause: { message: expect.stringMatching(reason) },
    });
  });

  it('takes votes with the password', async () => {
    await appendWith({ port: server.port, password: 'right' });
    await appendWith(parseRedisUrl(`redis://:right@127.0.0.1:${server.port}`));
  });

  it('takes votes as a user who may do nothing but append, and follow what is on', async () => {
    await appendWith({ port: server.port, username: 'voter', password: 'its own' });
    await appendWith(parseRedisUrl(`redis://voter:its%20own@127.0.0.1:${server.port}`));
  });
});

describe.runIf(ownRedis)('redis queue over TLS', () => {
  let server: RedisServer;
  let dir: string;
  let port: number;
  let ca: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'voting-tls-'));
    port = await freePort();
    const [key, certificate] = [join(dir, 'key.pem'), join(dir, 'certificate.pem')];
    await promisify(execFile)('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', '/CN=redis.test', '-addext', 'subjectAltName=DNS:redis.test'],
      ...['-keyout', key, '-out', certificate],
    ]);
    ca = await readFile(certificate, 'utf8');
    server = await startRedis({
      dir,
      args: [
        ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
        ...['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate],
      ],
    });
    await foundStreams({ ...redisDefaults, host: '127.0.0.1', port, tls: { ca, servername: 'redis.test' } });
  });
  afterAll(async () => {
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('takes votes when the certificate is trusted and carries the name', async () => {
    await appendWith({ port, tls: { ca, servername: 'redis.test' } });
  });

  it.each([
    ['is not trusted', () => ({ servername: 'redis.test' }), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['carries another name', () => ({ ca, servername: 'other.test' }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('refuses votes when the certificate %s', async (_, tls, code) => {
    await expect(appendWith({ port, tls: tls() })).rejects.toMatchObject({
      code: 'queue_unavailable',
      cause: { cause: { code } },
    });
  });
});

async function appendWith(access: Partial<RedisConfig>): Promise<void> {
  const config = { ...redisDefaults, host: '127.0.0.1', ...access };
  const queue = createRedisQueue(config, () => {});
  const directory = createRedisDirectory(config, () => {});
  try {
    await queue.append(vote);
    await queue.check();
    await directory.ready();
    expect(directory.poll('main')).toBeDefined();
  } finally {
    await queue.close();
    await directory.close();
  }
}
