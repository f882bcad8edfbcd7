// What tests measure, for a page that shows it: one JSON line for each row, in the file that RECORD_ROWS names. Without
// that variable nothing is written, and tests are what they were.
import { appendFileSync } from 'node:fs';

export type Row = Readonly<Record<string, string | number>>;

/** @param page the page that the row is for */
export function record(page: 'faults' | 'door', row: Row): void {
  const file = process.env['RECORD_ROWS'];
  if (file === undefined || file === '') return;
  appendFileSync(file, `${JSON.stringify({ page, ...row })}\n`);
}

/** What may be tried at the door, in the order of the page. */
export const DOOR_KINDS = [
  'Requests without a token that could be one',
  'Tokens with a flaw',
  'Good tokens of somebody who may not come in',
  'Bytes that are no request to be carried out',
  'Clients that take their time',
  'Requests that cannot run',
  'Documents, where the schema may be read',
  'Documents, where it may not',
  'Ids that could move a request',
] as const;

export interface Attempt {
  readonly kind: (typeof DOOR_KINDS)[number];
  readonly what: string;
  /** As performance.now() had it when it began. */
  readonly start: number;
  readonly status: number;
  readonly codes: readonly string[];
  /** Requests that it cost Microsoft Graph and Entra ID. */
  readonly calls: number;
}

/** One row of what was tried at the door; to be called as soon as the answer is there. */
export function recordAttempt({ kind, what, start, status, codes, calls }: Attempt): void {
  const ms = Math.round((performance.now() - start) * 10) / 10;
  record('door', { kind, what, status, code: [...new Set(codes)].join(', '), ms, calls });
}
