import type { IncomingMessage } from 'node:http';
import { VotingError } from '@voting/core';
import { createAllowance, isCrossSite } from '@voting/pages';
import { createKeyRing, type HostKey } from './keys.ts';
import { createSessions, type Sessions } from './sessions.ts';

export interface Access {
  /**
   * @throws {VotingError} `cross_site` when another site makes a browser change something, by a session or to begin one
   */
  expectOwnSite(request: IncomingMessage): void;
  /**
   * Which host a request comes from, by its key or its session. Where it comes from proves nothing: a proxy makes
   * everybody look local.
   *
   * @throws {VotingError} `not_signed_in`, `key_wrong`, `too_many_keys`
   */
  hostOf(request: IncomingMessage): string;
  /** Who has the key. @throws {VotingError} `key_wrong`, `too_many_keys` */
  signIn(request: IncomingMessage, key: string): string;
  readonly sessions: Sessions;
}

export interface AccessConfig {
  readonly keys: readonly HostKey[];
  /** Addresses whose X-Forwarded-For is believed. */
  readonly trustProxy: string | false;
}

const wrongKeysPerMinute = 10;

/** Who may do what only hosts may. */
export function createAccess({ keys, trustProxy }: AccessConfig): Access {
  const holderOfKey = createKeyRing(keys);
  const sessions = createSessions(keys);
  const wrongKeys = createAllowance({
    times: wrongKeysPerMinute,
    seconds: 60,
    code: 'too_many_keys',
    trustProxy,
  });

  function holderOf(request: IncomingMessage, key: string): string {
    // before the key is looked at, or whoever guesses would still be told when a guess is right
    wrongKeys.expectLeft(request);
    const name = holderOfKey(key);
    if (name !== undefined) return name;
    wrongKeys.count(request);
    throw new VotingError('key_wrong');
  }

  return {
    sessions,
    expectOwnSite(request) {
      // no browser sends a key by itself
      if (request.headers.authorization !== undefined || !isUnsafe(request)) return;
      if (isCrossSite(request.headers)) throw new VotingError('cross_site');
    },
    signIn: holderOf,
    hostOf(request) {
      const { authorization, cookie } = request.headers;
      if (authorization !== undefined) return holderOf(request, bearerIn(authorization));
      const name = sessions.holderOf(cookie);
      if (name === undefined) throw new VotingError('not_signed_in');
      return name;
    },
  };
}

function bearerIn(authorization: string): string {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
}

function isUnsafe({ method }: IncomingMessage): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
