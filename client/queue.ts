// The phones of a run that have no result yet. What is taken is held until it is released, and of a person who has a
// phone in one call, none is taken for another.
import type { AddPhoneInput } from './__generated__/graphql.ts';

export interface Item {
  readonly input: AddPhoneInput & { readonly idempotencyKey: string };
  /** In the list of the caller. */
  readonly place: number;
  readonly key: string;
  /** Whose phone, by a name of the person. */
  readonly owner: string;
  tries: number;
  /** With how many, itself included, it may be in one call. */
  most: number;
  /** When it may be sent again, by the clock that never goes back. */
  readyAt: number;
  /** When it was sent first in this run; null before. */
  sentAt: number | null;
}

export interface Queue {
  /** Whether nothing waits and nothing is held. */
  readonly isEmpty: boolean;
  /** At most so many that are ready, in the order of the list, and holds them. */
  take(most: number, now: number): readonly Item[];
  /** Milliseconds until there is something to take; null where that takes a release. */
  readyIn(now: number): number | null;
  /** Resolves at the next release. */
  released(): Promise<void>;
  /** Ends the hold. */
  release(items: readonly Item[]): void;
  /** Lets items wait again. */
  putBack(items: readonly Item[]): void;
}

export function createQueue(items: readonly Item[]): Queue {
  let waiting: Item[] = [...items];
  const held = new Map<string, Set<Item>>();
  let listeners: (() => void)[] = [];

  function hold(some: readonly Item[]): void {
    for (const item of some) held.set(item.owner, (held.get(item.owner) ?? new Set()).add(item));
  }

  return {
    get isEmpty() {
      return waiting.length === 0 && held.size === 0;
    },
    take(most, now) {
      const taken: Item[] = [];
      const left: Item[] = [];
      let room = most;
      for (const item of waiting) {
        const isFree = item.readyAt <= now && !held.has(item.owner);
        const hasRoom = taken.length < Math.min(room, item.most);
        if (isFree && hasRoom) room = Math.min(room, item.most);
        (isFree && hasRoom ? taken : left).push(item);
      }
      waiting = left;
      hold(taken);
      return taken;
    },
    readyIn(now) {
      const moments = waiting.flatMap(({ owner, readyAt }) => (held.has(owner) ? [] : [readyAt - now]));
      return moments.length === 0
        ? null
        : Math.max(
            0,
            moments.reduce((least, one) => Math.min(least, one)),
          );
    },
    released: () => new Promise((resolve) => listeners.push(resolve)),
    release(some) {
      for (const item of some) {
        const own = held.get(item.owner);
        own?.delete(item);
        if (own?.size === 0) held.delete(item.owner);
      }
      const told = listeners;
      listeners = [];
      for (const tell of told) tell();
    },
    putBack(some) {
      waiting = [...waiting, ...some].sort((one, other) => one.place - other.place);
    },
  };
}
