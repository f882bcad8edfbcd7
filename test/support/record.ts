// What tests measure, for a report: one JSON line for each row, in the file that RECORD_ROWS names. Without that variable
// nothing is written.
import { appendFileSync } from 'node:fs';

export type Row = Readonly<Record<string, string | number>>;

/** @param report the report that the row is for */
export function record(report: 'faults' | 'attacks', row: Row): void {
  const file = process.env['RECORD_ROWS'];
  if (file === undefined || file === '') return;
  appendFileSync(file, `${JSON.stringify({ report, ...row })}\n`);
}

/** The kinds of attack, in the order of the report. */
export const ATTACK_KINDS = [
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
  readonly kind: (typeof ATTACK_KINDS)[number];
  readonly what: string;
  /** As performance.now() had it when it began. */
  readonly start: number;
  readonly status: number;
  readonly codes: readonly string[];
  /** Requests that it cost Microsoft Graph and Entra ID. */
  readonly calls: number;
}

/** One attack; to be called as soon as the response is there. */
export function recordAttempt({ kind, what, start, status, codes, calls }: Attempt): void {
  const ms = Math.round((performance.now() - start) * 10) / 10;
  record('attacks', { kind, what, status, code: [...new Set(codes)].join(', '), ms, calls });
}
