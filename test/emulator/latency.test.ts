import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { ask, startTestEmulator, until } from '../support/emulator.ts';

const PHONES = '/beta/me/profile/phones';
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const SEEDED = 3;

const latency = (leastMs: number, mostMs: number, seed = 1) => ({
  latency: { leastMs, mostMs, random: seededRandom(seed) },
});

/** The milliseconds after which each of ten requests is answered, one after the other. */
async function latencies(seed: number): Promise<number[]> {
  await using emulator = await startTestEmulator(latency(200, 300, seed));
  const found: number[] = [];
  while (found.length < 10) {
    let isOver = false;
    const answer = ask(emulator, 'GET', PHONES).finally(() => {
      isOver = true;
    });
    await until(() => emulator.clock.waiting > 0);
    let passed = 0;
    for (; emulator.clock.waiting > 0; passed += 1) emulator.clock.advance(1);
    await until(() => isOver);
    await answer;
    found.push(passed);
  }
  return found;
}

describe('a latency', () => {
  it('is waited for by every request, before anything is carried out', async () => {
    await using emulator = await startTestEmulator(latency(250, 250));
    const answer = ask(emulator, 'POST', PHONES, { json: { number: '1' } });
    await until(() => emulator.clock.waiting === 1);
    emulator.clock.advance(249);
    expect(emulator.phonesOf(INNOCENTY)).toHaveLength(SEEDED);
    expect(emulator.clock.waiting).toBe(1);
    emulator.clock.advance(1);
    expect((await answer).status).toBe(201);
    expect(emulator.phonesOf(INNOCENTY)).toHaveLength(SEEDED + 1);
  });

  it('is that of one request for a whole batch', async () => {
    await using emulator = await startTestEmulator(latency(250, 250));
    const requests = ['1', '2', '3'].map((id) => ({ id, method: 'GET', url: '/me/profile/phones' }));
    const answer = ask(emulator, 'POST', '/beta/$batch', { json: { requests } });
    await until(() => emulator.clock.waiting === 1);
    emulator.clock.advance(250);
    expect((await answer).body.responses).toHaveLength(3);
  });

  it('with a spread lies within it, and is the same again with the same seed', async () => {
    const found = await latencies(5);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...found)).toBeLessThanOrEqual(300);
    expect(new Set(found).size).toBeGreaterThan(5);
    expect(await latencies(5)).toEqual(found);
    expect(await latencies(6)).not.toEqual(found);
  });

  it('does not hold up the end of the emulator', async () => {
    const emulator = await startTestEmulator(latency(250, 250));
    const answer = ask(emulator, 'GET', PHONES).catch(() => 'broken');
    await until(() => emulator.clock.waiting === 1);
    await emulator.close();
    expect(await answer).toBe('broken');
  });

  it.each([
    [-1, 5],
    [6, 5],
    [0, 60_001],
    [Number.NaN, 5],
  ])('from %d to %d is refused', async (leastMs, mostMs) => {
    await expect(startTestEmulator(latency(leastMs, mostMs))).rejects.toThrow(TypeError);
  });
});
