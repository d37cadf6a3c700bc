import { type Browser, chromium } from 'playwright-core';
import { installFromDebian } from './debian.ts';
import { isExecutable, onPath } from './on-path.ts';

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
  const found = chromiumHere() ?? (installFromDebian('chromium') ? chromiumHere() : undefined);
  if (found !== undefined) return found;
  throw new Error(
    'The browser tests need Chromium. Install Chromium or Chrome, or set CHROMIUM_PATH to one.',
  );
}

/** The program that is here already, if any. */
export function chromiumHere(): string | undefined {
  return process.env.CHROMIUM_PATH ?? names.map(onPath).find(Boolean) ?? macPaths.find(isExecutable);
}
