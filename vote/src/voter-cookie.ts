import { timingSafeEqual } from 'node:crypto';
import { createSignature, type Sign } from './signature.ts';
import { createVoterIds } from './voter-id.ts';

/** A voter as a browser remembers it. */
export interface Voter {
  readonly id: string;
  /** Whether the request came without a cookie that we signed. */
  readonly isNew: boolean;
  /** What the browser has to store; undefined when it holds what the current key signed. */
  readonly setCookie: string | undefined;
}

/** Who a request comes from; one without a cookie that we signed comes from a new voter. */
export type VoterOf = (cookieHeader: string | undefined, secure: boolean) => Voter;

const oneYear = 365 * 24 * 60 * 60;
const cookiePattern = /(?:^|;\s*)voter_id=([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})(?=\s*(?:;|$))/g;

/**
 * Voter ids are signed, so that nobody can make up voters or take another's id.
 *
 * @param secrets signing keys: all are accepted and the first signs, also anew what another has signed, so
 *   that keys can be rotated
 */
export function createVoterCookies(secrets: readonly [string, ...string[]]): VoterOf {
  const newId = createVoterIds();
  const signatures = secrets.map(createSignature) as [Sign, ...Sign[]];
  const [current] = signatures;

  function signed(id: string, secure: boolean): string {
    return serializeCookie('voter_id', `${id}.${current(`voter_id:${id}`)}`, secure);
  }

  return (cookieHeader, secure) => {
    for (const [, id = '', signature = ''] of cookieHeader?.matchAll(cookiePattern) ?? []) {
      const key = signatures.findIndex((sign) => matches(signature, sign(`voter_id:${id}`)));
      if (key === -1) continue;
      return { id, isNew: false, setCookie: key === 0 ? undefined : signed(id, secure) };
    }
    const id = newId();
    return { id, isNew: true, setCookie: signed(id, secure) };
  };
}

/** A cookie of ours: for a year, hidden from scripts, not sent along by other sites' forms. */
export function serializeCookie(name: string, value: string, secure: boolean): string {
  return `${name}=${value}; Path=/; Max-Age=${oneYear}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

function matches(signature: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}
