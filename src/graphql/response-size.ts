// How large the response of one operation has become while it is made, and when the event loop has to be let go. Counted
// are values (fields of objects, items of lists, errors many times) and characters of JSON. What takes long to make counts
// more towards the end of a slice: a slice is then some ten milliseconds, whatever it is made of, and no clock is looked at.
import { OperationEnded } from '../runtime/errors.ts';

export interface ResponseLimits {
  /** Values of one response at most: fields, and items of lists; an error counts as 50. */
  readonly responseValues: number;
  /** Characters of the JSON of one response at most, counted roughly; in UTF-8 one takes 1 to 3 bytes. */
  readonly responseBytes: number;
}

/** Units of work in a slice: a value is one, a resolver or an error many. */
const SLICE = 20_000;
const RESOLVER = 100;
const ERROR = 500;
const VALUES_OF_ERROR = 50;
/** The JSON of an error without its message and path: places, code and other extensions. */
const CHARACTERS_OF_ERROR = 300;

/** The response exceeds its limits. */
export class ResponseTooLarge extends OperationEnded {
  constructor(message: string) {
    super('LIMIT_EXCEEDED', message);
  }
}

/** The deadline has passed, or the caller has gone away. */
export class ResponseOutOfTime extends OperationEnded {
  constructor() {
    super('TIMEOUT', 'The request ran out of time before its response was made.', { retryable: true });
  }
}

export class ResponseSize {
  characters = 0;
  values = 0;
  readonly #limits: ResponseLimits;
  readonly #nextTurn: () => Promise<void>;
  /** Whether objects that exceed the limits are refused, too, and not only items of lists. */
  readonly #isStrict: boolean;
  #work = 0;
  #begun = 0;
  #turn: Promise<void> | null = null;
  #tooLarge: ResponseTooLarge | null = null;

  constructor(limits: ResponseLimits, nextTurn: () => Promise<void>, isStrict: boolean) {
    this.#limits = limits;
    this.#nextTurn = nextTurn;
    this.#isStrict = isStrict;
  }

  /** @param characters of the object's JSON with empty values */
  addObject({
    fields,
    characters,
  }: {
    readonly fields: readonly unknown[];
    readonly characters: number;
  }): void {
    this.values += fields.length;
    this.characters += characters;
    if (this.#isStrict && this.isExceeded()) throw this.tooLarge();
  }

  addItems(count: number): void {
    this.values += count;
  }

  addResolver(): void {
    this.#work += RESOLVER;
  }

  addError(message: string, pathCharacters: number): void {
    this.#work += ERROR;
    this.values += VALUES_OF_ERROR;
    this.characters += CHARACTERS_OF_ERROR + message.length + pathCharacters;
  }

  isExceeded(): boolean {
    return this.values > this.#limits.responseValues || this.characters > this.#limits.responseBytes;
  }

  /** The same error each time: lists that go on in later turns all find it. */
  tooLarge(values = this.values): ResponseTooLarge {
    const { responseValues, responseBytes } = this.#limits;
    this.#tooLarge ??= new ResponseTooLarge(
      values > responseValues
        ? `response values: at most ${responseValues} in a response. Request fewer users or fewer fields.`
        : `response bytes: at most ${responseBytes} in a response. Request fewer users or fewer fields.`,
    );
    return this.#tooLarge;
  }

  /** What is wrong with a response of at least this size; null for nothing. */
  withAtLeast(values: number, characters: number): ResponseTooLarge | null {
    const { responseValues, responseBytes } = this.#limits;
    return values > responseValues || characters > responseBytes ? this.tooLarge(values) : null;
  }

  /** The next turn of the event loop, when it has been held long enough; null when it has not. */
  endOfSlice(): Promise<void> | null {
    if (this.#work + this.values - this.#begun < SLICE) return null;
    this.#turn ??= this.#nextTurn().then(() => {
      this.#turn = null;
      this.#work = 0;
      this.#begun = this.values;
    });
    return this.#turn;
  }
}
