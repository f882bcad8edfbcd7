// The ways in which the response to a write gets lost, by whether the write was executed.
import type { FaultAction } from '../../emulator/emulator.ts';

/** The write was executed. */
export const DONE: readonly (readonly [string, FaultAction])[] = [
  ['a reset after the work', { reset: 'after' }],
  ['a reset within the answer', { reset: 'mid-body' }],
  ['an answer cut short', { truncate: true }],
  ['a 500 after the work', { commitThen: 500 }],
  ['a 503 after the work', { commitThen: 503 }],
  ['a 504 after the work', { commitThen: 504 }],
  ['a page of HTML', { commitThen: { status: 200, body: '<html></html>', contentType: 'text/html' } }],
  ['a success without a body', { rewrite: (answer) => ({ ...answer, body: undefined }) }],
  ['a success without an id', { rewrite: (answer) => ({ ...answer, body: { number: '1' } }) }],
  ['no answer at all after the work', { hang: 'after-commit' }],
];

/** The write was not executed. */
export const LOST: readonly (readonly [string, FaultAction])[] = [
  ['a reset before the work', { reset: 'before' }],
  ['a 500 instead of the work', { status: 500 }],
  ['a 502 instead of the work', { status: 502 }],
  ['a 503 instead of the work', { status: 503, headers: { 'retry-after': '1' } }],
  ['a 504 instead of the work', { status: 504 }],
  ['a 408 instead of the work', { status: 408 }],
  ['a page of HTML instead of the work', { html: 502 }],
  ['no answer and no work', { hang: true }],
];
