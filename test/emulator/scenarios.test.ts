// Faults by name: what the command line takes, and which requests are struck.
import { describe, expect, it } from 'vitest';
import { type EmulatorOptions, SCENARIOS, type Scenario } from '../../emulator/emulator.ts';
import { list, readScenarios } from '../../emulator/faults/scenarios.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const PHONES = '/beta/me/profile/phones';

describe('The names', () => {
  it('are one for each fault, and each is told in one line', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const lines = list().split('\n');
    for (const { name, description } of SCENARIOS) {
      expect(description.length).toBeLessThan(100);
      expect(lines.filter((line) => line.trim() === `${name.padEnd(27)} ${description}`)).toHaveLength(1);
    }
  });

  it('are read with commas between, in any number', () => {
    const names = (text: string) => readScenarios(text).map(({ name }) => name);
    expect(names('hang')).toEqual(['hang']);
    expect(names('throttled, html-403')).toEqual(['throttled', 'html-403']);
    expect(readScenarios('mixed')).toEqual(SCENARIOS);
  });

  it.each([
    ['nonsense', 'there is no fault named nonsense; there are:\n'],
    ['hang,', 'there is no fault named ;'],
    ['constructor', 'there is no fault named constructor'],
    ['mixed,hang', 'mixed is all of them, and stands by itself'],
  ])('that are none are refused: %s', (text, message) => {
    expect(() => readScenarios(text)).toThrow(TypeError);
    expect(() => readScenarios(text)).toThrow(message);
  });
});

function randomFaults(names: string, rate: number, seed = 1): EmulatorOptions['randomFaults'] & object {
  return { scenarios: readScenarios(names), rate, random: seededRandom(seed) };
}

async function statuses(of: EmulatorOptions['randomFaults'] & object, requests: number): Promise<number[]> {
  await using emulator = await startTestEmulator({ randomFaults: of });
  const seen: number[] = [];
  for (let at = 0; at < requests; at += 1) seen.push((await ask(emulator, 'GET', PHONES)).status);
  return seen;
}

describe('Faults that come by chance', () => {
  it('strike every request that they can, where the rate is all', async () => {
    expect(new Set(await statuses(randomFaults('throttled', 1), 10))).toEqual(new Set([429]));
  });

  it('strike none where the rate is none', async () => {
    expect(new Set(await statuses(randomFaults('throttled', 0), 10))).toEqual(new Set([200]));
  });

  it('strike a rate, the same for the same seed, and another for another', async () => {
    const [first, again, other] = [
      await statuses(randomFaults('throttled,unavailable', 0.3), 100),
      await statuses(randomFaults('throttled,unavailable', 0.3), 100),
      await statuses(randomFaults('throttled,unavailable', 0.3, 2), 100),
    ];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const struck = first?.filter((status) => status !== 200) ?? [];
    expect(struck.length).toBeGreaterThan(15);
    expect(struck.length).toBeLessThan(45);
    expect(new Set(struck)).toEqual(new Set([429, 503]));
  });

  it('strike only what they are of', async () => {
    expect(new Set(await statuses(randomFaults('created-without-body,batch-html,token-html', 1), 5))).toEqual(
      new Set([200]),
    );
  });

  it('come after the rules that a test has made', async () => {
    await using emulator = await startTestEmulator({ randomFaults: randomFaults('throttled', 1) });
    emulator.faults.add({ on: {}, do: { status: 502 } });
    expect((await ask(emulator, 'GET', PHONES)).status).toBe(502);
    expect((await ask(emulator, 'GET', PHONES)).status).toBe(429);
  });

  it('need a rate', async () => {
    for (const rate of [-0.1, 1.1, Number.NaN])
      await expect(startTestEmulator({ randomFaults: randomFaults('hang', rate) })).rejects.toThrow(
        TypeError,
      );
  });
});

describe('Every fault of a plain request leaves the emulator as it was', () => {
  const ENDLESS = /^(hang|endless|slow|commit-late|huge-body|gzip-bomb)/;
  const plain = SCENARIOS.filter(({ name, on }) => !ENDLESS.test(name) && on.item !== 'items');

  it.each(plain)('$name', async ({ name, on }: Scenario) => {
    await using emulator = await startTestEmulator();
    const before = await ask(emulator, 'GET', PHONES);
    emulator.faults.add({ on, do: readScenarios(name)[0]?.do ?? { status: 500 } });
    // What comes of it is for the client to make sense of; here it is enough that the next one is answered.
    await ask(emulator, 'GET', PHONES).catch(() => null);
    emulator.faults.clear();
    const after = await ask(emulator, 'GET', PHONES);
    expect([after.status, after.body]).toEqual([200, before.body]);
  });
});
