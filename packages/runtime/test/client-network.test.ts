import type { IncomingMessage } from 'node:http';
import { createClientNetwork } from '@voting/runtime';
import { describe, expect, it } from 'vitest';

function request(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return { socket: { remoteAddress }, connection: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe('the network of a client', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(createClientNetwork(false)(request(address))).toBe(network);
  });

  it.each([
    ['a proxy we trust', '10.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['a chain of proxies we trust', '10.0.0.1', '192.0.2.7, 10.9.9.9', '192.0.2.7'],
    ['what a client made up before that', '10.0.0.1', '1.1.1.1, 192.0.2.7', '192.0.2.7'],
    ['a stranger', '192.0.2.1', '192.0.2.7', '192.0.2.1'],
    ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy that names the port', '10.0.0.1', '192.0.2.7:4711', '192.0.2.7'],
    ['a proxy that names the port of IPv6', '10.0.0.1', '[2001:db8:1:2::7]:4711', '2001:db8:1:2::/64'],
    ['a proxy that writes brackets', '10.0.0.1', '[2001:db8:1:2::7]', '2001:db8:1:2::/64'],
    ['a chain of proxies that name ports', '10.0.0.1', '192.0.2.7:1, 10.9.9.9:2', '192.0.2.7'],
  ])('behind %s', (_who, remote, forwardedFor, network) => {
    expect(createClientNetwork('10.0.0.0/8, 172.16.0.1')(request(remote, forwardedFor))).toBe(network);
  });

  it('is that of the connection while no proxy is trusted', () => {
    expect(createClientNetwork(false)(request('10.0.0.1', '192.0.2.7'))).toBe('10.0.0.1');
  });
});
