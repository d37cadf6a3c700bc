import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createSettleHost } from '../src/host.ts';

interface Asked {
  readonly url?: string;
  readonly host?: string;
  readonly forwardedHost?: string;
  readonly from?: string;
  readonly httpVersion?: string;
}

function request({ url = '/', host, forwardedHost, from = '192.0.2.7', httpVersion = '1.1' }: Asked) {
  const headers = { host, 'x-forwarded-host': forwardedHost };
  return { url, headers, httpVersion, socket: { remoteAddress: from } } as unknown as IncomingMessage;
}

const settle = createSettleHost('10.0.0.0/8');

describe('the host that a request is for', () => {
  it.each<[string, Asked, string, string]>([
    ['its Host', { host: 'poll.example:8080' }, 'poll.example:8080', '/'],
    ['its Host, in small letters', { host: 'POLL.Example' }, 'poll.example', '/'],
    ['its Host, an IPv6 address', { host: '[2001:DB8::7]:8080' }, '[2001:db8::7]:8080', '/'],
    ['that of an absolute target', { url: 'http://a.example/x?y', host: 'b.example' }, 'a.example', '/x?y'],
    ['that of a target without a path', { url: 'HTTPS://a.example', host: 'b' }, 'a.example', '/'],
    ['that of a target with a query alone', { url: 'http://a.example?x', host: 'b' }, 'a.example', '/?x'],
    [
      'what a trusted proxy says',
      { host: 'pod', forwardedHost: 'poll.example', from: '10.1.2.3' },
      'poll.example',
      '/',
    ],
    [
      'what the first of several proxies says',
      { host: 'pod', forwardedHost: 'poll.example, inner', from: '10.1.2.3' },
      'poll.example',
      '/',
    ],
    ['not what a stranger says', { host: 'poll.example', forwardedHost: 'evil' }, 'poll.example', '/'],
  ])('is %s', (_which, asked, host, url) => {
    const settled = request(asked);
    expect(settle(settled)).toBe(true);
    expect([settled.headers.host, settled.url]).toEqual([host, url]);
  });

  it.each<[Asked, boolean]>([
    [{}, false],
    [{ httpVersion: '1.0' }, true],
    [{ host: '' }, true],
    [{ host: 'a'.repeat(254) }, false],
    [{ host: 'x, y' }, false],
    [{ host: 'x:' }, false],
    [{ host: 'x:123456' }, false],
    [{ host: 'me@x' }, false],
    [{ host: 'ünicode' }, false],
    [{ url: 'http://', host: 'x' }, true],
    [{ url: 'http:///x', host: 'x' }, true],
    [{ host: 'x', forwardedHost: '<script>', from: '10.1.2.3' }, false],
  ])('%j can be: %s', (asked, can) => {
    expect(settle(request(asked))).toBe(can);
  });
});
