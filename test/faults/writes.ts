// The right answer to a write under a fault, checked against what the emulator then holds.
import { expect } from 'vitest';
import type { Ending } from './expectations.ts';
import { METHODS, type Write } from './operations.ts';
import { changesIn, errorsOf, expectWait, type Outcome } from './proof.ts';

export function expectWrite(operation: Write, outcome: Outcome, ending: Ending): void {
  const { answer, calls } = outcome;
  const method = METHODS[operation];
  const sent = calls.split(' ');
  // Whatever happens, what adds or changes is sent once, a deletion twice at most, and nothing but looks comes after.
  const again = sent.slice(1).filter((other) => other !== 'GET');
  expect([sent[0], operation === 'deletePhone' ? again.slice(1) : again]).toEqual([method, []]);
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

/** The requests upstream, where nothing was carried out by the first of them. */
const LOST = {
  // What was there before is not known, so it is not sent again.
  updatePhone: /^PATCH GET( GET){0,2}$/,
  // Whoever deletes wants nothing to be there, so it is.
  deletePhone: /^DELETE GET DELETE$/,
};

function expectChanged(
  operation: 'updatePhone' | 'deletePhone',
  outcome: Outcome,
  { kind }: Exclude<Ending, { kind: 'refused' }>,
): void {
  const { answer, calls } = outcome;
  const { userErrors } = answer.body.data[operation];
  const isUnknown = userErrors.length > 0;
  if (isUnknown) expect(userErrors).toEqual([{ code: 'OUTCOME_UNKNOWN' }]);
  else if (kind !== 'late') expect(happened(operation, outcome)).toBe(true);
  switch (kind) {
    case 'done':
      expect([isUnknown, calls]).toEqual([false, METHODS[operation]]);
      return;
    case 'found':
      expect([isUnknown, calls]).toEqual([false, `${METHODS[operation]} GET`]);
      return;
    case 'lost':
      expect(isUnknown).toBe(operation === 'updatePhone');
      expect(calls).toMatch(LOST[operation]);
      if (isUnknown) expect(happened(operation, outcome)).toBe(false);
      return;
    case 'late':
      expect(calls).toMatch(operation === 'updatePhone' ? LOST.updatePhone : /^DELETE GET( DELETE)?( GET)*$/);
  }
}

function happened(operation: Write, outcome: Outcome): boolean {
  const { added, changed, deleted } = changesIn(outcome);
  return { addPhone: added > 0, updatePhone: changed, deletePhone: deleted }[operation];
}
