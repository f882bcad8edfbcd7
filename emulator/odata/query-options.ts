// Parses the query options of a URL. The `$` of a name is optional, as on beta (Microsoft Graph docs, query-parameters).
// An option that the path does not have is rejected, never ignored.

import { graphErrors } from '../graph/errors.ts';
import { order } from './literals.ts';
import type { Kind, Model } from './model.ts';
import { valueAt } from './model.ts';

/** The values by lower-case name, without the `$`. */
export type Options = ReadonlyMap<string, string>;

const NONE: Options = new Map();
const SYSTEM = new Set([
  'filter',
  'orderby',
  'select',
  'skip',
  'top',
  'count',
  'search',
  'skiptoken',
  'expand',
  'format',
]);

/**
 * @param query without the question mark
 * @param allowed the options that this path has, without the `$`
 * @param notEmulated the options that only Microsoft Graph has for this path
 * @throws GraphError for any other option, and for a repeated one
 */
export function readOptions(
  query: string,
  allowed: readonly string[],
  notEmulated: readonly string[] = [],
): Options {
  if (query === '') return NONE;
  const options = new Map<string, string>();
  for (const [rawName, value] of new URLSearchParams(query)) {
    const name = optionName(rawName);
    if (notEmulated.includes(name))
      throw graphErrors.notEmulated(`the query parameter '${rawName}' of this path`);
    if (!allowed.includes(name) || options.has(name)) throw graphErrors.option(rawName);
    options.set(name, value);
  }
  return options;
}

function optionName(rawName: string): string {
  const lower = rawName.toLowerCase();
  const bare = lower.startsWith('$') ? lower.slice(1) : lower;
  return SYSTEM.has(bare) ? bare : rawName;
}

/** Parses a whole number of 0 or rest. Returns undefined for an absent option. */
export function readNumber(options: Options, name: string): number | undefined {
  const value = options.get(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw graphErrors.optionValue(`$${name}`, value);
  return Number(value);
}

/** @param min 0 where an empty page is allowed, else 1 */
export function readTop(options: Options, min: 0 | 1): number | undefined {
  const top = readNumber(options, 'top');
  if (top !== undefined && (top < min || top > 999))
    throw graphErrors.badRequest(
      `Invalid page size specified: '${top}'. Must be between ${min} and 999 inclusive.`,
    );
  return top;
}

export function readCount(options: Options): boolean {
  const value = options.get('count') ?? 'false';
  if (value !== 'true' && value !== 'false') throw graphErrors.optionValue('$count', value);
  return value === 'true';
}

/**
 * The selected properties, in the order of the query. Undefined without `$select`, and for `*`. Responses have `id` in
 * addition.
 */
export function readSelect(options: Options, model: Model): ReadonlySet<string> | undefined {
  const value = options.get('select');
  if (value === undefined) return undefined;
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('*')) return undefined;
  for (const name of names)
    if (!model.properties.includes(name)) throw model.unknown(name, graphErrors.select(name, model.type));
  return new Set(names);
}

/** A compare function that applies all keys in turn. Undefined without `$orderby`. */
export function readOrder(
  options: Options,
  model: Model,
  newer: boolean,
): ((a: object, b: object) => number) | undefined {
  const keys = options
    .get('orderby')
    ?.split(',')
    .map((key) => readKey(key, model));
  if (keys === undefined) return undefined;
  return (a, b) => {
    for (const { path, kind, sign } of keys) {
      const compared = order(kind, valueAt(a, path, kind, newer), valueAt(b, path, kind, newer));
      if (compared !== 0 && !Number.isNaN(compared)) return sign * compared;
    }
    return 0;
  };
}

function readKey(key: string, model: Model): { path: string; kind: Kind; sign: 1 | -1 } {
  const [path = '', direction = 'asc', ...rest] = key.trim().split(/\s+/);
  const kind = Object.hasOwn(model.kinds, path) ? model.kinds[path] : undefined;
  if (kind === undefined || !['asc', 'desc'].includes(direction) || rest.length > 0)
    throw graphErrors.optionValue('$orderby', key);
  return { path, kind, sign: direction === 'desc' ? -1 : 1 };
}

/** Sets one option of a query. The rest of the query is unchanged. */
export function withOption(query: string, name: string, value: string): string {
  const kept = query.split('&').filter((part) => part !== '' && !isOption(part, name));
  return [...kept, `$${name}=${encodeURIComponent(value)}`].join('&');
}

function isOption(part: string, name: string): boolean {
  const [rawName = ''] = new URLSearchParams(part).keys();
  return optionName(rawName) === name;
}
