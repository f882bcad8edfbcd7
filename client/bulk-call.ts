// One call of `addPhones`, and what it says of each of its phones: a result, or that it has to be sent again. A phone is
// noted in the journal before it is sent for the first time, and when it was added.
import { AddPhonesDocument, type AddPhonesMutation } from './__generated__/graphql.ts';
import type { CallSize } from './call-size.ts';
import type { PhonesError } from './errors.ts';
import type { Outcome } from './exchange.ts';
import type { Journal, Past } from './journal.ts';
import { pauseOf, whileRetryable } from './persist.ts';
import type { Item, Queue } from './queue.ts';
import { type AddedPhone, nothingThere, type UserError, userErrorsOf, whileOpen } from './results.ts';
import type { CallOptions, Session } from './session.ts';

/** What the calls of a run share. */
export interface Run {
  readonly session: Session;
  readonly options: CallOptions;
  readonly journal: Journal;
  /** Milliseconds that a phone, or all of them, may go without an answer. */
  readonly budgetMs: number;
  readonly queue: Queue;
  readonly results: AddedPhone[];
  readonly past: Past;
  readonly size: CallSize;
  readonly health: Health;
}

export interface Health {
  /** When a call came through last. */
  workedAt: number;
}

/** Sends items that were taken from the queue, and releases them. */
export async function send(run: Run, items: readonly Item[], signal: AbortSignal): Promise<void> {
  const { session, options, queue, size, health } = run;
  try {
    await noteSending(run, items);
    const variables = { input: { phones: items.map(({ input }) => input) } };
    const operation = { document: AddPhonesDocument, variables, isRepeatable: true };
    const outcome = await session.once(operation, { ...options, signal }, run.budgetMs);
    const payload = (outcome.data as AddPhonesMutation | null)?.addPhones ?? null;
    if (payload === null) return withoutResults(run, items, outcome);
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
function withoutResults(run: Run, items: readonly Item[], outcome: Outcome): void {
  const { session, size, results } = run;
  const error = outcome.errors[0] ?? nothingThere();
  const least = whileRetryable(outcome);
  if (least !== null && session.runtime.elapsed() - run.health.workedAt < run.budgetMs) {
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
