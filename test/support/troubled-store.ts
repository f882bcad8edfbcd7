// A store that fails, or is slow, when a test says so; in front of a real one, as each replica has its own way to it.
import { type Store, StoreFailure } from '../../src/store/store.ts';

/** `before`: the store never hears of it. `after`: it does what it is asked, and nobody hears. */
export type Moment = 'before' | 'after';

export interface TroubledStore extends Store {
  /** What it was asked for since the last `clear`, such as `add key`. */
  readonly calls: readonly string[];
  clear(): void;
  /** The `nth` thing that it is asked for from now on fails; 1 for the next. */
  failAt(nth: number, moment: Moment, kind?: StoreFailure['kind']): void;
  /** From the `nth` on, everything fails. */
  failFrom(nth: number): void;
  /** The `nth` waits until the returned function is called; `held` resolves once it does. */
  holdAt(nth: number, moment: Moment): { readonly held: Promise<void>; release(): void };
  /** No more trouble. */
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

  /** The shared secret is asked for before every step; it fails only with everything else. */
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

/** A store that writes down everything that it is given. */
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
