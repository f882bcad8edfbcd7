// Missing, endless and malformed responses. A read ends by its deadline and never accepts an invalid response. A write
// counts as executed only when this was seen.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import {
  allOf,
  done,
  failsAtOnce,
  found,
  lost,
  type ReadsOfBoth,
  retried,
  unaffected,
  type Writes,
} from './expectations.ts';
import { SHORT_DEADLINE_MS } from './scenario-run.ts';
import { testReads, testWrites } from './scenario-tests.ts';

const BROKEN = retried('UPSTREAM_UNAVAILABLE');
const MALFORMED = failsAtOnce('UPSTREAM_BAD_RESPONSE');
/** A deletion is answered without a body, so its body cannot be wrong. */
const BODIES: Writes = { addPhone: found, updatePhone: found };

const ALL: readonly [string, ReadsOfBoth, Writes][] = [
  ['slow', unaffected(), allOf(done)],
  ['reset-before-work', BROKEN, allOf(lost)],
  ['reset-after-work', BROKEN, allOf(found)],
  ['reset-mid-body', BROKEN, BODIES],
  ['truncated-json', MALFORMED, BODIES],
  ['empty-200', MALFORMED, { ...BODIES, deletePhone: done }],
  ['html-200', MALFORMED, allOf(lost)],
  ['html-403', MALFORMED, allOf(lost)],
  ['html-404', MALFORMED, allOf(lost)],
  ['no-content-type', MALFORMED, BODIES],
  ['odd-content-type', MALFORMED, BODIES],
  ['upper-case-content-type', unaffected(), { addPhone: done, updatePhone: done }],
  ['byte-order-mark', unaffected(), { addPhone: done, updatePhone: done }],
  ['gzip-garbage', MALFORMED, BODIES],
  ['gzip-truncated', MALFORMED, BODIES],
  ['gzip-bomb', MALFORMED, BODIES],
  ['huge-body', MALFORMED, BODIES],
  ['giant-headers', MALFORMED, allOf(found)],
  ['redirect-elsewhere', MALFORMED, allOf(found)],
  ['redirect-protocol-relative', MALFORMED, allOf(found)],
  ['redirect-loop', MALFORMED, allOf(found)],
  ['not-http', MALFORMED, allOf(lost)],
];

/** One attempt takes a part of the deadline, which leaves time for a second attempt but not for a third. */
const LATE: ReadsOfBoth = {
  me: {
    once: retried('TIMEOUT').me.once,
    always: { ...failsAtOnce('TIMEOUT').me.always, calls: 'GET GET' },
  },
  users: {
    once: retried('TIMEOUT').users.once,
    always: { ...failsAtOnce('TIMEOUT').users.always, calls: 'BATCH BATCH' },
  },
};
const NEVER: readonly [string, ReadsOfBoth, Writes][] = [
  ['hang', LATE, allOf(lost)],
  ['hang-after-work', LATE, allOf(found)],
  ['endless-drip', LATE, { addPhone: found, updatePhone: found }],
];

describe('missing, endless and malformed responses', () => {
  it('are all tested', () => {
    const tested = [...ALL, ...NEVER].map(([name]) => name);
    const existing = SCENARIO_GROUPS[1]?.scenarios.map(({ name }) => name);
    expect(tested.toSorted()).toEqual(existing?.toSorted());
  });
});

describe.each(ALL)('%s', (name, reads, writes) => {
  testReads(name, reads);
  testWrites(name, writes);
});

describe.each(NEVER)('%s', (name, reads, writes) => {
  testReads(name, reads, { deadlineMs: SHORT_DEADLINE_MS });
  testWrites(name, writes, { deadlineMs: SHORT_DEADLINE_MS });
});
