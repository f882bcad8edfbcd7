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
