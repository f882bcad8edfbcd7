// Any number of phones, in calls of a good size, each phone with a key of its own: so a phone can be sent again in whatever
// call has room for it. What has no answer yet goes back to the queue; what was added is noted in the journal.
//
// Phones of one person are never in two calls at the same time, since the gateway adds those one after the other.
import type { AddPhoneInput } from './__generated__/graphql.ts';
import { type Run, send } from './bulk-call.ts';
import { createCallSize } from './call-size.ts';
import { createMemoryJournal, type Journal, keysOf, openRun, type Past } from './journal.ts';
import { createQueue, type Item } from './queue.ts';
import type { AddedPhone } from './results.ts';
import type { CallOptions, Session } from './session.ts';

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
  const health = { workedAt: session.runtime.elapsed() };
  const run: Run = {
    session,
    options,
    journal,
    budgetMs,
    queue,
    results,
    past,
    size: createCallSize(),
    health,
  };
  const progress = createProgress(run, inputs.length, options);
  progress();
  await workOff(run, progress, options.concurrency ?? 2);
  return { results, added: results.filter(({ status }) => status === 'added').length };
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

function createProgress({ results }: Run, total: number, { onProgress }: AddPhonesOptions): () => void {
  return () => {
    let added = 0;
    let failed = 0;
    // An item that is not done with has no place in the array yet.
    results.forEach(({ status }) => {
      if (status === 'added') added += 1;
      else failed += 1;
    });
    onProgress?.({ total, added, failed });
  };
}

async function workOff(run: Run, progress: () => void, concurrency: number): Promise<void> {
  const { signal } = run.options;
  const stop = new AbortController();
  const ended = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const lanes = Array.from({ length: concurrency }, async () => {
    try {
      await lane(run, ended, progress);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  });
  await Promise.all(lanes);
}

async function lane(run: Run, signal: AbortSignal, progress: () => void): Promise<void> {
  const { queue, session, size } = run;
  while (!queue.isEmpty) {
    signal.throwIfAborted();
    const items = queue.take(size.value, session.runtime.elapsed());
    if (items.length === 0) await idle(run, signal);
    else {
      await send(run, items, signal);
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
