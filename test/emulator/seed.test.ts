import { describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import type { TestEmulator } from '../support/emulator.ts';
import { startTestEmulator } from '../support/emulator.ts';

const phonesOf = (emulator: TestEmulator, upn: string) =>
  emulator.phonesOf(emulator.people.find((person) => person.userPrincipalName === upn)?.id ?? '');

describe('the initial tenant', () => {
  it('is the same for the same clock and random source, and different for another', async () => {
    await using first = await startTestEmulator();
    await using again = await startTestEmulator();
    await using other = await startTestEmulator({ random: seededRandom(8) });
    expect(again.people).toEqual(first.people);
    expect(again.people.map(({ id }) => again.phonesOf(id))).toEqual(
      first.people.map(({ id }) => first.phonesOf(id)),
    );
    expect(other.people).not.toEqual(first.people);
  });

  it('has 200 users with unique ids and principal names', async () => {
    await using emulator = await startTestEmulator();
    const { people } = emulator;
    expect(people).toHaveLength(200);
    expect(new Set(people.map(({ id }) => id)).size).toBe(200);
    expect(new Set(people.map((person) => person.userPrincipalName.toLowerCase())).size).toBe(200);
  });

  it('can have 2000 users with unique principal names', async () => {
    await using emulator = await startTestEmulator({ people: 2000 });
    expect(new Set(emulator.people.map((person) => person.userPrincipalName.toLowerCase())).size).toBe(2000);
  });

  it.each([0, 11, 1.5, Number.NaN, 100_001])('cannot have %d users', async (people) => {
    await expect(startTestEmulator({ people })).rejects.toThrow(TypeError);
  });

  it('has the fixtures with their phones', async () => {
    await using emulator = await startTestEmulator();
    const count = (upn: string): number => phonesOf(emulator, upn).length;
    expect([count(FIXTURES.withNone), count(FIXTURES.withThirty)]).toEqual([0, 30]);
    expect(phonesOf(emulator, FIXTURES.withEveryType).map(({ type }) => type)).toEqual([
      'home',
      'business',
      'mobile',
      'other',
      'assistant',
      'homeFax',
      'businessFax',
      'otherFax',
      'pager',
      'radio',
    ]);
    expect(phonesOf(emulator, FIXTURES.withOddNumbers).map(({ number }) => number)).toEqual(
      expect.arrayContaining([
        'x1234',
        '(425) 555-0100',
        '',
        'tel:+1-425-555-0100;ext=12',
        '+7 499 342 22 13',
        null,
      ]),
    );
    expect(phonesOf(emulator, FIXTURES.innocenty)[0]?.id).toBe('0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f');
    expect([count(FIXTURES.guest) > 0, count(FIXTURES.apostrophe) > 0]).toEqual([true, true]);
  });

  it('has times with seven fractional digits, and identity sets that are null, empty or nameless', async () => {
    await using emulator = await startTestEmulator();
    const all = emulator.people.flatMap(({ id }) => emulator.phonesOf(id));
    for (const { createdDateTime } of all)
      expect(createdDateTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}(Z|\+03:00)$/);
    const authors = phonesOf(emulator, FIXTURES.withOddShapes).map(({ createdBy }) => createdBy);
    expect(authors).toEqual(
      expect.arrayContaining([null, {}, { '@odata.type': 'microsoft.graph.identitySet' }]),
    );
  });

  it('has fictional telephone numbers only', async () => {
    await using emulator = await startTestEmulator();
    const documented = ['+7 499 342 22 13', '+7 499 234 56 78'];
    const fiction = [
      /555[ -]01\d\d/,
      /20 7946 0\d{3}/,
      /7700 900\d{3}/,
      /^030 23125 \d{3}$/,
      /^\+33 1 99 00/,
    ];
    const numbers = emulator.people.flatMap(({ id }) =>
      emulator.phonesOf(id).map(({ number }) => number ?? ''),
    );
    const real = numbers
      .map((number) => number.replace(/[\u00a0\u200e\u200f]/g, (mark) => (mark === '\u00a0' ? ' ' : '')))
      .filter((number) => !documented.includes(number) && !fiction.some((range) => range.test(number)));
    expect(new Set(real)).toEqual(new Set(['x1234', '', '٠٢٠ ٧٩٤٦ ٠٣٢١']));
  });

  it('returns copies of phones', async () => {
    await using emulator = await startTestEmulator();
    const [phone] = phonesOf(emulator, FIXTURES.innocenty);
    Object.assign(phone ?? {}, { number: 'changed' });
    expect(phonesOf(emulator, FIXTURES.innocenty)[0]?.number).toBe('+7 499 342 22 13');
  });
});
