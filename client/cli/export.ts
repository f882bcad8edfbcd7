// Writes the phones of everybody as CSV, one phone a row, in the columns that the import reads.
import type { PhonesClient, PhonesError, User } from '../index.ts';
import { guarded, writeRow } from './csv.ts';
import type { Terminal } from './progress.ts';

export interface ExportOptions {
  readonly client: PhonesClient;
  readonly search: string | undefined;
  /** Resolves when there is room for more. */
  readonly write: (text: string) => Promise<void>;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

const HEADER = ['user', 'userName', 'id', 'number', 'type', 'name', 'audiences', 'modified'];

/** Resolves with whether everybody's phones could be read. */
export async function exportPhones(options: ExportOptions): Promise<boolean> {
  const { client, search, write, terminal, signal } = options;
  const unread: string[] = [];
  const onError = ({ code }: PhonesError, { id }: { id: string }): void =>
    void unread.push(`${id} (${code})`);
  let people = 0;
  let phones = 0;
  await write(writeRow(HEADER));
  for await (const user of client.directory({ search, signal, onError })) {
    people += 1;
    phones += user.phones.length;
    if (user.phones.length > 0) await write(rowsOf(user));
  }
  terminal.write(`${phones} phones of ${people} people.\n`);
  if (unread.length > 0) terminal.write(`The phones of these cannot be read: ${unread.join(', ')}.\n`);
  return unread.length === 0;
}

function rowsOf({ id: user, displayName: userName, phones }: User): string {
  return phones
    .map(({ id, number, type, displayName, allowedAudiences, lastModifiedDateTime }) => {
      const audiences = allowedAudiences?.join(' ');
      const cells = [user, userName, id, number, type, displayName, audiences, lastModifiedDateTime];
      return writeRow(cells.map((cell) => guarded(cell ?? '')));
    })
    .join('');
}
