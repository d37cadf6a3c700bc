import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** What a request tells of whoever sent it. It may be forged, but only to the forger's own loss. */
export interface Visit {
  /** Path and query. */
  readonly url: string;
  readonly cookies: string | undefined;
  /** Whether the voter's own connection is encrypted. */
  readonly secure: boolean;
  /** The name under which we were asked, as the server settled it. */
  readonly host: string | undefined;
  /** The languages that the browser says its user reads. */
  readonly acceptLanguage: string | undefined;
  /** Whether a program asks, or a script of a page, rather than a browser that shows what it gets. */
  readonly wantsJson: boolean;
}

export function visitOf({ url = '/', headers, socket }: IncomingMessage): Visit {
  return {
    url,
    cookies: headers.cookie,
    secure: isHttps(headers['x-forwarded-proto']) || (socket as Partial<TLSSocket>).encrypted === true,
    host: headers.host,
    acceptLanguage: headers['accept-language'],
    wantsJson: wantsJson(headers.accept ?? '', headers['content-type'] ?? ''),
  };
}

/** Of several proxies in a row the first is the one that the visitor talks to. */
function isHttps(forwardedProto: string | string[] | undefined): boolean {
  return forwardedProto !== undefined && /^\s*https\s*(?:,|$)/i.test(String(forwardedProto));
}

function wantsJson(accept: string, contentType: string): boolean {
  if (accept.includes('application/json')) return true;
  return contentType.startsWith('application/json') && !accept.includes('text/html');
}
