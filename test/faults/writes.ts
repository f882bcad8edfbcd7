// The right answer to a write under a fault, checked against what the emulator then holds.
import { expect } from 'vitest';
import type { Ending } from './expectations.ts';
import { METHODS, type Write } from './operations.ts';
import { changesIn, errorsOf, expectWait, type Outcome } from './proof.ts';

export function expectWrite(operation: Write, outcome: Outcome, ending: Ending): void {
  const { answer, calls } = outcome;
  const method = METHODS[operation];
  const sent = calls.split(' ');
  // Whatever happens, it is sent once, and nothing but looks comes after.
  expect([sent[0], sent.slice(1).filter((other) => other !== 'GET')]).toEqual([method, []]);
  expect(answer.status).toBe(200);
  if (ending.kind === 'refused') {
    expect(errorsOf(answer)).toEqual([`${operation} ${ending.code}`]);
    expectWait(answer.body.errors[0].extensions.retryAfterSeconds, ending.retryAfter);
    expect(calls).toBe(method);
    expect(happened(operation, outcome)).toBe(false);
    return;
  }
  expect(answer.body.errors).toBeUndefined();
  if (operation === 'addPhone') expectAdded(outcome, ending);
  else expectChanged(operation, outcome, ending);
}

/** An addition that was not seen to succeed: known all the same or told as unknown, and never twice. */
function expectAdded(outcome: Outcome, ending: Ending): void {
  const { phone, userErrors } = outcome.answer.body.data.addPhone;
  const { added } = changesIn(outcome);
  if (ending.kind === 'done' || phone !== null) expect([userErrors, added]).toEqual([[], 1]);
  else expect(userErrors).toEqual([{ code: 'OUTCOME_UNKNOWN' }]);
  expect(added).toBeLessThanOrEqual(1);
}

const LOOKS: Readonly<Record<Exclude<Ending['kind'], 'refused'>, string>> = {
  unknown: ' GET',
  found: ' GET',
  overdue: '',
  done: '',
};

function expectChanged(
  operation: 'updatePhone' | 'deletePhone',
  outcome: Outcome,
  { kind }: Exclude<Ending, { kind: 'refused' }>,
): void {
  const { answer, calls } = outcome;
  const isKnown = kind === 'found' || kind === 'done';
  const { userErrors } = answer.body.data[operation];
  expect(userErrors).toEqual(isKnown ? [] : [{ code: 'OUTCOME_UNKNOWN' }]);
  expect(calls).toBe(METHODS[operation] + LOOKS[kind]);
  if (isKnown) expect(happened(operation, outcome)).toBe(true);
  if (kind === 'unknown') expect(happened(operation, outcome)).toBe(false);
}

function happened(operation: Write, outcome: Outcome): boolean {
  const { added, changed, deleted } = changesIn(outcome);
  return { addPhone: added > 0, updatePhone: changed, deletePhone: deleted }[operation];
}
