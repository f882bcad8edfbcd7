// Rows of a table as phones to add, or why a row is none.
import type { AddPhoneInput } from '../index.ts';
import { type Row, type Table, withoutGuard } from './csv.ts';
import { tidy } from './numbers.ts';

type Column = 'user' | 'number' | 'type' | 'name' | 'audiences';

/** Names of columns, in small letters without spaces, hyphens and underscores. */
const COLUMNS: Readonly<Record<Column, readonly string[]>> = {
  user: ['user', 'userid', 'userprincipalname'],
  number: ['number', 'phone', 'phonenumber'],
  type: ['type'],
  name: ['name', 'displayname'],
  audiences: ['audiences', 'allowedaudiences'],
};

/** Columns that this command writes itself and does not read. */
const WRITTEN = ['id', 'username', 'modified', 'line', 'code', 'reason'];

export interface Phone {
  readonly row: Row;
  readonly input: AddPhoneInput;
}

export interface BadRow {
  readonly row: Row;
  readonly reason: string;
}

export interface Phones {
  readonly phones: readonly Phone[];
  readonly bad: readonly BadRow[];
  /** Names of columns that are of no use here. */
  readonly unused: readonly string[];
}

/** @throws Error when a column is missing or there twice */
export function phonesOf({ header, rows }: Table, { isTidied }: { readonly isTidied: boolean }): Phones {
  const names = header.map((name) => name.toLowerCase().replaceAll(/[\s_-]/g, ''));
  const places = placesOf(names);
  const known = [...Object.values(COLUMNS).flat(), ...WRITTEN];
  const unused = header.filter((_, at) => !known.includes(names[at] ?? ''));
  const phones: Phone[] = [];
  const bad: BadRow[] = [];
  for (const row of rows) {
    const cell = (column: Column): string => withoutGuard(row.cells[places[column]] ?? '');
    const reason =
      row.cells.length > header.length ? 'It has more cells than there are columns.' : flawOf(cell);
    if (reason === null) phones.push({ row, input: inputOf(cell, isTidied) });
    else bad.push({ row, reason });
  }
  return { phones, bad, unused };
}

/** -1 for a column that is not there. */
function placesOf(names: readonly string[]): Record<Column, number> {
  const places = Object.entries(COLUMNS).map(([column, allowed]) => {
    const found = names.flatMap((name, at) => (allowed.includes(name) ? [at] : []));
    if (found.length > 1) throw new Error(`There are several columns for ${column}.`);
    return [column, found[0] ?? -1];
  });
  const all: Record<Column, number> = Object.fromEntries(places);
  if (all.number === -1)
    throw new Error('There is no column `number`. The first line has the names of the columns.');
  return all;
}

type Cell = (column: Column) => string;

type Type = NonNullable<AddPhoneInput['type']>;
type Audience = NonNullable<AddPhoneInput['allowedAudiences']>[number];

/** By name, so that a member that the schema gains and this list lacks does not compile. */
const TYPES = namesOf<Type>({
  HOME: true,
  BUSINESS: true,
  MOBILE: true,
  OTHER: true,
  ASSISTANT: true,
  HOME_FAX: true,
  BUSINESS_FAX: true,
  OTHER_FAX: true,
  PAGER: true,
  RADIO: true,
});
const AUDIENCES = namesOf<Audience>({
  ME: true,
  FAMILY: true,
  CONTACTS: true,
  GROUP_MEMBERS: true,
  ORGANIZATION: true,
  FEDERATED_ORGANIZATIONS: true,
  EVERYONE: true,
});

function namesOf<Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] {
  return Object.keys(names) as Name[];
}

const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** As the gateway would say it, so that it need not be asked. Null for none. */
function flawOf(cell: Cell): string | null {
  const number = cell('number');
  if (number.trim() === '') return 'The number is empty.';
  if (number.length > 256) return 'The number has more than 256 characters.';
  if (CONTROL.test(number))
    return 'The number has control characters, or characters that change the direction of writing.';
  if (CONTROL.test(cell('name')))
    return 'The name has control characters, or characters that change the direction of writing.';
  if (cell('name').length > 256) return 'The name has more than 256 characters.';
  if (cell('type').trim() !== '' && wordOf(cell('type'), TYPES) === null)
    return `The type is none of ${TYPES.join(', ')}.`;
  const isKnown = audiencesOf(cell).every((one) => wordOf(one, AUDIENCES) !== null);
  return isKnown ? null : `The audiences are not all of ${AUDIENCES.join(', ')}.`;
}

function inputOf(cell: Cell, isTidied: boolean): AddPhoneInput {
  const type = wordOf(cell('type'), TYPES);
  const allowedAudiences = audiencesOf(cell).flatMap((one) => wordOf(one, AUDIENCES) ?? []);
  const user = cell('user').trim();
  return {
    ...(user === '' ? {} : { userId: user }),
    number: isTidied ? tidy(cell('number')) : cell('number'),
    ...(type === null ? {} : { type }),
    ...(cell('name') === '' ? {} : { displayName: cell('name') }),
    ...(allowedAudiences.length === 0 ? {} : { allowedAudiences }),
  };
}

/** Several stand in one cell, with spaces, commas, semicolons or bars between. */
function audiencesOf(cell: Cell): string[] {
  return cell('audiences')
    .split(/[\s,;|]+/)
    .filter((one) => one !== '');
}

/** The word of the schema for what somebody wrote, such as `homeFax`, `home fax` or `HOME_FAX`; null for none. */
function wordOf<Word extends string>(text: string, words: readonly Word[]): Word | null {
  const plain = text.toLowerCase().replaceAll(/[\s_-]/g, '');
  return words.find((word) => word.toLowerCase().replaceAll('_', '') === plain) ?? null;
}
