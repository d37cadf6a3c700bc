import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type InvalidSettings,
  logSettings,
  proxies,
  readSettings,
  text,
  variables,
  wholeNumber,
} from '@voting/runtime';
import { describe, expect, it } from 'vitest';

const readers = {
  http: variables({ PORT: wholeNumber(0, 65_535).prefault('8080'), HOST: text() }),
  secret: variables({ TOKEN: text().min(4, 'must have at least 4 characters') }, { secrets: ['TOKEN'] }),
  log: logSettings('info'),
};

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env, readers);
    return [];
  } catch (error) {
    return (error as InvalidSettings).faults;
  }
}

describe('readSettings', () => {
  it('gives typed, frozen settings with their defaults', () => {
    const settings = readSettings({ HOST: 'x', TOKEN: 'abcd', PORT: '' }, readers);
    expect(settings).toEqual({
      http: { PORT: 8080, HOST: 'x' },
      secret: { TOKEN: 'abcd' },
      log: { LOG_LEVEL: 'info' },
    });
    expect(Object.isFrozen(settings) && Object.isFrozen(settings.http)).toBe(true);
  });

  it('reports all faults of all parts at once, and never a secret', () => {
    expect(faultsOf({ PORT: 'abc', TOKEN: 'abc', LOG_LEVEL: 'loud' })).toEqual([
      'PORT: must be a whole number from 0 to 65535, not "abc"',
      'HOST: missing',
      'TOKEN: must have at least 4 characters',
      'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
    ]);
  });

  it.each(['10.0.0.0/8', '10.0.0.1, fd00::/8', 'loopback'])('takes the proxies %s', (list) => {
    expect(variables({ TRUST_PROXY: proxies() })({ TRUST_PROXY: list })).toEqual({ TRUST_PROXY: list });
  });

  it.each(['true', '*', '10.0.0.0/33', '10.0.0.1,', 'proxy.example'])('refuses the proxies %s', (list) => {
    expect(() => variables({ TRUST_PROXY: proxies() })({ TRUST_PROXY: list })).toThrow(
      'TRUST_PROXY: must be IP addresses or networks, separated by commas',
    );
  });

  it('refuses a published secret in production only', () => {
    const env = { HOST: 'x', TOKEN: 'local-only-token' };
    expect(faultsOf(env)).toEqual([]);
    expect(faultsOf({ ...env, NODE_ENV: 'production' })).toEqual([
      'TOKEN: still the one for trying things out; set one of your own',
    ]);
  });

  it.each(['-1', '65536', '1e3', '0x10', '8080.5', ' 80'])('refuses the port %j', (port) => {
    expect(faultsOf({ HOST: 'x', TOKEN: 'abcd', PORT: port })).toHaveLength(1);
  });

  it('takes a secret from the file that NAME_FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'settings-')), 'token');
    writeFileSync(file, 'from-a-file\n');
    expect(readSettings({ HOST: 'x', TOKEN_FILE: file }, readers).secret).toEqual({ TOKEN: 'from-a-file' });
    expect(faultsOf({ HOST: 'x', TOKEN_FILE: '/nowhere/token' })[0]).toMatch(/^TOKEN_FILE: cannot be read/);
  });
});
