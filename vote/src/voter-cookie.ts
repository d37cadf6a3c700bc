import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

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
  return (cookieHeader, secure) => {
    for (const [, id = '', signature = ''] of cookieHeader?.matchAll(cookiePattern) ?? []) {
      if (secrets.some((secret) => matches(signature, sign(secret, id)))) return { id, setCookie: undefined };
    }
    const id = randomBytes(bytes).toString('base64url');
    const value = `${id}.${sign(secrets[0], id).toString('base64url')}`;
    return { id, setCookie: serializeCookie('voter_id', value, secure) };
  };
}

/** A cookie of ours: for a year, hidden from scripts, not sent along by other sites' forms. */
export function serializeCookie(name: string, value: string, secure: boolean): string {
  return `${name}=${value}; Path=/; Max-Age=${oneYear}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

function sign(secret: string, id: string): Buffer {
  return createHmac('sha256', secret).update(`voter_id:${id}`).digest().subarray(0, bytes);
}

function matches(signature: string, expected: Buffer): boolean {
  const given = Buffer.from(signature, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
