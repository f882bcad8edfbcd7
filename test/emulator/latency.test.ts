import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { ask, startTestEmulator, until } from '../support/emulator.ts';

const PHONES = '/beta/me/profile/phones';
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const SEEDED = 3;

const latency = (leastMs: number, mostMs: number, seed = 1) => ({
  latency: { leastMs, mostMs, random: seededRandom(seed) },
});

/** The latencies of ten consecutive requests, in milliseconds. */
async function latencies(seed: number): Promise<number[]> {
  await using emulator = await startTestEmulator(latency(200, 300, seed));
  const found: number[] = [];
  while (found.length < 10) {
    let isDone = false;
    const response = ask(emulator, 'GET', PHONES).finally(() => {
      isDone = true;
    });
    await until(() => emulator.clock.waiting > 0);
    let passed = 0;
    for (; emulator.clock.waiting > 0; passed += 1) emulator.clock.advance(1);
    await until(() => isDone);
    await response;
    found.push(passed);
  }
  return found;
}

describe('a latency', () => {
  it('delays every request before it is executed', async () => {
    await using emulator = await startTestEmulator(latency(250, 250));
    const response = ask(emulator, 'POST', PHONES, { json: { number: '1' } });
    await until(() => emulator.clock.waiting === 1);
    emulator.clock.advance(249);
    expect(emulator.phonesOf(INNOCENTY)).toHaveLength(SEEDED);
    expect(emulator.clock.waiting).toBe(1);
    emulator.clock.advance(1);
    expect((await response).status).toBe(201);
    expect(emulator.phonesOf(INNOCENTY)).toHaveLength(SEEDED + 1);
  });

  it('applies once to a whole batch', async () => {
    await using emulator = await startTestEmulator(latency(250, 250));
    const requests = ['1', '2', '3'].map((id) => ({ id, method: 'GET', url: '/me/profile/phones' }));
    const response = ask(emulator, 'POST', '/beta/$batch', { json: { requests } });
    await until(() => emulator.clock.waiting === 1);
    emulator.clock.advance(250);
    expect((await response).body.responses).toHaveLength(3);
  });

  it('stays within its range, and repeats with the same seed', async () => {
    const found = await latencies(5);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...found)).toBeLessThanOrEqual(300);
    expect(new Set(found).size).toBeGreaterThan(5);
    expect(await latencies(5)).toEqual(found);
    expect(await latencies(6)).not.toEqual(found);
  });

  it('does not delay the close of the emulator', async () => {
    const emulator = await startTestEmulator(latency(250, 250));
    const response = ask(emulator, 'GET', PHONES).catch(() => 'broken');
    await until(() => emulator.clock.waiting === 1);
    await emulator.close();
    expect(await response).toBe('broken');
  });

  it.each([
    [-1, 5],
    [6, 5],
    [0, 60_001],
    [Number.NaN, 5],
  ])('rejects the range %d to %d', async (leastMs, mostMs) => {
    await expect(startTestEmulator(latency(leastMs, mostMs))).rejects.toThrow(TypeError);
  });
});
