// Wraps a real store and makes it fail or wait when a test says so. Each replica has its own wrapper.
import { type Store, StoreFailure } from '../../src/store/store.ts';

/** `before`: the command does not reach the store. `after`: the store executes it and the response is lost. */
export type Moment = 'before' | 'after';

export interface TroubledStore extends Store {
  /** The commands since the last `clear`, such as `add key`. */
  readonly calls: readonly string[];
  clear(): void;
  /** Makes the `nth` command from now fail. 1 is the next. */
  failAt(nth: number, moment: Moment, kind?: StoreFailure['kind']): void;
  /** Makes every command from the `nth` on fail. */
  failFrom(nth: number): void;
  /** Makes the `nth` command wait until the returned function is called. `held` resolves when it waits. */
  holdAt(nth: number, moment: Moment): { readonly held: Promise<void>; release(): void };
  /** Removes all faults. */
  heal(): void;
}

interface Trouble {
  readonly from: number;
  readonly to: number;
  readonly moment: Moment;
  strike(): Promise<void>;
}

export function troubled(store: Store): TroubledStore {
  let calls: string[] = [];
  let asked = 0;
  let troubles: Trouble[] = [];

  /** The shared secret is read before every step, so it fails only when everything fails. */
  const isStep = (name: string): boolean => name !== 'secret';

  async function ask<T>(what: string, name: string, work: () => Promise<T>): Promise<T> {
    if (!isStep(name)) {
      await troubles.find(({ from, to }) => to === Number.POSITIVE_INFINITY && from <= asked + 1)?.strike();
      return work();
    }
    asked += 1;
    const place = asked;
    calls.push(`${what} ${name.slice(0, name.indexOf(':'))}`);
    const met = (moment: Moment): Trouble | undefined =>
      troubles.find((one) => one.moment === moment && one.from <= place && place <= one.to);
    await met('before')?.strike();
    const result = await work();
    await met('after')?.strike();
    return result;
  }

  const fail = (kind: StoreFailure['kind']) => () => Promise.reject(new StoreFailure(kind));

  return {
    get calls() {
      return calls;
    },
    clear() {
      calls = [];
    },
    failAt(nth, moment, kind = 'unreachable') {
      troubles.push({ from: asked + nth, to: asked + nth, moment, strike: fail(kind) });
    },
    failFrom(nth) {
      troubles.push({
        from: asked + nth,
        to: Number.POSITIVE_INFINITY,
        moment: 'before',
        strike: fail('unreachable'),
      });
    },
    holdAt(nth, moment) {
      const begun = Promise.withResolvers<void>();
      const end = Promise.withResolvers<void>();
      const strike = (): Promise<void> => {
        begun.resolve();
        return end.promise;
      };
      troubles.push({ from: asked + nth, to: asked + nth, moment, strike });
      return { held: begun.promise, release: () => end.resolve() };
    },
    heal() {
      troubles = [];
    },
    add: (name, value, ttlMs) => ask('add', name, () => store.add(name, value, ttlMs)),
    get: (name) => ask('get', name, () => store.get(name)),
    put: (name, value, ttlMs) => ask('put', name, () => store.put(name, value, ttlMs)),
    replace: (name, expected, value, ttlMs) =>
      ask('replace', name, () => store.replace(name, expected, value, ttlMs)),
    remove: (name, expected) => ask('remove', name, () => store.remove(name, expected)),
    close: () => store.close(),
  };
}

/** A store that records everything that is written to it. */
export function written(store: Store): { readonly store: Store; readonly texts: readonly string[] } {
  const texts: string[] = [];
  return {
    texts,
    store: {
      ...store,
      add(name, value, ttlMs) {
        texts.push(name, value);
        return store.add(name, value, ttlMs);
      },
      put(name, value, ttlMs) {
        texts.push(name, value);
        return store.put(name, value, ttlMs);
      },
      replace(name, expected, value, ttlMs) {
        texts.push(name, value);
        return store.replace(name, expected, value, ttlMs);
      },
    },
  };
}
