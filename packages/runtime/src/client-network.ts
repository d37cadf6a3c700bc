import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import proxyAddress from '@fastify/proxy-addr';

/**
 * Tells where a request comes from, for counting: the address of the connection, or what a trusted proxy
 * says. Of an IPv6 address only the network counts, because every connection comes with 2^64 addresses.
 *
 * @param trustProxy addresses and networks whose X-Forwarded-For is believed, separated by commas
 * @throws {TypeError} when `trustProxy` is not a list of addresses
 */
export function createClientNetwork(trustProxy: string | false): (request: IncomingMessage) => string {
  if (trustProxy === false) return ({ socket }) => networkOf(socket.remoteAddress ?? '');
  const trust = trustedProxies(trustProxy);
  return ({ socket, headers }) => {
    const forwardedFor = headers['x-forwarded-for'];
    if (forwardedFor === undefined) return networkOf(socket.remoteAddress ?? '');
    const addresses = String(forwardedFor).split(',').map(withoutPort).join(',');
    return networkOf(proxyAddress(said(addresses, socket), trust));
  };
}

/** @throws {TypeError} when `list` is not one of addresses and networks, separated by commas */
export function trustedProxies(list: string): (address: string, hop: number) => boolean {
  return proxyAddress.compile(list.split(',').map((address) => address.trim()));
}

/** All that is looked at of a request to find out whose it is. */
function said(forwardedFor: string, socket: IncomingMessage['socket']): IncomingMessage {
  const headers = { 'x-forwarded-for': forwardedFor };
  return { headers, socket, connection: socket } as unknown as IncomingMessage;
}

/** Some proxies say `192.0.2.7:4711` and `[2001:db8::7]:4711`: every connection would be another client. */
function withoutPort(text: string): string {
  const address = text.trim();
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(address) ?? [];
  return bracketed ?? (plain !== undefined && isIPv4(plain) ? plain : address);
}

/** The address itself, or of an IPv6 address its network. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  // the rest of the address is written like an IPv4 address where it is one
  if (address.includes('.')) return address.slice(address.lastIndexOf(':') + 1);
  const [front = '', back] = address.split('::');
  const groups = front === '' ? [] : front.split(':');
  const written = groups.length + (back ? back.split(':').length : 0);
  const all = back === undefined ? groups : [...groups, ...Array(8 - written).fill('0'), ...back.split(':')];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
