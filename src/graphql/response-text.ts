// Writes the JSON of a response. A large one is written in slices, so that other requests can run in between.
import type { ExecutionResult } from 'graphql';

/** Levels whose parts are written separately. The phones of users in the directory are on the seventh. */
const LEVELS = 7;
/** The lowest of these levels. A part there without a long list, such as a phone, is written at once. */
const LOWER_LEVELS = 3;
const LONG_LIST = 16;
/** Characters written before yielding to the event loop. */
const SLICE = 128 * 1024;
/**
 * Longer responses are written in slices, which takes three times as long as `JSON.stringify`. `JSON.stringify` takes a few
 * milliseconds for this many characters.
 */
const LARGE = 512 * 1024;

type Json = Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * The bytes of the same text as `JSON.stringify` returns, followed by a line feed.
 *
 * @param nextTurn resolves in a later turn of the event loop
 */
export async function writeInSlices(result: unknown, nextTurn: () => Promise<void>): Promise<Buffer[]> {
  const slices: Buffer[] = [];
  let parts: string[] = [];
  let characters = 0;
  for (const part of partsOf(result, LEVELS)) {
    parts.push(part);
    characters += part.length;
    if (characters < SLICE) continue;
    slices.push(Buffer.from(parts.join('')));
    parts = [];
    characters = 0;
    await nextTurn();
  }
  parts.push('\n');
  slices.push(Buffer.from(parts.join('')));
  return slices;
}

export function writeAtOnce(result: unknown): string {
  return `${JSON.stringify(result)}\n`;
}

function* partsOf(value: unknown, levels: number): Generator<string> {
  if (levels === 0 || !isJson(value) || hasOwnForm(value) || isShort(value, levels)) {
    yield JSON.stringify(value) ?? 'null';
  } else if (Array.isArray(value)) {
    yield '[';
    for (const [at, item] of value.entries()) {
      if (at > 0) yield ',';
      yield* partsOf(item, levels - 1);
    }
    yield ']';
  } else {
    yield* partsOfObject(value as Readonly<Record<string, unknown>>, levels);
  }
}

function* partsOfObject(value: Readonly<Record<string, unknown>>, levels: number): Generator<string> {
  let before = '{';
  for (const name of Object.keys(value)) {
    const inner = value[name];
    if (inner === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    yield* partsOf(inner, levels - 1);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

function isShort(value: Json, levels: number): boolean {
  return levels <= LOWER_LEVELS && !hasLongList(value, levels);
}

function hasLongList(value: Json, levels: number): boolean {
  if (Array.isArray(value) && value.length > LONG_LIST) return true;
  if (levels === 0) return false;
  return Object.values(value).some((inner) => isJson(inner) && hasLongList(inner, levels - 1));
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function hasOwnForm(value: Json): boolean {
  return typeof (value as { readonly toJSON?: unknown }).toJSON === 'function';
}

/** Which responses are large enough to be written in slices. */
export interface LargeResponses {
  note(result: ExecutionResult, characters: number): void;
  has(data: unknown): boolean;
}

export function createLargeResponses(): LargeResponses {
  const known = new WeakSet<object>();
  return {
    note({ data }, characters) {
      if (characters > LARGE && data !== null && data !== undefined) known.add(data);
    },
    has: (data) => typeof data === 'object' && data !== null && known.has(data),
  };
}
