// Random filters of users, each with its result by the text of OData (URL conventions 4.01, 5.1.1). A filter is a tree
// that can be serialized and evaluated. Shares no code with the emulator's parser. A truth value is 1 for true, 0 for
// false and 0.5 for null. `and` is then the minimum, `or` the maximum, and `not` the difference from 1.
import type { Random } from '../../emulator/runtime/random.ts';

export type User = Readonly<Record<string, string | boolean | null | readonly string[]>>;

export interface Filter {
  /** The expression, not percent-encoded. */
  readonly text: string;
  /** The precedence: 3 for a comparison, 2 for `not`, 1 for `and`, 0 for `or`. */
  readonly precedence: number;
  truth(user: User): number;
}

interface FilterOptions {
  readonly random: Random;
  readonly users: readonly User[];
  /** Whether the filter can have operators that need an advanced query. */
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

export function randomFilter(options: FilterOptions, depth: number): Filter {
  const { random, isAdvanced } = options;
  const roll = depth === 0 ? 1 : random.fraction();
  if (roll < 0.3) return joined('and', 1, inner(options, depth), inner(options, depth), Math.min);
  if (roll < 0.6) return joined('or', 0, inner(options, depth), inner(options, depth), Math.max);
  if (roll < 0.75 && isAdvanced) return negated(inner(options, depth), random);
  return leaf(options);
}

function inner(options: FilterOptions, depth: number): Filter {
  return randomFilter(options, depth - 1);
}

function joined(
  word: string,
  precedence: number,
  left: Filter,
  right: Filter,
  truth: (a: number, b: number) => number,
): Filter {
  const text = `${withParentheses(left, precedence)} ${word} ${withParentheses(right, precedence + 1)}`;
  return { text, precedence, truth: (user) => truth(left.truth(user), right.truth(user)) };
}

/** Adds parentheses only where they are needed. */
function withParentheses(filter: Filter, precedence: number): string {
  return filter.precedence < precedence ? `(${filter.text})` : filter.text;
}

function negated(filter: Filter, random: Random): Filter {
  const word = random.fraction() < 0.5 ? 'not' : 'NOT';
  return { text: `${word} (${filter.text})`, precedence: 2, truth: (user) => 1 - filter.truth(user) };
}

function leaf(options: FilterOptions): Filter {
  const kinds = options.isAdvanced
    ? [equality, membership, boolean, number, prefix, order, suffix, nothing, difference, advancedText]
    : [equality, membership, boolean, number, prefix, order];
  return pick(options.random, kinds)(options);
}

function alone(text: string, truth: (user: User) => boolean | null): Filter {
  return {
    text,
    precedence: 3,
    truth: (user) => {
      const value = truth(user);
      return value === null ? 0.5 : Number(value);
    },
  };
}

function equality(options: FilterOptions): Filter {
  const name = pick(options.random, TEXTS);
  const value = someValue(options, name);
  return alone(`${name} eq ${quoted(value)}`, (user) => isSame(user[name], value));
}

function difference(options: FilterOptions): Filter {
  const name = pick(options.random, [...TEXTS, ...ADVANCED_TEXTS]);
  const value = someValue(options, name);
  return alone(`${name} ne ${quoted(value)}`, (user) => !isSame(user[name], value));
}

function advancedText(options: FilterOptions): Filter {
  const name = pick(options.random, ADVANCED_TEXTS);
  const value = someValue(options, name);
  const start = value.slice(0, 7);
  return options.random.fraction() < 0.5
    ? alone(`${name} eq ${quoted(value)}`, (user) => isSame(user[name], value))
    : alone(`startsWith(${name}, ${quoted(start)})`, (user) =>
        ofText(user[name], (text) => text.startsWith(folded(start))),
      );
}

function membership(options: FilterOptions): Filter {
  const name = pick(options.random, TEXTS);
  const values = [someValue(options, name), someValue(options, name), someValue(options, name)];
  return alone(`${name} in (${values.map(quoted).join(', ')})`, (user) =>
    values.some((value) => isSame(user[name], value)),
  );
}

function boolean({ random }: FilterOptions): Filter {
  const value = random.fraction() < 0.5;
  return alone(`accountEnabled eq ${value}`, (user) => user['accountEnabled'] === value);
}

function number(options: FilterOptions): Filter {
  const numbers = options.users.flatMap(({ businessPhones }) => businessPhones as readonly string[]);
  const value = pick(options.random, numbers);
  return alone(`businessPhones/any(p:p eq ${quoted(value)})`, ({ businessPhones }) =>
    (businessPhones as readonly string[]).includes(value),
  );
}

function prefix(options: FilterOptions): Filter {
  const name = pick(options.random, STARTING);
  const start = someValue(options, name).slice(0, 1 + Math.floor(options.random.fraction() * 3));
  const word = pick(options.random, ['startsWith', 'startswith']);
  return alone(`${word}(${name},${quoted(start)})`, (user) =>
    ofText(user[name], (text) => text.startsWith(folded(start))),
  );
}

function suffix(options: FilterOptions): Filter {
  const name = pick(options.random, ENDING);
  const end = someValue(options, name).slice(-(12 + Math.floor(options.random.fraction() * 6)));
  return alone(`endsWith(${name},${quoted(end)})`, (user) =>
    ofText(user[name], (text) => text.endsWith(folded(end))),
  );
}

function order(options: FilterOptions): Filter {
  const name = pick(options.random, ORDERED);
  const value = someValue(options, name);
  const isUp = options.random.fraction() < 0.5;
  return alone(`${name} ${isUp ? 'ge' : 'le'} ${quoted(value)}`, (user) => {
    const text = user[name];
    if (typeof text !== 'string') return false;
    return isUp ? folded(text) >= folded(value) : folded(text) <= folded(value);
  });
}

function nothing({ random }: FilterOptions): Filter {
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

/** A value that a user has, in any letter case, or one that no user has. */
function someValue({ random, users }: FilterOptions, name: string): string {
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
