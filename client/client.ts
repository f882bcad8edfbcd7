// The client: what a service or a script calls. It holds no connection and no state but its options, needs nothing but the
// platform's fetch, and can be made once and used by many at the same time.
import type { AddPhoneInput, DeletePhoneInput, UpdatePhoneInput } from './__generated__/graphql.ts';
import { type AddPhonesOptions, type AddPhonesResult, addPhones } from './add-phones.ts';
import {
  type AddPhoneResult,
  addPhone,
  type DeletePhoneResult,
  deletePhone,
  type UpdatePhoneResult,
  updatePhone,
} from './changes.ts';
import { isQuery, type TypedDocument, textOf } from './document.ts';
import type { PhonesError } from './errors.ts';
import { createExchange, type TokenProvider, type TraceContext } from './exchange.ts';
import { whileNotRun, whileRetryable } from './persist.ts';
import { createUserReader, type DirectoryOptions, directory, me, type User, users } from './reads.ts';
import { dataOf } from './results.ts';
import { platform, type Runtime } from './runtime.ts';
import { type CallOptions, createSession, run } from './session.ts';

export interface PhonesClientOptions {
  /** Where the gateway answers, such as `https://phones.example.com/graphql`. */
  readonly url: string | URL;
  readonly token: string | TokenProvider;
  /** Milliseconds that the gateway is given for one request (`x-request-timeout-ms`). Default 15,000. */
  readonly timeoutMs?: number;
  /** Milliseconds for a read with all its tries. Default 60,000. */
  readonly readBudgetMs?: number;
  /**
   * Milliseconds for a change with all its tries. Default 420,000: the gateway may wait five minutes before it holds a
   * phone that it sent and never saw to have come to nothing.
   */
  readonly changeBudgetMs?: number;
  /** The caller's place in a trace, asked for each request. */
  readonly traceContext?: () => TraceContext | null;
  /** Parts of the platform to replace, such as `fetch`. */
  readonly runtime?: Partial<Runtime>;
}

export interface RequestOptions extends CallOptions {
  /**
   * Whether the operation may run twice. Default: true for a query. A mutation is sent again only where the gateway says
   * that it did not begin, unless this says that it may, for example because each addition in it has a key.
   */
  readonly isRepeatable?: boolean;
}

/** Every method rejects with a `PhonesError`, or with the reason of the signal it was given. */
export interface PhonesClient {
  /** Runs an operation of your own. Any error in the response rejects; its `data` has what came beside. */
  request<Result = unknown, Variables = Readonly<Record<string, unknown>>>(
    document: TypedDocument<Result, Variables>,
    variables?: Variables,
    options?: RequestOptions,
  ): Promise<Result>;
  /** The caller. */
  me(options?: CallOptions): Promise<User>;
  /** One person by object id or user principal name; null for nobody. All that are wanted in one turn are one request. */
  user(id: string): Promise<User | null>;
  /** Many people, in the order asked: the person, null for nobody, or why the person cannot be read. */
  users(ids: readonly string[], options?: CallOptions): Promise<readonly (User | null | PhonesError)[]>;
  /** Everybody, read page by page as the iteration goes on. */
  directory(options?: DirectoryOptions): AsyncIterableIterator<User>;
  /** Adds a phone, once. It is sent again with the same key until the outcome is known. */
  addPhone(input: AddPhoneInput, options?: CallOptions): Promise<AddPhoneResult>;
  /** Adds any number of phones, each once. With a journal it can be taken up again after a crash. */
  addPhones(
    phones: Iterable<AddPhoneInput> | AsyncIterable<AddPhoneInput>,
    options?: AddPhonesOptions,
  ): Promise<AddPhonesResult>;
  updatePhone(input: UpdatePhoneInput, options?: CallOptions): Promise<UpdatePhoneResult>;
  deletePhone(input: DeletePhoneInput, options?: CallOptions): Promise<DeletePhoneResult>;
}

const DEFAULTS = { timeoutMs: 15_000, readBudgetMs: 60_000, changeBudgetMs: 420_000 };

/** @throws TypeError that names the option that is wrong */
export function createPhonesClient(options: PhonesClientOptions): PhonesClient {
  const { timeoutMs, readBudgetMs, changeBudgetMs } = { ...DEFAULTS, ...options };
  for (const [name, value] of Object.entries({ timeoutMs, readBudgetMs, changeBudgetMs }))
    if (!(value >= 1)) throw new TypeError(`${name} must be a number of milliseconds from 1, not ${value}.`);
  const url = urlOf(options.url);
  const runtime = { ...platform, ...options.runtime };
  const exchange = createExchange({ url, token: options.token, runtime });
  const { traceContext } = options;
  const limits = { timeoutMs, readBudgetMs, changeBudgetMs };
  const session = createSession({ url, runtime, exchange, traceContext, ...limits });
  return {
    async request(document, variables, { isRepeatable, ...call } = {}) {
      const query = textOf(document);
      const mayRepeat = isRepeatable ?? isQuery(query);
      const operation = { document: query, variables: variables ?? {}, isRepeatable: mayRepeat };
      return dataOf(await run(session, operation, call, mayRepeat ? whileRetryable : whileNotRun));
    },
    me: (call = {}) => me(session, call),
    user: createUserReader(session),
    users: (ids, call = {}) => users(session, ids, call),
    directory: (call = {}) => directory(session, call),
    addPhone: (input, call = {}) => addPhone(session, input, call),
    addPhones: (phones, call = {}) => addPhones(session, phones, call),
    updatePhone: (input, call = {}) => updatePhone(session, input, call),
    deletePhone: (input, call = {}) => deletePhone(session, input, call),
  };
}

function urlOf(url: string | URL): string {
  try {
    return new URL(url).href;
  } catch {
    throw new TypeError(`url must be an absolute URL, not ${String(url)}.`);
  }
}
