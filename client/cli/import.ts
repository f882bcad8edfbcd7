// Adds the phones of a CSV file, each once, however often the command is killed and run again: a journal beside the file
// knows the keys. What was not added is in a file of its own, with the reason, in a form that can be imported again.
import { rename, rm, writeFile } from 'node:fs/promises';
import type { CountryCode } from 'libphonenumber-js/max';
import { createFileJournal } from '../file-journal.ts';
import type { AddedPhone, PhonesClient } from '../index.ts';
import { readTable, type Table, writeRow } from './csv.ts';
import { createMeter, type Terminal } from './progress.ts';
import { linesOf, reportOn } from './report.ts';
import { type BadRow, type Phone, phonesOf } from './rows.ts';

export interface ImportOptions {
  readonly client: PhonesClient;
  readonly bytes: Uint8Array;
  readonly journal: string;
  /** Where to write what was not added. */
  readonly failed: string;
  readonly isDryRun: boolean;
  readonly isTidied: boolean;
  readonly country: CountryCode | null;
  /** Milliseconds that a phone may go without an answer. */
  readonly budgetMs: number;
  readonly terminal: Terminal;
  readonly elapsed: () => number;
  readonly signal: AbortSignal;
}

interface Failure extends BadRow {
  readonly code: string;
}

/** Resolves with whether every row was added, or could be. */
export async function importPhones(options: ImportOptions): Promise<boolean> {
  const { bytes, country, isDryRun, terminal } = options;
  const table = readTable(bytes);
  const rows = phonesOf(table, options);
  for (const line of reportOn(rows, country)) terminal.write(`${line}\n`);
  const bad = rows.bad.map((one) => ({ ...one, code: 'INVALID_INPUT' }));
  const failures = isDryRun ? await tryOut(options, rows.phones) : await add(options, rows.phones);
  const all = [...bad, ...failures].sort((one, other) => one.row.line - other.row.line);
  if (!isDryRun) await writeFailures(options.failed, table, all);
  terminal.write(`${conclusion(options, table.rows.length, all.length)}\n`);
  return all.length === 0;
}

function conclusion({ isDryRun, failed }: ImportOptions, total: number, bad: number): string {
  if (isDryRun) return `${total - bad} of ${total} rows can be added. Nothing was sent but questions.`;
  if (bad === 0) return `All ${total} phones are added.`;
  return `${total - bad} of ${total} phones are added. ${failed} has the others, with the reasons.`;
}

async function add(options: ImportOptions, phones: readonly Phone[]): Promise<readonly Failure[]> {
  const { client, journal, terminal, elapsed, signal, budgetMs } = options;
  const meter = createMeter(terminal, elapsed);
  try {
    const { results } = await client.addPhones(
      phones.map(({ input }) => input),
      { journal: createFileJournal(journal), onProgress: meter.show, signal, budgetMs },
    );
    return phones.flatMap(({ row }, at) => failureOf(row, results[at]));
  } finally {
    meter.end();
  }
}

function failureOf(row: Phone['row'], result: AddedPhone | undefined): Failure[] {
  switch (result?.status) {
    case 'added':
      return [];
    case 'refused': {
      const [first] = result.userErrors;
      return [{ row, code: first?.code ?? 'UNRECOGNIZED', reason: first?.message ?? '' }];
    }
    case 'expired': {
      const reason = 'It was sent more than 23 hours ago and no response came. Look whether it is there.';
      return [{ row, code: 'OUTCOME_UNKNOWN', reason }];
    }
    default: {
      const why = result?.error ?? result?.userErrors[0];
      const reason = `${why?.message ?? 'There was no response.'} Run the same command again.`;
      return [{ row, code: why?.code ?? 'OUTCOME_UNKNOWN', reason }];
    }
  }
}

/** The columns of the table, then where the row was and why it was not added. */
async function writeFailures(path: string, { header }: Table, failures: readonly Failure[]): Promise<void> {
  if (failures.length === 0) return rm(path, { force: true });
  const head = [...header, 'line', 'code', 'reason'];
  const lines = failures.map(({ row, code, reason }) => {
    const cells = Array.from(
      { length: Math.max(header.length, row.cells.length) },
      (_, at) => row.cells[at] ?? '',
    );
    return writeRow([...cells, String(row.line), code, reason]);
  });
  await writeFile(`${path}.new`, writeRow(head) + lines.join(''), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

const EXISTS = 'query Exists($ids: [ID!]!) { users(ids: $ids) { id } }';
const AT_ONCE = 500;

/** Whether there are the people that the rows name. */
async function tryOut(options: ImportOptions, phones: readonly Phone[]): Promise<readonly Failure[]> {
  const { client, terminal, signal } = options;
  const ids = [...new Set(phones.flatMap(({ input }) => input.userId ?? []))];
  const missing = new Set<string>();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE);
    const found = await existing(client, some, signal);
    some.forEach((id, at) => {
      if (!found[at]) missing.add(id);
    });
  }
  const reason = 'There is no such person, or you may not see them.';
  const failures = phones.flatMap(({ row, input }) =>
    missing.has(input.userId ?? '') ? [{ row, code: 'NOT_FOUND', reason }] : [],
  );
  if (failures.length > 0)
    terminal.write(`${linesOf(failures.map(({ row }) => row.line))}: cannot be added: ${reason}\n`);
  return failures;
}

interface Existing {
  readonly users: readonly (object | null)[];
}

async function existing(
  client: PhonesClient,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Existing['users']> {
  try {
    return (await client.request<Existing>(EXISTS, { ids }, { signal })).users;
  } catch (error) {
    // An ill-formed id is an error at its place, with the others beside it.
    const { code, data } = error as { code?: string; data?: Existing | null };
    if (code === 'BAD_USER_INPUT' && data) return data.users;
    throw error;
  }
}
