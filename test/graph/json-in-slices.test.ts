// Parses long JSON texts in slices. The oracle is JSON.parse, on random texts: valid ones of every form, and the same with a
// character changed, added or removed.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseInSlices } from '../../src/graph/json-in-slices.ts';
import { type Chance, createChance } from '../fuzz/chance.ts';

const TEXTS = ['', 'a', '"', '\\', '\\"', ',', ']', '[{', '__proto__', 'é\u2028', '\ud83d\ude00', '0', '-1'];
/** One has an escape: V8 14.6 confuses a key of one escaped character with the key it has just read at this position. */
const KEYS = TEXTS.filter((text) => !text.includes('\\'));
const CHARACTERS = [...'[]{},:"\\ 01ae-.\n\t', '\u00a0', '\ufeff'];

function valueIn(chance: Chance, depth: number): unknown {
  const kind = depth === 0 ? chance.below(4) : chance.below(8);
  if (kind === 0) return chance.pick([null, true, false]);
  if (kind === 1) return chance.pick([0, -1.5, 1e21, 123_456]);
  if (kind <= 3) return chance.pick(TEXTS);
  const size = chance.below(6);
  if (kind <= 5) return Array.from({ length: size }, () => valueIn(chance, depth - 1));
  const entries = Array.from({ length: size }, () => [chance.pick(KEYS), valueIn(chance, depth - 1)]);
  return Object.fromEntries(entries);
}

/** Some have blanks or duplicate keys. */
function textOf(chance: Chance): string {
  const text = JSON.stringify(valueIn(chance, 5), null, chance.pick([0, 0, 1]));
  return chance.odds(0.2) ? text.replaceAll('"0"', '"a"') : text;
}

function broken(chance: Chance, text: string): string {
  const at = chance.below(text.length + 1);
  const added = chance.odds(0.6) ? chance.pick(CHARACTERS) : '';
  return text.slice(0, at) + added + text.slice(at + chance.below(3));
}

/** The value with the order of its keys, or `invalid`. */
async function outcome(parse: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await parse());
  } catch (error) {
    return (error as Error).name;
  }
}

describe('JSON that is parsed in slices', () => {
  it('has the same value as with JSON.parse, and fails for the same texts', async () => {
    const chance = createChance(20_261_125);
    let [cuts, refused] = [0, 0];
    const nextTurn = async () => {
      cuts += 1;
    };
    for (let round = 0; round < 20_000; round += 1) {
      const whole = textOf(chance);
      const text = chance.odds(0.5) ? whole : broken(chance, whole);
      const expected = await outcome(() => JSON.parse(text));
      const slice = 1 + chance.below(12);
      expect(await outcome(() => parseInSlices(text, nextTurn, slice)), text).toBe(expected);
      if (expected === 'SyntaxError') refused += 1;
    }
    expect(cuts).toBeGreaterThan(20_000);
    expect(refused).toBeGreaterThan(2_000);
  });

  it.each([
    ['far too deep', `${'['.repeat(100_000)}1${']'.repeat(100_000)}`],
    ['deep, and long below', `${'['.repeat(40)}${'1,'.repeat(100)}1${']'.repeat(40)}`],
    ['closed by what did not open it', '[1,2,3,4,5,6,7,8}'],
    ['that never ends', '[1,2,3,4,5,6,7,8,"'],
    ['that ends twice', '[1,2,3,4,5,6]]'],
    ['after another', '1 [1,2,3,4,5,6]'],
    ['with a backslash at its end', '[1,2,3,4,5,6,"\\'],
  ])('%s', async (_, text) => {
    const nextTurn = async () => undefined;
    const short = text.length < 1_000;
    const told = (parse: () => unknown) =>
      short ? outcome(parse) : outcome(async () => ((await parse()) as unknown[]).length);
    expect(await told(() => parseInSlices(text, nextTurn, 4))).toBe(await told(() => JSON.parse(text)));
  });

  it('lets other events through after each half of a megabyte', async () => {
    const phone = {
      id: 'x'.repeat(36),
      number: '+1 425 555 0100',
      createdBy: { user: { displayName: 'A' } },
    };
    const responses = Array.from({ length: 20 }, (_, at) => ({
      id: `${at}`,
      status: 200,
      body: { '@odata.context': 'c', value: Array.from({ length: 2_000 }, () => phone) },
    }));
    const text = JSON.stringify({ responses });
    let others = 0;
    let isOver = false;
    const other = async () => {
      for (; !isOver; others += 1) await turn();
    };
    const counting = other();
    const value = await parseInSlices(text, () => turn());
    isOver = true;
    await counting;
    expect(value).toEqual({ responses });
    expect(others).toBeGreaterThanOrEqual(Math.floor(text.length / (512 * 1024)));
  });
});
