// Compares the response to a write under a fault with the expected one, and with the phones that the emulator then
// holds.
import { expect } from 'vitest';
import type { WriteResult } from './expectations.ts';
import { METHODS, type Write } from './operations.ts';
import { changesIn, errorsOf, expectWait, type Outcome } from './scenario-run.ts';

export function expectWrite(operation: Write, outcome: Outcome, result: WriteResult): void {
  const { response, calls } = outcome;
  const method = METHODS[operation];
  const sent = calls.split(' ');
  // An addition or change is sent once, a deletion at most twice. Only reads follow.
  const again = sent.slice(1).filter((other) => other !== 'GET');
  expect([sent[0], operation === 'deletePhone' ? again.slice(1) : again]).toEqual([method, []]);
  expect(response.status).toBe(200);
  if (result.kind === 'rejected') {
    expect(errorsOf(response)).toEqual([`${operation} ${result.code}`]);
    expectWait(response.body.errors[0].extensions.retryAfterSeconds, result.retryAfter);
    expect(calls).toBe(method);
    expect(wasExecuted(operation, outcome)).toBe(false);
    return;
  }
  expect(response.body.errors).toBeUndefined();
  if (operation === 'addPhone') expectAdded(outcome, result);
  else expectChanged(operation, outcome, result);
}

/** An addition without a seen success either is found or has an unknown outcome, and is never executed twice. */
function expectAdded(outcome: Outcome, result: WriteResult): void {
  const { phone, userErrors } = outcome.response.body.data.addPhone;
  const { added } = changesIn(outcome);
  if (result.kind === 'done' || phone !== null) expect([userErrors, added]).toEqual([[], 1]);
  else expect(userErrors).toEqual([{ code: 'OUTCOME_UNKNOWN' }]);
  expect(added).toBeLessThanOrEqual(1);
}

/** The upstream requests when the first one was not executed. */
const LOST = {
  // The earlier value is not known, so the change is not sent again.
  updatePhone: /^PATCH GET( GET){0,2}$/,
  // The goal of a deletion is known, so it can be sent again.
  deletePhone: /^DELETE GET DELETE$/,
};

function expectChanged(
  operation: 'updatePhone' | 'deletePhone',
  outcome: Outcome,
  { kind }: Exclude<WriteResult, { kind: 'rejected' }>,
): void {
  const { response, calls } = outcome;
  const { userErrors } = response.body.data[operation];
  const isUnknown = userErrors.length > 0;
  if (isUnknown) expect(userErrors).toEqual([{ code: 'OUTCOME_UNKNOWN' }]);
  else if (kind !== 'late') expect(wasExecuted(operation, outcome)).toBe(true);
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
      if (isUnknown) expect(wasExecuted(operation, outcome)).toBe(false);
      return;
    case 'late':
      expect(calls).toMatch(operation === 'updatePhone' ? LOST.updatePhone : /^DELETE GET( DELETE)?( GET)*$/);
  }
}

function wasExecuted(operation: Write, outcome: Outcome): boolean {
  const { added, changed, deleted } = changesIn(outcome);
  return { addPhone: added > 0, updatePhone: changed, deletePhone: deleted }[operation];
}
