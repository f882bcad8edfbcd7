// Tracks the size of a response during execution, and decides when to yield to the event loop. It counts values (fields of
// objects, items of lists, an error as several) and characters of JSON. Work is counted in units, so that a slice of any
// content takes about ten milliseconds and no clock has to be read.
import { OperationEnded } from '../runtime/errors.ts';

export interface ResponseLimits {
  /** Most values of one response: fields and items of lists. An error counts as 50. */
  readonly responseValues: number;
  /** Most characters of the JSON of one response, counted approximately. In UTF-8 a character takes 1 to 3 bytes. */
  readonly responseBytes: number;
}

/** Units of work in a slice. A value is one unit. */
const SLICE = 20_000;
const RESOLVER = 100;
const ERROR = 500;
const VALUES_OF_ERROR = 50;
/** Characters of an error without its message and path: locations, code and other extensions. */
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
    super('TIMEOUT', 'The request ran out of time before its response was complete.', { retryable: true });
  }
}

export class ResponseSize {
  characters = 0;
  values = 0;
  readonly #limits: ResponseLimits;
  readonly #nextTurn: () => Promise<void>;
  /** Whether an object that exceeds the limits is an error. Otherwise only items of lists are. */
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

  /** Always the same error object, so that all lists of the response end with it. */
  tooLarge(values = this.values): ResponseTooLarge {
    const { responseValues, responseBytes } = this.#limits;
    this.#tooLarge ??= new ResponseTooLarge(
      values > responseValues
        ? `response values: at most ${responseValues} in a response. Request fewer users or fewer fields.`
        : `response bytes: at most ${responseBytes} in a response. Request fewer users or fewer fields.`,
    );
    return this.#tooLarge;
  }

  /** The error for a response of at least this size. Null within the limits. */
  withAtLeast(values: number, characters: number): ResponseTooLarge | null {
    const { responseValues, responseBytes } = this.#limits;
    return values > responseValues || characters > responseBytes ? this.tooLarge(values) : null;
  }

  /** At the end of a slice, a promise for a later turn of the event loop. Null within a slice. */
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
