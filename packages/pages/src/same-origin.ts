import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether another site made the browser send this request. Browsers say so in Sec-Fetch-Site on
 * secure origins and in Origin everywhere; programs that send neither are no browser that could be
 * misled. Hosts are compared without our own scheme, which a proxy in front may have changed.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && !isOurs(headers.origin, headers.host ?? '');
}

/** Both are written as the origin's scheme has them: in small letters, without the port that goes without saying. */
function isOurs(origin: string, host: string): boolean {
  const theirs = URL.parse(origin);
  return (
    theirs !== null && theirs.host !== '' && theirs.host === URL.parse(`${theirs.protocol}//${host}`)?.host
  );
}
