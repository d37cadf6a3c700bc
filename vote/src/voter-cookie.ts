import { randomFillSync, timingSafeEqual } from 'node:crypto';
import { createSignature, type Sign } from './signature.ts';

/** A voter as a browser remembers it. */
export interface Voter {
  readonly id: string;
  /** What the browser has to store, undefined when it holds a valid cookie already. */
  readonly setCookie: string | undefined;
}

/** Who a request comes from; a request without a cookie that we signed comes from a new voter. */
export type VoterOf = (cookieHeader: string | undefined, secure: boolean) => Voter;

const bytes = 16;
const oneYear = 365 * 24 * 60 * 60;
const cookiePattern = /(?:^|;\s*)voter_id=([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})(?=\s*(?:;|$))/g;

/**
 * Voter ids are 128 random bits, signed so that nobody can make up voters or take another's id.
 *
 * @param secrets signing keys: the first signs, all are accepted, so that keys can be rotated
 */
export function createVoterCookies(secrets: readonly [string, ...string[]]): VoterOf {
  const newId = createIds();
  const signatures = secrets.map(createSignature) as [Sign, ...Sign[]];
  const [current] = signatures;
  return (cookieHeader, secure) => {
    for (const [, id = '', signature = ''] of cookieHeader?.matchAll(cookiePattern) ?? []) {
      if (signatures.some((sign) => matches(signature, sign(`voter_id:${id}`)))) {
        return { id, setCookie: undefined };
      }
    }
    const id = newId();
    const value = `${id}.${current(`voter_id:${id}`)}`;
    return { id, setCookie: serializeCookie('voter_id', value, secure) };
  };
}

/** A cookie of ours: for a year, hidden from scripts, not sent along by other sites' forms. */
export function serializeCookie(name: string, value: string, secure: boolean): string {
  return `${name}=${value}; Path=/; Max-Age=${oneYear}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** Random ids, drawn many at a time: asking the system for each alone would cost more than all the rest. */
function createIds(): () => string {
  const drawn = Buffer.alloc(bytes * 256);
  let used = drawn.length;
  return () => {
    if (used === drawn.length) {
      randomFillSync(drawn);
      used = 0;
    }
    used += bytes;
    return drawn.toString('base64url', used - bytes, used);
  };
}

function matches(signature: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}
