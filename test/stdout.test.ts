// A stdout that cannot be written. The ready message is optional; the audit trail is not.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestEmulator } from './support/emulator.ts';
import { type LaunchOptions, launch } from './support/launched.ts';
import { ask } from './support/product.ts';
import { isRedisMissing, redisSkipped } from './support/redis.ts';

const NODE = process.execPath;
const TOKEN = 'demo-token-innocenty';
const QUERY = '{ me { displayName } }';
const ANSWER = { data: { me: { displayName: 'Innocenty Popov' } } };
const CHANGE =
  'mutation { addPhone(input: { number: "+1 425 555 0177" }) { phone { number } userErrors { code } } }';

function full(): number {
  const descriptor = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(descriptor));
  return descriptor;
}

describe.each([
  ['1', '', false],
  ['2', redisSkipped, isRedisMissing],
])('a stdout on a full disk, with WORKERS=%s%s', (WORKERS, _note, isMissing) => {
  if (isMissing) it.skip('and Redis');
  if (isMissing) return;
  it('does not stop the program', async () => {
    const environment = { WORKERS };
    const { url, child, ended } = await launch({
      command: [NODE, 'src/main.ts'],
      environment,
      stdout: full(),
    });
    const { body } = await ask(url, TOKEN, QUERY);
    child.kill('SIGTERM');
    expect(body).toEqual(ANSWER);
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it('rejects mutations that cannot be audited, and queries go on', async () => {
    await using emulator = await startTestEmulator();
    const environment = { WORKERS, AUDIT_LOG: 'stdout', GRAPH_BASE_URL: emulator.url };
    const options: LaunchOptions = { command: [NODE, 'src/main.ts'], environment, stdout: full() };
    const { url, child, ended } = await launch(options);
    const change = await ask(url, TOKEN, CHANGE);
    const read = await ask(url, TOKEN, QUERY);
    child.kill('SIGTERM');
    expect(change.body.errors[0].message).toMatch(/^The change was not made/);
    expect(read.body).toEqual(ANSWER);
    expect(emulator.calls.map(({ method }) => method)).toEqual(['GET']);
    expect(await ended).toEqual({ code: 0, signal: null });
  });
});

describe('an audit trail on a stdout that is a file', () => {
  // Blocks of 512 bytes. One number truncates the first record of a mutation, another the second.
  it.each([1, 2, 3, 4])(
    'has every mutation complete when the disk is full after %d blocks',
    async (blocks) => {
      await using emulator = await startTestEmulator();
      const folder = mkdtempSync(join(tmpdir(), 'audit-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const file = join(folder, 'audit');
      const descriptor = openSync(file, 'a');
      onTestFinished(() => closeSync(descriptor));
      const { url, child, ended } = await launch({
        command: ['sh', '-c', `ulimit -f ${blocks}; exec "${NODE}" src/main.ts`],
        environment: { AUDIT_LOG: 'stdout', GRAPH_BASE_URL: emulator.url },
        stdout: descriptor,
      });
      let made = 0;
      while ((await ask(url, TOKEN, CHANGE)).body.data.addPhone !== null) made += 1;
      child.kill('SIGTERM');
      await ended;

      const records = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => /^\{.*\}$/.test(line));
      const intents = records.map((line) => JSON.parse(line)).filter(({ event }) => event === 'intent');
      expect(emulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(intents.length);
      expect(made).toBe(intents.length);
    },
  );
});
