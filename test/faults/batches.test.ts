// Faults of batches. Each response belongs to one request, and fails that request only. A throttled or unavailable item
// is retried by itself. The first of the four reads of two people reads the phones of the first.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { type Expected, failsAtOnce, type Reads, retried, unaffected } from './expectations.ts';
import { errorsOf, LONG_DEADLINE_MS, runScenario, scenarioNamed } from './scenario-run.ts';
import { testReads } from './scenario-tests.ts';

const BAD = 'UPSTREAM_BAD_RESPONSE';
const again = (code: string, wait: number | null): Reads => {
  const { once, always } = retried(code, wait).users;
  return { once: { ...once, calls: 'BATCH GET' }, always };
};

/** Faults that affect all reads or none. */
const WHOLE: readonly [string, Reads][] = [
  ['batch-item-throttled', again('THROTTLED', 0.2)],
  ['batch-item-unavailable', again('UPSTREAM_UNAVAILABLE', null)],
  ['batch-424', unaffected().users],
  ['batch-item-html', failsAtOnce(BAD).users],
  ['batch-throttled', retried('THROTTLED', 0.2).users],
  ['batch-unavailable', retried('UPSTREAM_UNAVAILABLE').users],
  ['batch-html', failsAtOnce(BAD).users],
  ['batch-malformed', failsAtOnce(BAD).users],
  ['batch-extra-id', unaffected().users],
  ['batch-upper-case-ids', unaffected().users],
  ['batch-numeric-ids', unaffected().users],
  ['batch-lower-case-headers', unaffected().users],
  ['batch-status-text', unaffected().users],
  ['batch-shuffled', unaffected().users],
];

/** Faults that affect one response. With `each`, an `always` fault affects every response. */
const SINGLE: readonly [string, string, 'each' | 'first'][] = [
  ['batch-item-forbidden', 'FORBIDDEN', 'each'],
  ['batch-item-empty', BAD, 'each'],
  ['batch-missing-id', BAD, 'first'],
  ['batch-doubled-id', BAD, 'first'],
];

describe('faults of batches', () => {
  it('are all tested', () => {
    const tested = [...WHOLE, ...SINGLE].map(([name]) => name);
    const existing = SCENARIO_GROUPS[3]?.scenarios.map(({ name }) => name);
    expect(tested.toSorted()).toEqual(existing?.toSorted());
  });
});

describe.each(WHOLE)('%s', (name, users) => {
  testReads(name, { users });
});

describe.each(SINGLE)('%s', (name, code, reach) => {
  it.concurrent.each(['once', 'always'] as const)('users, fault %s', async (frequency) => {
    const run = {
      scenario: scenarioNamed(name),
      operation: 'users',
      frequency,
      deadlineMs: LONG_DEADLINE_MS,
    } as const;
    const { response, whole, calls } = await runScenario(run);
    const [first, second] = (whole as { users: object[] }).users;
    const all: Expected = failsAtOnce(code).users.always;
    const one = { errors: [`users.0.phones ${code}`], data: { users: [{ ...first, phones: null }, second] } };
    const { errors, data } = frequency === 'always' && reach === 'each' ? all : one;
    expect([errorsOf(response), response.body.data, calls]).toEqual([errors, data, 'BATCH']);
  });
});
