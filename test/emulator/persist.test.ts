import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { ask, startTestEmulator, until } from '../support/emulator.ts';

const PHONES = '/beta/me/profile/phones';
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulator-'));
  file = join(folder, 'tenant.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a tenant kept in a file', () => {
  it('is restored after a restart with its users and phones, with any seed', async () => {
    const first = await startTestEmulator({ file });
    const { body } = await ask(first, 'POST', PHONES, { json: { number: 'kept' } });
    const people = first.people;
    await first.close();

    await using second = await startTestEmulator({ file, random: seededRandom(99), people: 12 });
    expect(second.people).toEqual(people);
    expect(second.phonesOf(INNOCENTY).at(-1)).toMatchObject({ id: body.id, number: 'kept' });
  });

  it('never assigns an id twice, even when the random source restarts', async () => {
    const first = await startTestEmulator({ file });
    await ask(first, 'POST', PHONES, { json: { number: '1' } });
    await first.close();
    await using second = await startTestEmulator({ file });
    await ask(second, 'POST', PHONES, { json: { number: '2' } });
    const ids = second.phonesOf(INNOCENTY).map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
  });

  it('is written shortly after a change, several changes together, without leaving a temporary file', async () => {
    await using emulator = await startTestEmulator({ file });
    await ask(emulator, 'POST', PHONES, { json: { number: 'one' } });
    await ask(emulator, 'POST', PHONES, { json: { number: 'two' } });
    expect(await readdir(folder)).toEqual([]);
    emulator.clock.advance(1000);
    await until(async () => (await readdir(folder)).join() === 'tenant.json');
    const text = await readFile(file, 'utf8');
    expect([text.includes('"one"'), text.includes('"two"')]).toEqual([true, true]);
  });

  it('is reset in the file too', async () => {
    const first = await startTestEmulator({ file });
    await ask(first, 'DELETE', '/beta/me/profile');
    first.reset();
    await first.close();
    await using second = await startTestEmulator({ file });
    expect(second.phonesOf(INNOCENTY)).toHaveLength(3);
  });

  it.each([
    ['not JSON', '{', 'is not JSON'],
    ['another file', '{"version":2}', 'is not a tenant of this emulator'],
    ['a list', '[]', 'is not a tenant of this emulator'],
  ])('is rejected and left unchanged when it is %s', async (_, text, message) => {
    await writeFile(file, text);
    await expect(startTestEmulator({ file })).rejects.toThrow(`${file} ${message}`);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('makes close reject when it cannot be written', async () => {
    const emulator = await startTestEmulator({ file: join(folder, 'nowhere', 'tenant.json') });
    await expect(emulator.close()).rejects.toThrow('could not be written');
  });
});
