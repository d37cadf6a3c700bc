import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether another site made the browser send this request. Browsers say so in Sec-Fetch-Site on
 * secure origins and in Origin everywhere; programs that send neither are no browser that could be
 * misled. Hosts are compared without the scheme, which a proxy in front may have changed.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  return origin !== undefined && URL.parse(origin)?.host !== host;
}
