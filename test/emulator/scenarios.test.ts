// Scenarios: the names that the command line accepts, and the requests that are affected.
import { describe, expect, it } from 'vitest';
import { type EmulatorOptions, SCENARIOS, type Scenario } from '../../emulator/emulator.ts';
import { readScenarios, scenarioList } from '../../emulator/faults/scenarios.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const PHONES = '/beta/me/profile/phones';

describe('the names of faults', () => {
  it('are unique, and each is listed in one line with its description', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const lines = scenarioList().split('\n');
    for (const { name, description } of SCENARIOS) {
      expect(description.length).toBeLessThan(100);
      expect(lines.filter((line) => line.trim() === `${name.padEnd(27)} ${description}`)).toHaveLength(1);
    }
  });

  it('are parsed from a comma-separated list', () => {
    const names = (text: string) => readScenarios(text).map(({ name }) => name);
    expect(names('hang')).toEqual(['hang']);
    expect(names('throttled, html-403')).toEqual(['throttled', 'html-403']);
    expect(readScenarios('mixed')).toEqual(SCENARIOS);
  });

  it.each([
    ['nonsense', "unknown fault 'nonsense'; known faults:\n"],
    ['hang,', "unknown fault ''"],
    ['constructor', "unknown fault 'constructor'"],
    ['mixed,hang', 'mixed selects all faults and cannot be combined with others'],
  ])('are rejected when one is unknown: %s', (text, message) => {
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

describe('random faults', () => {
  it('affect every matching request at rate 1', async () => {
    expect(new Set(await statuses(randomFaults('throttled', 1), 10))).toEqual(new Set([429]));
  });

  it('affect no request at rate 0', async () => {
    expect(new Set(await statuses(randomFaults('throttled', 0), 10))).toEqual(new Set([200]));
  });

  it('affect the given rate of requests, the same ones for the same seed', async () => {
    const [first, again, other] = [
      await statuses(randomFaults('throttled,unavailable', 0.3), 100),
      await statuses(randomFaults('throttled,unavailable', 0.3), 100),
      await statuses(randomFaults('throttled,unavailable', 0.3, 2), 100),
    ];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const failed = first?.filter((status) => status !== 200) ?? [];
    expect(failed.length).toBeGreaterThan(15);
    expect(failed.length).toBeLessThan(45);
    expect(new Set(failed)).toEqual(new Set([429, 503]));
  });

  it('affect only the requests that their scenario matches', async () => {
    expect(new Set(await statuses(randomFaults('created-without-body,batch-html,token-html', 1), 5))).toEqual(
      new Set([200]),
    );
  });

  it('apply only when no rule does', async () => {
    await using emulator = await startTestEmulator({ randomFaults: randomFaults('throttled', 1) });
    emulator.faults.add({ on: {}, do: { status: 502 } });
    expect((await ask(emulator, 'GET', PHONES)).status).toBe(502);
    expect((await ask(emulator, 'GET', PHONES)).status).toBe(429);
  });

  it('reject a rate out of range', async () => {
    for (const rate of [-0.1, 1.1, Number.NaN])
      await expect(startTestEmulator({ randomFaults: randomFaults('hang', rate) })).rejects.toThrow(
        TypeError,
      );
  });
});

describe('after any fault outside a batch, the emulator works as before', () => {
  const ENDLESS = /^(hang|endless|slow|commit-late|huge-body|gzip-bomb)/;
  const plain = SCENARIOS.filter(({ name, on }) => !ENDLESS.test(name) && on.item !== 'items');

  it.each(plain)('$name', async ({ name, on }: Scenario) => {
    await using emulator = await startTestEmulator();
    const before = await ask(emulator, 'GET', PHONES);
    emulator.faults.add({ on, do: readScenarios(name)[0]?.do ?? { status: 500 } });
    // Only the next request matters here, not the outcome of this one.
    await ask(emulator, 'GET', PHONES).catch(() => null);
    emulator.faults.clear();
    const after = await ask(emulator, 'GET', PHONES);
    expect([after.status, after.body]).toEqual([200, before.body]);
  });
});
