import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';

/**
 * Tells where a request comes from: the address of the connection, or what a trusted proxy says.
 *
 * @param trustProxy addresses and networks whose X-Forwarded-For is believed, separated by commas
 * @throws {TypeError} when `trustProxy` is not a list of addresses
 */
export function createClientAddress(trustProxy: string | false): (request: IncomingMessage) => string {
  if (trustProxy === false) return ({ socket }) => socket.remoteAddress ?? '';
  const trust = proxyAddress.compile(trustProxy.split(',').map((address) => address.trim()));
  return (request) => proxyAddress(request, trust);
}
