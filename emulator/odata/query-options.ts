// Query options as they stand in a URL: which are known, and what each means. On beta the `$` may be left out
// (Microsoft Graph docs, query-parameters). An option that the path does not have is refused, never passed over.

import { graphErrors } from '../graph/errors.ts';
import { order } from './literals.ts';
import type { Kind, Model } from './model.ts';
import { valueAt } from './model.ts';

/** By lower-case name without the `$`. */
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
 * @param lacking the options that it has in Graph, and not here
 * @throws a refusal for any other option, and for one that stands there twice
 */
export function readOptions(
  query: string,
  allowed: readonly string[],
  lacking: readonly string[] = [],
): Options {
  if (query === '') return NONE;
  const options = new Map<string, string>();
  for (const [written, value] of new URLSearchParams(query)) {
    const name = optionName(written);
    if (lacking.includes(name))
      throw graphErrors.notEmulated(`the query parameter '${written}' of this path`);
    if (!allowed.includes(name) || options.has(name)) throw graphErrors.option(written);
    options.set(name, value);
  }
  return options;
}

function optionName(written: string): string {
  const lower = written.toLowerCase();
  const bare = lower.startsWith('$') ? lower.slice(1) : lower;
  return SYSTEM.has(bare) ? bare : written;
}

/** A whole number of 0 or more; undefined when the option is absent. */
export function readNumber(options: Options, name: string): number | undefined {
  const value = options.get(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw graphErrors.optionValue(`$${name}`, value);
  return Number(value);
}

/** @param smallest 0 where a page of nothing is allowed, else 1 */
export function readTop(options: Options, smallest: 0 | 1): number | undefined {
  const top = readNumber(options, 'top');
  if (top !== undefined && (top < smallest || top > 999))
    throw graphErrors.badRequest(
      `Invalid page size specified: '${top}'. Must be between ${smallest} and 999 inclusive.`,
    );
  return top;
}

export function readCount(options: Options): boolean {
  const value = options.get('count') ?? 'false';
  if (value !== 'true' && value !== 'false') throw graphErrors.optionValue('$count', value);
  return value === 'true';
}

/** The names selected, in the order asked; undefined where `$select` is absent or has a star. Answers have `id` besides. */
export function readSelect(options: Options, model: Model): ReadonlySet<string> | undefined {
  const value = options.get('select');
  if (value === undefined) return undefined;
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('*')) return undefined;
  for (const name of names)
    if (!model.properties.includes(name)) throw model.unknown(name, graphErrors.select(name, model.type));
  return new Set(names);
}

/** A comparison for sorting, by all keys in turn; undefined when no order is asked. */
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
  const [path = '', direction = 'asc', ...more] = key.trim().split(/\s+/);
  const kind = Object.hasOwn(model.kinds, path) ? model.kinds[path] : undefined;
  if (kind === undefined || !['asc', 'desc'].includes(direction) || more.length > 0)
    throw graphErrors.optionValue('$orderby', key);
  return { path, kind, sign: direction === 'desc' ? -1 : 1 };
}

/** The same query with one option given another value, all else kept as it was written. */
export function withOption(query: string, name: string, value: string): string {
  const kept = query.split('&').filter((part) => part !== '' && !isOption(part, name));
  return [...kept, `$${name}=${encodeURIComponent(value)}`].join('&');
}

function isOption(part: string, name: string): boolean {
  const [written = ''] = new URLSearchParams(part).keys();
  return optionName(written) === name;
}
