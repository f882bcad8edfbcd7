// JSON.parse for a long text, in slices. It parses a few hundred kilobytes at a time and yields to the event loop in
// between. It returns the same value as JSON.parse, and throws for the same texts.
//
// One pass over the text finds the start and end of each list and object, and the commas between items. When the unparsed
// items of a list are long enough, they are parsed as a separate list. The text around such a list is parsed in pieces too.
// Each piece consists of whole items or properties, so JSON.parse validates all of it.

/** Characters parsed at a time. Parsing them takes a few milliseconds. */
const SLICE = 256 * 1024;
/** Levels of nesting that are tracked. Deeper values are parsed at once. Microsoft Graph's responses have five levels. */
const DEEPEST = 32;

/** A list or an object whose end has not been reached. */
interface Open {
  readonly isList: boolean;
  readonly start: number;
  /** Start and end of its key in the text, quotes included. */
  readonly key: readonly [number, number];
  /** The part that is parsed. Null when nothing is parsed yet. */
  value: unknown[] | Record<string, unknown> | null;
  /** Start of the unparsed text. It is a comma once something is parsed. */
  from: number;
}

export function isLongJson(bytes: number): boolean {
  return bytes > 2 * SLICE;
}

/**
 * @param nextTurn resolves in a later turn of the event loop
 * @param slice characters parsed at a time; other values are for tests
 * @throws SyntaxError for a text that JSON.parse does not accept
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
  /** Open levels below the deepest tracked one. */
  #beyond = 0;
  #at = 0;
  #lastString: readonly [number, number] = [0, 0];
  readonly #slice: number;
  /** Set once the outermost value is complete and was parsed in slices. */
  #whole: { readonly value: unknown; readonly around: string } | null = null;

  constructor(text: string, slice: number) {
    this.#text = text;
    this.#slice = slice;
  }

  /** Reads up to the end of the next slice. @returns whether the end of the text is reached */
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

  /** Parses the items of the innermost list up to this comma if they are long enough. */
  #cut(): boolean {
    const list = this.#open.at(-1);
    if (list === undefined || this.#beyond > 0 || !list.isList || this.#at - list.from < this.#slice)
      return false;
    this.#take(list, this.#at, null);
    return true;
  }

  /** Parses the unparsed text up to `end`. @param inner the parsed value that starts at `end`, if any */
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

/** The remaining items or properties, followed by null in place of an inner value. Null when there are none. */
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

/** Like JSON.parse, treats `__proto__` as an ordinary property. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
