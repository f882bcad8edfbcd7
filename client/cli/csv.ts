// CSV files as people have them: with or without a byte order mark, with commas, semicolons or tabs as their spreadsheet
// writes them, rows with too few cells. Reading is csv-parse; writing is RFC 4180.
import { parse } from 'csv-parse/sync';

export interface Row {
  /** The line of the file on which the row ends, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/** @throws Error that says what is wrong with the file, and in which line */
export function readTable(bytes: Uint8Array): Table {
  const text = decode(bytes);
  const options = {
    bom: true,
    delimiter: delimiterOf(text),
    relax_column_count: true,
    skip_empty_lines: true,
  };
  // With `info`, each record comes with where it was; the types of csv-parse do not say so.
  const records = parse(text, { ...options, info: true }) as unknown as Parsed[];
  const [header, ...rows] = records.map(({ record, info }) => ({ line: info.lines, cells: record }));
  if (header === undefined) throw new Error('The file is empty.');
  return { header: header.cells, rows };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Error('The file is not in UTF-8. Save it as "CSV UTF-8".', { cause });
  }
}

/** What the header has most of. */
function delimiterOf(text: string): string {
  const [header = ''] = text.split(/\r?\n/, 1);
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

export function writeRow(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n;\t]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const FORMULA = /^[=+@\t\r-]/;
/** What begins so and is harmless: a number with a country code. */
const NUMBER = /^\+[\d ().-]+$/;

/**
 * A value that somebody else chose, as a cell that no spreadsheet takes for a formula: with an apostrophe before it.
 * `withoutGuard` takes it off again.
 */
export function guarded(value: string): string {
  return FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
}

export function withoutGuard(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}
