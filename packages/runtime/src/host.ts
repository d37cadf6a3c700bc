import type { IncomingMessage } from 'node:http';
import { trustedProxies } from './client-network.ts';

/** A name or an IPv4 address, or an IPv6 address in brackets, and perhaps a port. */
const hostPattern = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9_][a-z0-9._-]{0,252})(?::\d{1,5})?$/i;
const absolutePattern = /^https?:\/\/([^/?#]*)(.*)$/is;

/**
 * Settles under which name and for what a request asks, so that nobody after this has to wonder:
 * `headers.host` is what the visitor's browser shows, in small letters, and `url` begins with the path.
 *
 * @returns false when no such host can be; the request must be refused then
 */
export type SettleHost = (request: IncomingMessage) => boolean;

/** @param trustProxy addresses and networks whose X-Forwarded-Host is believed, separated by commas */
export function createSettleHost(trustProxy: string | false): SettleHost {
  const trusts = trustProxy === false ? () => false : trustedProxies(trustProxy);

  function forwardedHost({ headers, socket }: IncomingMessage): string | undefined {
    const said = headers['x-forwarded-host'];
    if (said === undefined || !trusts(socket.remoteAddress ?? '', 0)) return undefined;
    // the first is from the proxy that the visitor talks to
    return String(said).split(',', 1)[0]?.trim();
  }

  return (request) => {
    const absolute = request.url?.startsWith('/') ? null : absolutePattern.exec(request.url ?? '');
    const [, authority, path = ''] = absolute ?? [];
    const host = forwardedHost(request) ?? authority ?? request.headers.host;
    if (absolute !== null) request.url = path.startsWith('/') ? path : `/${path}`;
    if (host === undefined) return request.httpVersion === '1.0';
    // as some health checks send it
    if (host === '') return true;
    request.headers.host = host.toLowerCase();
    return hostPattern.test(host);
  };
}
