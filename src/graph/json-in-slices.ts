// JSON.parse for a long text, in slices: lists are parsed a few hundred kilobytes at a time, and the event loop is let go in
// between. The value is the same as that of JSON.parse, and so is whether there is one.
//
// One pass over the text finds where lists and objects begin and end, and the commas between their items. Once the items of
// a list that are not parsed yet are long enough, they are parsed as a list of their own. Around such a list, what is left
// of the text is parsed piece by piece too. So each piece is a text of whole items or properties, which JSON.parse judges.

/** Characters of items that are parsed at once; they take some milliseconds. */
const SLICE = 256 * 1024;
/** Lists and objects in each other; what is in those is parsed at once. Those of Microsoft Graph are five. */
const DEEPEST = 32;

/** A list or an object that has begun and not ended. */
interface Open {
  readonly isList: boolean;
  readonly start: number;
  /** The key that it stands under, quotes included: where it begins and ends in the text. */
  readonly key: readonly [number, number];
  /** What is parsed of it; null for nothing yet. */
  value: unknown[] | Record<string, unknown> | null;
  /** Where the text begins that is not parsed yet. Once something is parsed, that is a comma. */
  from: number;
}

export function isLongJson(bytes: number): boolean {
  return bytes > 2 * SLICE;
}

/**
 * Rejects with a SyntaxError.
 *
 * @param nextTurn resolves in a later turn of the event loop
 * @param slice characters; for tests
 */
export async function parseInSlices(
  text: string,
  nextTurn: () => Promise<void>,
  slice = SLICE,
): Promise<unknown> {
  const reading = new Reading(text, slice);
  while (!reading.readSlice()) await nextTurn();
  return reading.end();
}

class Reading {
  readonly #text: string;
  readonly #open: Open[] = [];
  /** Levels that are open beyond the deepest. */
  #beyond = 0;
  #at = 0;
  #lastString: readonly [number, number] = [0, 0];
  readonly #slice: number;
  /** Set where some of the text was parsed before the rest. */
  #whole: { readonly value: unknown; readonly around: string } | null = null;

  constructor(text: string, slice: number) {
    this.#text = text;
    this.#slice = slice;
  }

  /** Goes on to the next slice. @returns whether the end of the text was reached */
  readSlice(): boolean {
    const text = this.#text;
    for (; this.#at < text.length; this.#at += 1) {
      switch (text.charCodeAt(this.#at)) {
        case QUOTE:
          this.#passString();
          break;
        case BRACKET:
        case BRACE:
          this.#begin();
          break;
        case BRACKET_END:
        case BRACE_END:
          this.#close();
          break;
        case COMMA:
          if (this.#cut()) {
            this.#at += 1;
            return false;
          }
      }
    }
    return true;
  }

  end(): unknown {
    if (this.#open.some(({ value }) => value !== null)) throw new SyntaxError('JSON');
    if (this.#whole === null) return JSON.parse(this.#text);
    if (!isBlank(this.#whole.around)) throw new SyntaxError('JSON');
    return this.#whole.value;
  }

  #passString(): void {
    const text = this.#text;
    const start = this.#at;
    let at = start + 1;
    for (let char = text.charCodeAt(at); char !== QUOTE; char = text.charCodeAt(at)) {
      if (at >= text.length) throw new SyntaxError('JSON');
      at += char === BACKSLASH ? 2 : 1;
    }
    this.#at = at;
    this.#lastString = [start, at + 1];
  }

  #begin(): void {
    if (this.#open.length === DEEPEST) {
      this.#beyond += 1;
      return;
    }
    const isList = this.#text.charCodeAt(this.#at) === BRACKET;
    const [start, from] = [this.#at, this.#at + 1];
    this.#open.push({ isList, start, key: this.#lastString, value: null, from });
  }

  #close(): void {
    if (this.#beyond > 0) {
      this.#beyond -= 1;
      return;
    }
    const closed = this.#open.pop();
    if (closed === undefined || this.#whole !== null) throw new SyntaxError('JSON');
    if (closed.value === null) return;
    if (closed.isList !== (this.#text.charCodeAt(this.#at) === BRACKET_END)) throw new SyntaxError('JSON');
    this.#take(closed, this.#at, null);
    const around = this.#open.at(-1);
    if (around === undefined) this.#whole = { value: closed.value, around: this.#around(closed) };
    else this.#take(around, closed.start, closed);
  }

  #around({ start }: Open): string {
    return this.#text.slice(0, start) + this.#text.slice(this.#at + 1);
  }

  /** Parses the items of the innermost list up to this comma, where they are long enough. */
  #cut(): boolean {
    const list = this.#open.at(-1);
    if (list === undefined || this.#beyond > 0 || !list.isList || this.#at - list.from < this.#slice)
      return false;
    this.#take(list, this.#at, null);
    return true;
  }

  /** Parses what is left of the text up to `end`. @param inner what stands there and is parsed already */
  #take(into: Open, end: number, inner: Open | null): void {
    const rest = restOf(this.#text.slice(into.from, end), into.value === null, inner !== null);
    into.value ??= into.isList ? [] : {};
    into.from = inner === null ? end : this.#at + 1;
    if (rest !== null) add(into.value, JSON.parse(into.isList ? `[${rest}]` : `{${rest}}`));
    if (inner === null) return;
    if (Array.isArray(into.value)) into.value[into.value.length - 1] = inner.value;
    else define(into.value, JSON.parse(this.#text.slice(...inner.key)), inner.value);
  }
}

const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACKET_END, BRACE, BRACE_END] = [34, 92, 44, 91, 93, 123, 125];

/** Whole items or properties, with null in the place of what follows them; null for none. */
function restOf(text: string, isFirst: boolean, hasInner: boolean): string | null {
  if (!hasInner && !isFirst && isBlank(text)) return null;
  const rest = isFirst ? text : text.replace(/^[ \t\n\r]*,/, '');
  const isWhole = isFirst || rest.length < text.length;
  if (!isWhole || (!hasInner && isBlank(rest))) throw new SyntaxError('JSON');
  return hasInner ? `${rest}null` : rest;
}

function isBlank(text: string): boolean {
  return /^[ \t\n\r]*$/.test(text);
}

function add(value: unknown[] | Record<string, unknown>, more: unknown): void {
  if (Array.isArray(value)) for (const item of more as unknown[]) value.push(item);
  else for (const [key, inner] of Object.entries(more as object)) define(value, key, inner);
}

/** Like JSON.parse: `__proto__` is a property like any other. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
