// Chromium for tests of pages. It is looked for in CHROMIUM_PATH and where Debian puts it. Without one, tests are skipped,
// except where CI=true says that it must be there.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export const isChromiumMissing = !existsSync(executablePath) && process.env['CI'] !== 'true';

/** For the title of what is skipped. */
export const skipNote = isChromiumMissing
  ? ' (skipped: no Chromium; install it, or say where it is in CHROMIUM_PATH)'
  : '';

const ARGUMENTS = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
