// The README of the emulator: its code example runs in Node and prints what the README shows, its requests have the
// statuses in its table, and its JSON example is a valid rule.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { ask, startTestEmulator } from '../support/emulator.ts';

const ROOT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'emulator/README.md'), 'utf8');
const run = promisify(execFile);

const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
}));

/** The rows of the table of requests: method, path, status. */
const REQUESTS = [...readme.matchAll(/^\| `(GET|POST|DELETE) (\/emulator\/\w+)` \| (\d{3})/gm)].map(
  ([, method = '', path = '', status = '']) => [method, path, Number(status)] as const,
);

const BODIES: Readonly<Record<string, object>> = {
  '/emulator/faults': { scenario: 'throttled' },
  '/emulator/clock': { advanceMs: 1_000 },
  '/emulator/token': { name: 'innocenty', for: 'graph' },
};

const emulator = await startTestEmulator({ people: 12 });
afterAll(() => emulator.close());

describe('the README of the emulator', () => {
  it('has a code example that prints the shown output', async () => {
    const at = blocks.findIndex(({ language }) => language === 'ts');
    const args = ['--input-type=module-typescript', '-e', blocks[at]?.text ?? ''];
    const { stdout } = await run(process.execPath, args, { cwd: ROOT });
    expect(stdout).toBe(blocks[at + 1]?.text);
  });

  it('lists nine requests', () => {
    expect(REQUESTS).toHaveLength(9);
  });

  it.each(REQUESTS)('%s %s has the status %i', async (method, path, status) => {
    const json = method === 'POST' ? BODIES[path] : undefined;
    const response = await ask(emulator, method, path, { as: null, ...(json === undefined ? {} : { json }) });
    expect(response.status).toBe(status);
  });

  it('has a rule in JSON that applies', async () => {
    emulator.reset();
    const text = blocks.find(({ language }) => language === 'json')?.text ?? '';
    const json: unknown = JSON.parse(text);
    expect((await ask(emulator, 'POST', '/emulator/faults', { json })).status).toBe(201);
    const path = '/beta/me/profile/phones/0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';
    const statuses = [];
    for (let at = 0; at < 3; at += 1)
      statuses.push((await ask(emulator, 'PATCH', path, { json: {} })).status);
    expect(statuses).toEqual([503, 503, 200]);
  });
});
