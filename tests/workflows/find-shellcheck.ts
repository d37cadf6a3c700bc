import { execFileSync } from 'node:child_process';
import { installFromDebian } from '../debian.ts';

/** Sees to it that shellcheck is on the PATH. */
export function findShellcheck(): void {
  if (answers() || (installFromDebian('shellcheck') && answers())) return;
  throw new Error('These tests need shellcheck: install it with the package manager of this system.');
}

function answers(): boolean {
  try {
    execFileSync('shellcheck', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
