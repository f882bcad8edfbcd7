import { expect, it } from 'vitest';
import type { GraphSession } from '../../src/graph/session.ts';
import { createWriteLimit } from '../../src/profile/mutations/write-limit.ts';
import { type ManualClock, manualClock } from '../support/emulator.ts';
import { connectGraph } from '../support/graph.ts';

/** A session of ten seconds that nothing is sent in, and a limit of its writes. */
async function start(concurrency = 2, totalMs = 10_000) {
  const clock = manualClock();
  const connected = connectGraph('http://127.0.0.1:9', { clock });
  const session = connected.open('a', { ms: totalMs });
  const limit = createWriteLimit({ clock, concurrency, totalMs });
  return { clock, session, limit, [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose]() };
}

/** Whether a write is begun with so many milliseconds left. */
async function isBegun(
  limit: ReturnType<typeof createWriteLimit>,
  session: GraphSession,
  clock: ManualClock,
  leftMs: number,
): Promise<boolean> {
  clock.advance(session.remainingMs - leftMs);
  return limit.begin(session, async () => true).catch(() => false);
}

it.each([
  ['where answers come quickly', 10_000, 0, 1_000],
  ['where the whole request has little time', 1_000, 0, 200],
  ['three times as long as the latest answer took', 10_000, 600, 1_800],
  ['at most a third of the whole time', 9_000, 2_000, 3_000],
])('no write is begun with less than is needed: %s', async (_when, totalMs, answerMs, needed) => {
  for (const [leftMs, expected] of [
    [needed, true],
    [needed - 1, false],
  ] as const) {
    await using system = await start(2, totalMs);
    const { clock, session, limit } = system;
    await limit.timed(async () => clock.advance(answerMs));
    expect(await isBegun(limit, session, clock, leftMs)).toBe(expected);
  }
});

it('a write waits for room, and is told so', async () => {
  await using system = await start(1);
  const { session, limit } = system;
  const first = Promise.withResolvers<void>();
  const turns: boolean[] = [];
  const writes = [
    limit.begin(session, ({ waited }) => {
      turns.push(waited);
      return first.promise;
    }),
    limit.begin(session, async ({ waited }) => {
      turns.push(waited);
    }),
  ];
  expect(turns).toEqual([false]);
  first.resolve();
  await Promise.all(writes);
  expect(turns).toEqual([false, true]);
});

it('a write that fails, or comes too late, leaves its place to the next', async () => {
  await using system = await start(1);
  const { clock, session, limit } = system;
  await expect(limit.begin(session, () => Promise.reject(new TypeError('no')))).rejects.toThrow('no');
  expect(await limit.begin(session, async () => 'done')).toBe('done');
  clock.advance(9_500);
  await expect(limit.begin(session, async () => 'done')).rejects.toMatchObject({
    code: 'TIMEOUT',
    retryable: true,
  });
  await expect(limit.begin(session, async () => 'done')).rejects.toThrow('Nothing was sent');
});
