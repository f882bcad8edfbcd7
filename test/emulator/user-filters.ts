// Random filters of users, and what each means, by the text of OData alone (URL conventions 4.01, 5.1.1): a tree that can
// be written as an expression and be evaluated. Shares nothing with the emulator's parser. A truth value is 1, 0, or one
// half for null, so that `and` is the least, `or` the greatest, and `not` what is missing to one.
import type { Random } from '../../emulator/runtime/random.ts';

export type User = Readonly<Record<string, string | boolean | null | readonly string[]>>;

export interface Filter {
  /** As it stands in a URL, not encoded. */
  readonly text: string;
  /** How tight it binds: 3 alone, 2 as `not`, 1 as `and`, 0 as `or`. */
  readonly binding: number;
  truth(user: User): number;
}

interface Choice {
  readonly random: Random;
  readonly users: readonly User[];
  /** Whether what needs an advanced query may be in it. */
  readonly isAdvanced: boolean;
}

const TEXTS = [
  'department',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'surname',
  'userPrincipalName',
  'userType',
];
const ADVANCED_TEXTS = ['mobilePhone', 'officeLocation', 'preferredLanguage'];
const NO_NULL = new Set(['mail', 'userPrincipalName']);
const ORDERED = ['department', 'givenName', 'jobTitle', 'mail', 'surname'];
const STARTING = ['department', 'displayName', 'givenName', 'mail', 'surname', 'userPrincipalName'];
const ENDING = ['mail', 'userPrincipalName'];

export function randomFilter(choice: Choice, depth: number): Filter {
  const { random, isAdvanced } = choice;
  const roll = depth === 0 ? 1 : random.fraction();
  if (roll < 0.3) return joined('and', 1, inner(choice, depth), inner(choice, depth), Math.min);
  if (roll < 0.6) return joined('or', 0, inner(choice, depth), inner(choice, depth), Math.max);
  if (roll < 0.75 && isAdvanced) return negated(inner(choice, depth), random);
  return leaf(choice);
}

function inner(choice: Choice, depth: number): Filter {
  return randomFilter(choice, depth - 1);
}

function joined(
  word: string,
  binding: number,
  left: Filter,
  right: Filter,
  truth: (a: number, b: number) => number,
): Filter {
  const text = `${within(left, binding)} ${word} ${within(right, binding + 1)}`;
  return { text, binding, truth: (user) => truth(left.truth(user), right.truth(user)) };
}

/** In parentheses only where they are needed. */
function within(filter: Filter, binding: number): string {
  return filter.binding < binding ? `(${filter.text})` : filter.text;
}

function negated(filter: Filter, random: Random): Filter {
  const word = random.fraction() < 0.5 ? 'not' : 'NOT';
  return { text: `${word} (${filter.text})`, binding: 2, truth: (user) => 1 - filter.truth(user) };
}

function leaf(choice: Choice): Filter {
  const kinds = choice.isAdvanced
    ? [equality, membership, boolean, number, prefix, order, suffix, nothing, difference, advancedText]
    : [equality, membership, boolean, number, prefix, order];
  return pick(choice.random, kinds)(choice);
}

function alone(text: string, truth: (user: User) => boolean | null): Filter {
  return {
    text,
    binding: 3,
    truth: (user) => {
      const value = truth(user);
      return value === null ? 0.5 : Number(value);
    },
  };
}

function equality(choice: Choice): Filter {
  const name = pick(choice.random, TEXTS);
  const value = someValue(choice, name);
  return alone(`${name} eq ${quoted(value)}`, (user) => isSame(user[name], value));
}

function difference(choice: Choice): Filter {
  const name = pick(choice.random, [...TEXTS, ...ADVANCED_TEXTS]);
  const value = someValue(choice, name);
  return alone(`${name} ne ${quoted(value)}`, (user) => !isSame(user[name], value));
}

function advancedText(choice: Choice): Filter {
  const name = pick(choice.random, ADVANCED_TEXTS);
  const value = someValue(choice, name);
  const start = value.slice(0, 7);
  return choice.random.fraction() < 0.5
    ? alone(`${name} eq ${quoted(value)}`, (user) => isSame(user[name], value))
    : alone(`startsWith(${name}, ${quoted(start)})`, (user) =>
        ofText(user[name], (text) => text.startsWith(folded(start))),
      );
}

function membership(choice: Choice): Filter {
  const name = pick(choice.random, TEXTS);
  const values = [someValue(choice, name), someValue(choice, name), someValue(choice, name)];
  return alone(`${name} in (${values.map(quoted).join(', ')})`, (user) =>
    values.some((value) => isSame(user[name], value)),
  );
}

function boolean({ random }: Choice): Filter {
  const value = random.fraction() < 0.5;
  return alone(`accountEnabled eq ${value}`, (user) => user['accountEnabled'] === value);
}

function number(choice: Choice): Filter {
  const numbers = choice.users.flatMap(({ businessPhones }) => businessPhones as readonly string[]);
  const value = pick(choice.random, numbers);
  return alone(`businessPhones/any(p:p eq ${quoted(value)})`, ({ businessPhones }) =>
    (businessPhones as readonly string[]).includes(value),
  );
}

function prefix(choice: Choice): Filter {
  const name = pick(choice.random, STARTING);
  const start = someValue(choice, name).slice(0, 1 + Math.floor(choice.random.fraction() * 3));
  const word = pick(choice.random, ['startsWith', 'startswith']);
  return alone(`${word}(${name},${quoted(start)})`, (user) =>
    ofText(user[name], (text) => text.startsWith(folded(start))),
  );
}

function suffix(choice: Choice): Filter {
  const name = pick(choice.random, ENDING);
  const end = someValue(choice, name).slice(-(12 + Math.floor(choice.random.fraction() * 6)));
  return alone(`endsWith(${name},${quoted(end)})`, (user) =>
    ofText(user[name], (text) => text.endsWith(folded(end))),
  );
}

function order(choice: Choice): Filter {
  const name = pick(choice.random, ORDERED);
  const value = someValue(choice, name);
  const isUp = choice.random.fraction() < 0.5;
  return alone(`${name} ${isUp ? 'ge' : 'le'} ${quoted(value)}`, (user) => {
    const text = user[name];
    if (typeof text !== 'string') return false;
    return isUp ? folded(text) >= folded(value) : folded(text) <= folded(value);
  });
}

function nothing({ random }: Choice): Filter {
  const name = pick(
    random,
    [...TEXTS, ...ADVANCED_TEXTS].filter((one) => !NO_NULL.has(one)),
  );
  const isNull = random.fraction() < 0.5;
  return alone(`${name} ${isNull ? 'eq' : 'ne'} null`, (user) => (user[name] === null) === isNull);
}

/** A function of null is null. */
function ofText(value: User[string] | undefined, test: (text: string) => boolean): boolean | null {
  return typeof value === 'string' ? test(folded(value)) : null;
}

function isSame(value: User[string] | undefined, other: string): boolean {
  return typeof value === 'string' && folded(value) === folded(other);
}

/** One that somebody has, in some letter case, or one that nobody has. */
function someValue({ random, users }: Choice, name: string): string {
  const value = pick(random, users)[name];
  if (typeof value !== 'string') return "nobody's";
  return random.fraction() < 0.3 ? value.toUpperCase() : value;
}

function folded(text: string): string {
  return text.toLowerCase();
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random.fraction() * items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}
