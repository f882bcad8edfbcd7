// What a worker says to the process that holds the store for all of them, and what it is told. Messages of other kinds
// travel on the same channel.
import type { StoreFailure } from './store.ts';

export type StoreCall = { readonly kind: 'store call'; readonly id: number } & (
  | { readonly what: 'add' | 'put'; readonly name: string; readonly value: string; readonly ttlMs: number }
  | { readonly what: 'get'; readonly name: string }
  | {
      readonly what: 'replace';
      readonly name: string;
      readonly expected: string;
      readonly value: string;
      readonly ttlMs: number;
    }
  | { readonly what: 'remove'; readonly name: string; readonly expected: string }
  | { readonly what: 'tell'; readonly channel: string; readonly message: string }
);

export type StoreAnswer = { readonly kind: 'store answer'; readonly id: number } & (
  | { readonly value: string | boolean | null }
  | { readonly failure: StoreFailure['kind'] }
);

/** Told to all workers, the teller included. */
export interface StoreNews {
  readonly kind: 'store news';
  readonly channel: string;
  readonly message: string;
}

/** Both ends are this program, so a message that says what it is has what belongs to it. */
export function isStoreCall(message: unknown): message is StoreCall {
  return kindOf(message) === 'store call';
}

export function isStoreAnswer(message: unknown): message is StoreAnswer {
  return kindOf(message) === 'store answer';
}

export function isStoreNews(message: unknown): message is StoreNews {
  return kindOf(message) === 'store news';
}

function kindOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;
}
