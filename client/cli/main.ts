#!/usr/bin/env node
import { once } from 'node:events';
// The command line: `import phones.csv` and `export`. The only reader of the environment and of signals. It ends with 0
// when all is done, 1 when something is left, 2 when it was called wrongly, 130 when it was stopped.
import { createWriteStream } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import process from 'node:process';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createPhonesClient, PhonesError } from '../index.ts';
import { exportPhones } from './export.ts';
import { importPhones } from './import.ts';
import { countryOf } from './numbers.ts';

const HELP = `Adds the phones of a CSV file to people's profiles, and writes everybody's phones as CSV.

  import FILE     add the phones of a file; run it again to go on where it was stopped
  export          write the phones of everybody

  --url URL           the gateway, such as https://phones.example.com/graphql (default: PROFILE_PHONES_URL)
  --token-file PATH   a file with an access token, read before each request (default: the token in PROFILE_PHONES_TOKEN)
  --help              this text

import
  --dry-run           say what is wrong or unusual, and add nothing
  --tidy              write numbers in ordinary digits and with single spaces
  --country COUNTRY   where numbers without a country code are dialled, such as US; only for what is said of them
  --journal PATH      what was sent and added (default: FILE.journal)
  --patience SECONDS  how long a phone without an answer is tried (default: 420); the next run tries it again
  --failed PATH       where to write what was not added (default: FILE with .failed.csv at its end)

export
  --out PATH          where to write (default: standard output)
  --search TEXT       only people whose name or mail address begins so

Columns: number; user (an object id or user principal name; without it, the caller), type, name, audiences.
`;

class UsageError extends Error {}

const stop = new AbortController();

async function main(): Promise<number> {
  const { values, positionals } = parse();
  if (values.help) return say(HELP);
  const [command, file, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`${more.join(' ')} is too much`);
  const client = createPhonesClient({ url: urlOf(values.url), token: tokenOf(values['token-file']) });
  const common = { client, terminal: process.stderr, signal: stop.signal };
  if (command === 'import' && file !== undefined) {
    const isDone = await importPhones({
      ...common,
      bytes: await readFile(file),
      journal: values.journal ?? `${file}.journal`,
      failed: values.failed ?? `${file.replace(/\.csv$/i, '')}.failed.csv`,
      isDryRun: values['dry-run'],
      isTidied: values.tidy,
      country: values.country === undefined ? null : countryOf(values.country),
      budgetMs: secondsOf(values.patience ?? '420') * 1_000,
      elapsed: () => performance.now(),
    });
    return isDone ? 0 : 1;
  }
  if (command !== 'export' || file !== undefined) throw new UsageError('say `import FILE` or `export`');
  return (await writeExport(values.out, (write) => exportPhones({ ...common, search: values.search, write })))
    ? 0
    : 1;
}

function parse() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    ...{ url: text, 'token-file': text, help: flag },
    ...{ 'dry-run': flag, tidy: flag, country: text, journal: text, failed: text, patience: text },
    ...{ out: text, search: text },
  };
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function urlOf(given: string | undefined): string {
  const url = given ?? process.env['PROFILE_PHONES_URL'];
  if (url === undefined || url === '') throw new UsageError('say where the gateway is: --url URL');
  return url;
}

function tokenOf(path: string | undefined): string | (() => Promise<string>) {
  if (path !== undefined) return async () => (await readFile(path, 'utf8')).trim();
  const token = process.env['PROFILE_PHONES_TOKEN'];
  if (token === undefined || token === '') throw new UsageError('give a token: --token-file PATH');
  return token;
}

/** A file is there once all of it is; an export that was stopped leaves what was there before. */
async function writeExport(
  path: string | undefined,
  run: (write: (text: string) => Promise<void>) => Promise<boolean>,
): Promise<boolean> {
  if (path === undefined) return run((text) => writeTo(process.stdout, text));
  const file = createWriteStream(`${path}.new`, { mode: 0o600 });
  await once(file, 'open');
  const isWhole = await run((text) => writeTo(file, text));
  file.end();
  await finished(file);
  await rename(`${path}.new`, path);
  return isWhole;
}

async function writeTo(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain', { signal: stop.signal });
}

function secondsOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`--patience must be a whole number of seconds from 1, not ${text}`);
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function fail(error: unknown): number {
  if (stop.signal.aborted) {
    process.stderr.write('Stopped. Run the same command again to go on.\n');
    return 130;
  }
  const { message } = error as Error;
  process.stderr.write(`${error instanceof PhonesError ? `${error.code}: ${message}` : message}\n`);
  const isUsage = error instanceof UsageError || error instanceof TypeError;
  if (error instanceof UsageError) process.stderr.write('--help says more.\n');
  return isUsage ? 2 : 1;
}

// Whoever reads the output may have had enough.
process.stdout.on('error', () => stop.abort());
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
process.exitCode = await main().catch(fail);
