// The store of several workers, in the memory of the process that started them: it does what they ask for, one call after
// the other, so that what is one step there is one step for all.
import type { Channel } from '../runtime/channel.ts';
import { isStoreCall, type StoreAnswer, type StoreCall, type StoreNews } from './calls.ts';
import { type Store, StoreFailure } from './store.ts';

export interface StoreHost {
  /** Serves a worker until its end of the channel is gone. */
  serve(channel: Channel): void;
}

export function createStoreHost(store: Store): StoreHost {
  const channels = new Set<Channel>();

  async function tellAll(channel: string, message: string): Promise<null> {
    await store.tell(channel, message);
    const news: StoreNews = { kind: 'store news', channel, message };
    for (const worker of channels) worker.send(news);
    return null;
  }

  async function answer(call: StoreCall): Promise<StoreAnswer> {
    const head = { kind: 'store answer', id: call.id } as const;
    try {
      return {
        ...head,
        value: call.what === 'tell' ? await tellAll(call.channel, call.message) : await run(store, call),
      };
    } catch (error) {
      if (error instanceof StoreFailure) return { ...head, failure: error.kind };
      throw error;
    }
  }

  return {
    serve(channel) {
      channels.add(channel);
      channel.onEnd(() => channels.delete(channel));
      channel.listen((message) => {
        if (isStoreCall(message)) void answer(message).then(channel.send);
      });
    },
  };
}

async function run(
  store: Store,
  call: Exclude<StoreCall, { readonly what: 'tell' }>,
): Promise<string | boolean | null> {
  switch (call.what) {
    case 'add':
      return store.add(call.name, call.value, call.ttlMs);
    case 'get':
      return store.get(call.name);
    case 'put':
      await store.put(call.name, call.value, call.ttlMs);
      return null;
    case 'replace':
      return store.replace(call.name, call.expected, call.value, call.ttlMs);
    case 'remove':
      return store.remove(call.name, call.expected);
  }
}
