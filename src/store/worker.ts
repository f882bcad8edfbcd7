// The store as one of several workers of this machine has it: it asks the process that started them all, which holds it in
// its memory. A call that is not answered in time, or whose answer cannot come any more, has failed as with Redis: whether
// it was carried out cannot be said.
import type { Channel } from '../runtime/channel.ts';
import type { Clock } from '../runtime/clock.ts';
import { createListeners } from '../runtime/listeners.ts';
import { TooLate, within } from '../runtime/with-timeout.ts';
import { isStoreAnswer, isStoreNews, type StoreAnswer, type StoreCall } from './calls.ts';
import { type Store, StoreFailure } from './store.ts';

export interface WorkerStoreOptions {
  readonly channel: Channel;
  readonly clock: Clock;
  /** Milliseconds for one call, after which it has failed. */
  readonly deadlineMs?: number;
}

/** A call takes a tenth of a millisecond. The process that is asked has little to do, but may have to wait for a core. */
export const DEADLINE_MS = 1_000;

type Question = StoreCall extends infer Call
  ? Call extends StoreCall
    ? Omit<Call, 'kind' | 'id'>
    : never
  : never;

export function createWorkerStore({ channel, clock, deadlineMs = DEADLINE_MS }: WorkerStoreOptions): Store {
  const waiting = new Map<number, PromiseWithResolvers<StoreAnswer>>();
  const listeners = createListeners();
  let asked = 0;
  let isGone = false;

  function end(): void {
    isGone = true;
    for (const { reject } of waiting.values()) reject(new StoreFailure('unreachable'));
  }

  channel.onEnd(end);
  channel.listen((message) => {
    if (isStoreAnswer(message)) waiting.get(message.id)?.resolve(message);
    else if (isStoreNews(message)) {
      for (const hear of listeners.of(message.channel)) hear(message.message);
    }
  });

  async function ask<T extends string | boolean | null>(question: Question): Promise<T> {
    if (isGone) throw new StoreFailure('unreachable');
    asked += 1;
    const id = asked;
    const answered = Promise.withResolvers<StoreAnswer>();
    waiting.set(id, answered);
    try {
      channel.send({ kind: 'store call', id, ...question });
      const answer = await within(clock, deadlineMs, answered.promise);
      if ('failure' in answer) throw new StoreFailure(answer.failure);
      return answer.value as T;
    } catch (error) {
      throw error instanceof TooLate ? new StoreFailure('unreachable', error) : error;
    } finally {
      waiting.delete(id);
    }
  }

  return {
    add: (name, value, ttlMs) => ask({ what: 'add', name, value, ttlMs }),
    get: (name) => ask({ what: 'get', name }),
    async put(name, value, ttlMs) {
      await ask({ what: 'put', name, value, ttlMs });
    },
    replace: (name, expected, value, ttlMs) => ask({ what: 'replace', name, expected, value, ttlMs }),
    remove: (name, expected) => ask({ what: 'remove', name, expected }),
    async tell(channel, message) {
      await ask({ what: 'tell', channel, message }).catch(() => {});
    },
    listen: listeners.listen,
    close: async () => end(),
  };
}
