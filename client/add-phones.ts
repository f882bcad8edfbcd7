// Any number of phones, in calls of a good size, each phone with a key of its own: so a phone can be sent again in whatever
// call has room for it. What has no answer yet goes back to the queue; what was added is noted in the journal.
//
// Phones of one person are never in two calls at the same time, since the gateway adds those one after the other.
import { type AddPhoneInput, AddPhonesDocument, type AddPhonesMutation } from './__generated__/graphql.ts';
import { type CallSize, createCallSize } from './call-size.ts';
import type { PhonesError } from './errors.ts';
import type { Outcome } from './exchange.ts';
import { createMemoryJournal, type Journal, keysOf, openRun, type Past } from './journal.ts';
import { pauseOf, whileRetryable } from './persist.ts';
import { createQueue, type Item, type Queue } from './queue.ts';
import { nothingThere, type UserError, userErrorsOf, whileOpen } from './results.ts';
import type { CallOptions, Session } from './session.ts';

/** What became of one phone. */
export type AddedPhone =
  | { readonly status: 'added'; readonly phoneId: string }
  /** It was not added, and sending it again as it is would not help. */
  | { readonly status: 'refused'; readonly userErrors: readonly UserError[] }
  /** The service was in trouble for longer than the budget. The phone may have been added; its key still holds. */
  | { readonly status: 'open'; readonly error: PhonesError | null; readonly userErrors: readonly UserError[] }
  /** It was sent so long ago that the gateway may have forgotten its key. A person has to look. */
  | { readonly status: 'expired' };

export interface AddPhonesResult {
  /** In the order of the phones. */
  readonly results: readonly AddedPhone[];
  readonly added: number;
}

export interface AddPhonesProgress {
  readonly total: number;
  readonly added: number;
  /** Those that are done with and were not added. */
  readonly failed: number;
}

export interface AddPhonesOptions extends CallOptions {
  /** Where to remember what was sent. The same journal and the same phones take up where an earlier run ended. */
  readonly journal?: Journal | undefined;
  /** Is told after each call. */
  readonly onProgress?: ((progress: AddPhonesProgress) => void) | undefined;
  /** Calls at a time, 1 or more. Default 2. */
  readonly concurrency?: number | undefined;
  /** Milliseconds that one phone, or all of them, may go without an answer. Default: the budget of a change. */
  readonly budgetMs?: number | undefined;
}

/** Milliseconds after which the gateway, which keeps a key for 24 hours, is no longer relied on to know it. */
const KEY_MS = 23 * 60 * 60 * 1000;

/** @throws PhonesError when the gateway refuses the call itself, or no call comes through for the whole budget */
export async function addPhones(
  session: Session,
  phones: Iterable<AddPhoneInput> | AsyncIterable<AddPhoneInput>,
  options: AddPhonesOptions,
): Promise<AddPhonesResult> {
  const { journal = createMemoryJournal(), budgetMs = session.changeBudgetMs } = options;
  const inputs: AddPhoneInput[] = [];
  for await (const phone of phones) inputs.push(phone);
  const past = await openRun(journal, session.runtime.key(), session.url);
  const keys = await keysOf(past.run, inputs);
  const results = new Array<AddedPhone>(inputs.length);
  const items = inputs.map((input, place) => itemOf(input, place, keys[place] ?? ''));
  const queue = createQueue(items.filter((item) => !settleByPast(session, item, past, results)));
  const run = { session, options, journal, budgetMs, queue, results, past, size: createCallSize() };
  const progress = createProgress(run, inputs.length);
  progress();
  await workOff(run, progress);
  return { results, added: results.filter(({ status }) => status === 'added').length };
}

interface Run {
  readonly session: Session;
  readonly options: AddPhonesOptions;
  readonly journal: Journal;
  readonly budgetMs: number;
  readonly queue: Queue;
  readonly results: AddedPhone[];
  readonly past: Past;
  readonly size: CallSize;
}

function itemOf(input: AddPhoneInput, place: number, made: string): Item {
  const key = input.idempotencyKey ?? made;
  const owner = (input.userId ?? '').toLowerCase();
  return {
    input: { ...input, idempotencyKey: key },
    place,
    key,
    owner,
    tries: 0,
    most: Infinity,
    readyAt: 0,
    sentAt: null,
  };
}

/** Whether an earlier run has said all there is to say of a phone. */
function settleByPast(
  { runtime }: Session,
  { key, place }: Item,
  past: Past,
  results: AddedPhone[],
): boolean {
  const phoneId = past.added.get(key);
  if (phoneId !== undefined) results[place] = { status: 'added', phoneId };
  else if (runtime.now() - (past.sentAt.get(key) ?? runtime.now()) > KEY_MS)
    results[place] = { status: 'expired' };
  return results[place] !== undefined;
}

function createProgress({ results, options }: Run, total: number): () => void {
  return () => {
    let added = 0;
    let failed = 0;
    // An item that is not done with has no place in the array yet.
    results.forEach(({ status }) => {
      if (status === 'added') added += 1;
      else failed += 1;
    });
    options.onProgress?.({ total, added, failed });
  };
}

async function workOff(run: Run, progress: () => void): Promise<void> {
  const { concurrency = 2, signal } = run.options;
  const stop = new AbortController();
  const ended = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const health = { workedAt: run.session.runtime.elapsed() };
  const lanes = Array.from({ length: concurrency }, async () => {
    try {
      await lane(run, ended, health, progress);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  });
  await Promise.all(lanes);
}

interface Health {
  /** When a call came through last. */
  workedAt: number;
}

async function lane(run: Run, signal: AbortSignal, health: Health, progress: () => void): Promise<void> {
  const { queue, session, size } = run;
  while (!queue.isEmpty) {
    signal.throwIfAborted();
    const items = queue.take(size.value, session.runtime.elapsed());
    if (items.length === 0) await idle(run, signal);
    else {
      await send(run, items, signal, health);
      progress();
    }
  }
}

/** Resolves when there may be something to take again. */
async function idle({ queue, session: { runtime } }: Run, signal: AbortSignal): Promise<void> {
  const ms = queue.readyIn(runtime.elapsed());
  if (ms === null) return queue.released();
  const over = new AbortController();
  try {
    await Promise.race([queue.released(), runtime.sleep(ms, AbortSignal.any([signal, over.signal]))]);
  } finally {
    over.abort();
  }
}

async function send(run: Run, items: readonly Item[], signal: AbortSignal, health: Health): Promise<void> {
  const { session, options, queue, size } = run;
  try {
    await noteSending(run, items);
    const variables = { input: { phones: items.map(({ input }) => input) } };
    const operation = { document: AddPhonesDocument, variables, isRepeatable: true };
    const outcome = await session.once(operation, { ...options, signal }, run.budgetMs);
    const payload = (outcome.data as AddPhonesMutation | null)?.addPhones ?? null;
    if (payload === null) return withoutResults(run, items, outcome, health);
    health.workedAt = session.runtime.elapsed();
    const settled = await settle(run, items, payload, outcome);
    size.note(items.length, settled);
  } finally {
    queue.release(items);
  }
}

async function noteSending({ session, journal, past }: Run, items: readonly Item[]): Promise<void> {
  const isNew = ({ sentAt, key }: Item): boolean => sentAt === null && !past.sentAt.has(key);
  const keys = items.filter(isNew).map(({ key }) => key);
  if (keys.length > 0) await journal.append([{ kind: 'sent', keys, at: session.runtime.now() }]);
  for (const item of items) item.sentAt ??= session.runtime.elapsed();
}

/**
 * There is no result for any of them: they are sent again later, or in smaller calls to find the one that is wrong.
 *
 * @throws PhonesError where neither helps
 */
function withoutResults(run: Run, items: readonly Item[], outcome: Outcome, health: Health): void {
  const { session, size, results } = run;
  const error = outcome.errors[0] ?? nothingThere();
  const least = whileRetryable(outcome);
  if (least !== null && session.runtime.elapsed() - health.workedAt < run.budgetMs) {
    size.shrink();
    putBack(run, items, least);
    return;
  }
  if (!OF_ITS_CONTENT.has(error.code)) throw error;
  const [item] = items;
  if (items.length === 1 && item !== undefined) {
    results[item.place] = { status: 'refused', userErrors: [asUserError(error)] };
    return;
  }
  for (const one of items) one.most = Math.ceil(items.length / 2);
  run.queue.putBack(items);
}

/** Codes by which the gateway refuses a call for what is in it, as a rule for one of the phones. */
const OF_ITS_CONTENT: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'BAD_REQUEST', 'LIMIT_EXCEEDED']);

function asUserError({ message }: PhonesError): UserError {
  return { code: 'INVALID_INPUT', message, field: null, retryable: false };
}

function putBack(run: Run, items: readonly Item[], leastMs: number): void {
  for (const item of items) postpone(run, item, leastMs);
  run.queue.putBack(items);
}

function postpone({ session: { runtime } }: Run, item: Item, leastMs: number): void {
  item.readyAt = runtime.elapsed() + pauseOf(runtime, item.tries, leastMs);
  item.tries += 1;
}

type Payload = NonNullable<AddPhonesMutation['addPhones']>;

/**
 * Gives each phone its result, or puts it back. Resolves with how many have one.
 *
 * @throws PhonesError when the token does not do: what was added is noted, and the run can be taken up with another
 */
async function settle(run: Run, items: readonly Item[], payload: Payload, outcome: Outcome): Promise<number> {
  const { results, journal, queue } = run;
  const ofAll = userErrorsOf(payload.userErrors);
  const added: { kind: 'added'; key: string; phoneId: string }[] = [];
  const unsettled: Item[] = [];
  for (const [at, item] of items.entries()) {
    const answer = answerOf(run, item, payload.results[at] ?? null, errorsAt(outcome, at), ofAll);
    if ('againMs' in answer) {
      postpone(run, item, answer.againMs);
      unsettled.push(item);
    } else {
      if (answer.status === 'added') added.push({ kind: 'added', key: item.key, phoneId: answer.phoneId });
      results[item.place] = answer;
    }
  }
  if (added.length > 0) await journal.append(added);
  queue.putBack(unsettled);
  const denied = outcome.errors.find(({ code }) => code === 'UNAUTHENTICATED');
  // All that follow would fare no better.
  if (denied !== undefined) throw denied;
  return items.length - unsettled.length;
}

/** An error of a phone is at `addPhones.results.{place}` or below. */
function errorsAt({ errors }: Outcome, place: number): readonly PhonesError[] {
  return errors.filter(({ path }) => path[1] !== 'results' || path[2] === place);
}

function answerOf(
  { session, budgetMs }: Run,
  { sentAt }: Item,
  result: Payload['results'][number],
  errors: readonly PhonesError[],
  ofAll: readonly UserError[],
): AddedPhone | { readonly againMs: number } {
  const phoneId = result?.phone?.id;
  if (phoneId !== undefined) return { status: 'added', phoneId };
  const userErrors = [...userErrorsOf(result?.userErrors ?? []), ...ofAll];
  const againMs = userErrors.length > 0 ? whileOpen(userErrors) : whileRetryable({ ...NOTHING, errors });
  const isLate = session.runtime.elapsed() - (sentAt ?? 0) > budgetMs;
  if (againMs !== null && !isLate) return { againMs };
  if (userErrors.length > 0 && againMs === null) return { status: 'refused', userErrors };
  return { status: 'open', error: errors[0] ?? null, userErrors };
}

const NOTHING = { data: null, mayHaveRun: true } as const;
