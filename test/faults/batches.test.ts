// Batches in trouble. Each answer belongs to one request and fails that one alone; what is throttled or down is asked
// for again by itself. The first of the four reads of two people is the first one's phones.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { type Expected, type Reads, toldAtOnce, triedAgain, unnoticed } from './expectations.ts';
import { errorsOf, PATIENT, scenarioNamed, tried } from './proof.ts';
import { proveReads } from './proving.ts';

const BAD = 'UPSTREAM_BAD_RESPONSE';
const again = (code: string, wait: number | null): Reads => {
  const { once, always } = triedAgain(code, wait).users;
  return { once: { ...once, calls: 'BATCH GET' }, always };
};

/** What strikes all, or nobody. */
const WHOLE: readonly [string, Reads][] = [
  ['batch-item-throttled', again('THROTTLED', 0.2)],
  ['batch-item-unavailable', again('UPSTREAM_UNAVAILABLE', null)],
  ['batch-424', unnoticed().users],
  ['batch-item-html', toldAtOnce(BAD).users],
  ['batch-throttled', triedAgain('THROTTLED', 0.2).users],
  ['batch-unavailable', triedAgain('UPSTREAM_UNAVAILABLE').users],
  ['batch-html', toldAtOnce(BAD).users],
  ['batch-malformed', toldAtOnce(BAD).users],
  ['batch-extra-id', unnoticed().users],
  ['batch-upper-case-ids', unnoticed().users],
  ['batch-numeric-ids', unnoticed().users],
  ['batch-lower-case-headers', unnoticed().users],
  ['batch-status-text', unnoticed().users],
  ['batch-shuffled', unnoticed().users],
];

/** What strikes one answer, and whether it does so to every answer when it strikes always. */
const SINGLE: readonly [string, string, 'each' | 'first'][] = [
  ['batch-item-forbidden', 'FORBIDDEN', 'each'],
  ['batch-item-empty', BAD, 'each'],
  ['batch-missing-id', BAD, 'first'],
  ['batch-doubled-id', BAD, 'first'],
];

describe('Troubles of batches', () => {
  it('are all proved', () => {
    const proved = [...WHOLE, ...SINGLE].map(([name]) => name);
    const there = SCENARIO_GROUPS[3]?.scenarios.map(({ name }) => name);
    expect(proved.toSorted()).toEqual(there?.toSorted());
  });
});

describe.each(WHOLE)('%s', (name, users) => {
  proveReads(name, { users });
});

describe.each(SINGLE)('%s', (name, code, reach) => {
  it.concurrent.each(['once', 'always'] as const)('users, struck %s', async (struck) => {
    const trial = { scenario: scenarioNamed(name), operation: 'users', struck, deadlineMs: PATIENT } as const;
    const { answer, whole, calls } = await tried(trial);
    const [first, second] = (whole as { users: object[] }).users;
    const all: Expected = toldAtOnce(code).users.always;
    const one = { errors: [`users.0.phones ${code}`], data: { users: [{ ...first, phones: null }, second] } };
    const { errors, data } = struck === 'always' && reach === 'each' ? all : one;
    expect([errorsOf(answer), answer.body.data, calls]).toEqual([errors, data, 'BATCH']);
  });
});
