import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HostKey } from './keys.ts';

export interface Sessions {
  /** The `set-cookie` of a session that begins now. @param name of one of the keys */
  begin(name: string, secure: boolean): string;
  /** The `set-cookie` that has a browser forget its session. */
  end(secure: boolean): string;
  /** Whose session a request belongs to; undefined when it has none that still holds. */
  holderOf(cookies: string | undefined): string | undefined;
}

const twelveHours = 12 * 60 * 60;
const cookiePattern =
  /(?:^|;\s*)host_session=([a-z0-9-]{1,40})\.(\d{1,12})\.([A-Za-z0-9_-]{43})(?=\s*(?:;|$))/g;

/**
 * Sessions that nobody has to keep: who it is and until when, signed with what is derived from that host's key. So every
 * replica knows them, and those of a key that is withdrawn end with it.
 */
export function createSessions(keys: readonly HostKey[]): Sessions {
  const signing = new Map(
    // not the key itself: what it signs is no proof of the key
    keys.map(({ name, key }) => [name, createHmac('sha256', key).update('session of a host').digest()]),
  );

  function signatureOf(name: string, expiry: string): string | undefined {
    const key = signing.get(name);
    return key && createHmac('sha256', key).update(`${name}.${expiry}`).digest('base64url');
  }

  return {
    begin(name, secure) {
      const expiry = String(now() + twelveHours);
      return cookie(`${name}.${expiry}.${signatureOf(name, expiry)}`, twelveHours, secure);
    },
    end: (secure) => cookie('', 0, secure),
    holderOf(cookies) {
      for (const [, name = '', expiry = '', signature = ''] of cookies?.matchAll(cookiePattern) ?? []) {
        const expected = signatureOf(name, expiry);
        if (expected === undefined || !matches(signature, expected)) continue;
        if (Number(expiry) > now()) return name;
      }
      return undefined;
    },
  };
}

/** Unix seconds. */
function now(): number {
  return Math.floor(Date.now() / 1_000);
}

function cookie(value: string, seconds: number, secure: boolean): string {
  const attributes = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return `host_session=${value}; ${attributes}`;
}

function matches(signature: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}
