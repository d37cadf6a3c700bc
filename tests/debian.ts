import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const policy = '/usr/sbin/policy-rc.d';

/**
 * Installs packages with apt, without letting them start servers of their own. Only on Debian or Ubuntu,
 * and only as root.
 *
 * @returns whether they are installed now
 */
export function installFromDebian(...names: readonly string[]): boolean {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return false;
  console.log(`Installing ${names.join(', ')} with apt for the tests.`);
  const policyIsOurs = !existsSync(policy);
  if (policyIsOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update', '-qq');
    apt('install', '-qq', '--yes', '--no-install-recommends', ...names);
    return true;
  } catch {
    return false;
  } finally {
    if (policyIsOurs) rmSync(policy, { force: true });
  }
}

function apt(...args: readonly string[]): void {
  execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
