// Answers that do not come, do not end, or make no sense: a read waits no longer than its deadline and never takes for an
// answer what is none; a change is told as made only when that was seen.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import {
  allOf,
  done,
  found,
  lost,
  type ReadsOfBoth,
  toldAtOnce,
  triedAgain,
  unnoticed,
  type Writes,
} from './expectations.ts';
import { HURRIED } from './proof.ts';
import { proveReads, proveWrites } from './proving.ts';

const BROKEN = triedAgain('UPSTREAM_UNAVAILABLE');
const SENSELESS = toldAtOnce('UPSTREAM_BAD_RESPONSE');
/** A deletion is answered without a body, so nothing can be wrong with it. */
const BODIES: Writes = { addPhone: found, updatePhone: found };

const ALL: readonly [string, ReadsOfBoth, Writes][] = [
  ['slow', unnoticed(), allOf(done)],
  ['reset-before-work', BROKEN, allOf(lost)],
  ['reset-after-work', BROKEN, allOf(found)],
  ['reset-mid-body', BROKEN, BODIES],
  ['truncated-json', SENSELESS, BODIES],
  ['empty-200', SENSELESS, { ...BODIES, deletePhone: done }],
  ['html-200', SENSELESS, allOf(lost)],
  ['html-403', SENSELESS, allOf(lost)],
  ['html-404', SENSELESS, allOf(lost)],
  ['no-content-type', SENSELESS, BODIES],
  ['odd-content-type', SENSELESS, BODIES],
  ['upper-case-content-type', unnoticed(), { addPhone: done, updatePhone: done }],
  ['byte-order-mark', unnoticed(), { addPhone: done, updatePhone: done }],
  ['gzip-garbage', SENSELESS, BODIES],
  ['gzip-truncated', SENSELESS, BODIES],
  ['gzip-bomb', SENSELESS, BODIES],
  ['huge-body', SENSELESS, BODIES],
  ['giant-headers', SENSELESS, allOf(found)],
  ['redirect-elsewhere', SENSELESS, allOf(found)],
  ['redirect-protocol-relative', SENSELESS, allOf(found)],
  ['redirect-loop', SENSELESS, allOf(found)],
  ['not-http', SENSELESS, allOf(lost)],
];

/** A try has a part of the deadline, so that there is time for a second one, and none for a third. */
const LATE: ReadsOfBoth = {
  me: {
    once: triedAgain('TIMEOUT').me.once,
    always: { ...toldAtOnce('TIMEOUT').me.always, calls: 'GET GET' },
  },
  users: {
    once: triedAgain('TIMEOUT').users.once,
    always: { ...toldAtOnce('TIMEOUT').users.always, calls: 'BATCH BATCH' },
  },
};
const NEVER: readonly [string, ReadsOfBoth, Writes][] = [
  ['hang', LATE, allOf(lost)],
  ['hang-after-work', LATE, allOf(found)],
  ['endless-drip', LATE, { addPhone: found, updatePhone: found }],
];

describe('Answers that make no sense, or none', () => {
  it('are all proved', () => {
    const proved = [...ALL, ...NEVER].map(([name]) => name);
    const there = SCENARIO_GROUPS[1]?.scenarios.map(({ name }) => name);
    expect(proved.toSorted()).toEqual(there?.toSorted());
  });
});

describe.each(ALL)('%s', (name, reads, writes) => {
  proveReads(name, reads);
  proveWrites(name, writes);
});

describe.each(NEVER)('%s', (name, reads, writes) => {
  proveReads(name, reads, { deadlineMs: HURRIED });
  proveWrites(name, writes, { deadlineMs: HURRIED });
});
