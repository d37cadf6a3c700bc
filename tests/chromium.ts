import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { installFromDebian } from './debian.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macPaths = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Nothing that talks to the outside, and no sandbox, which containers and root cannot have. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real Chromium, headless. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: flags });
}

/**
 * The program to run: from CHROMIUM_PATH, from PATH, or on Debian and Ubuntu as root from apt.
 *
 * @throws an error that says what to install
 */
export function findChromium(): string {
  const found =
    process.env.CHROMIUM_PATH ?? onPath() ?? (installFromDebian('chromium') ? onPath() : undefined);
  if (found !== undefined) return found;
  throw new Error(
    'The browser tests need Chromium. Install Chromium or Chrome, or set CHROMIUM_PATH to one.',
  );
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...macPaths].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
