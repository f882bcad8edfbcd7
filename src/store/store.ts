// A small memory that several parts of the program share, and with Redis several replicas of it: text under names, each
// with an end. What must not be lost or done twice rests on `add` and `replace`, which happen as one step.
import type { Clock } from '../runtime/clock.ts';

export interface Store {
  /**
   * Takes a name, if nobody has it.
   *
   * @param ttlMs milliseconds until the name is free again, 1 or more
   * @returns null when it was free and now holds `value`; else what it holds
   * @throws StoreFailure
   */
  add(name: string, value: string, ttlMs: number): Promise<string | null>;
  /** What a name holds; null for nothing. @throws StoreFailure */
  get(name: string): Promise<string | null>;
  /** Sets a name, whatever it held. @throws StoreFailure */
  put(name: string, value: string, ttlMs: number): Promise<void>;
  /** Sets a name if it still holds `expected`, and says whether it did. @throws StoreFailure */
  replace(name: string, expected: string, value: string, ttlMs: number): Promise<boolean>;
  /** Frees a name if it still holds `expected`, and says whether it did. @throws StoreFailure */
  remove(name: string, expected: string): Promise<boolean>;
  close(): Promise<void>;
}

const MESSAGES = {
  unreachable: 'the store cannot be reached',
  full: 'the store is full',
  unknown: 'the store holds a record of an unknown form',
} as const;

/** The store could not do what was asked; whether it did part of it cannot be said of one that is unreachable. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  /** `unknown`: what the store holds has a form that this version does not know. */
  readonly kind: 'unreachable' | 'full' | 'unknown';

  constructor(kind: StoreFailure['kind'], cause?: unknown) {
    super(MESSAGES[kind], { cause });
    this.kind = kind;
  }
}

interface Entry {
  readonly value: string;
  /** In the clock's elapsed milliseconds. */
  readonly ends: number;
}

/**
 * A store in the memory of this process.
 *
 * @param capacity names that it holds at most; beyond them it fails as full, and forgets nothing before its end
 */
export function createMemoryStore(clock: Clock, capacity: number): Store {
  const entries = new Map<string, Entry>();

  function live(name: string): Entry | undefined {
    const entry = entries.get(name);
    if (entry === undefined || entry.ends > clock.elapsed()) return entry;
    entries.delete(name);
    return undefined;
  }

  function set(name: string, value: string, ttlMs: number): void {
    if (!entries.has(name) && entries.size >= capacity) sweep(entries, clock.elapsed());
    if (!entries.has(name) && entries.size >= capacity) throw new StoreFailure('full');
    entries.set(name, { value, ends: clock.elapsed() + ttlMs });
  }

  return {
    async add(name, value, ttlMs) {
      const known = live(name);
      if (known !== undefined) return known.value;
      set(name, value, ttlMs);
      return null;
    },
    get: async (name) => live(name)?.value ?? null,
    put: async (name, value, ttlMs) => set(name, value, ttlMs),
    async replace(name, expected, value, ttlMs) {
      if (live(name)?.value !== expected) return false;
      set(name, value, ttlMs);
      return true;
    },
    async remove(name, expected) {
      return live(name)?.value === expected && entries.delete(name);
    },
    close: async () => entries.clear(),
  };
}

function sweep(entries: Map<string, Entry>, now: number): void {
  for (const [name, { ends }] of entries) if (ends <= now) entries.delete(name);
}
