// A key-value store for text with a TTL for each entry. Several parts of the program share it and, with Redis, several
// replicas. `add` and `replace` are atomic; locks and idempotency depend on that.
import type { Clock, ElapsedMs } from '../runtime/clock.ts';

export interface Store {
  /**
   * Adds an entry unless the name is taken.
   *
   * @param ttlMs milliseconds until the entry expires, 1 or more
   * @returns null when the entry was added, otherwise the value of the existing entry
   * @throws StoreFailure
   */
  add(name: string, value: string, ttlMs: number): Promise<string | null>;
  /** Returns the value of an entry, or null without one. @throws StoreFailure */
  get(name: string): Promise<string | null>;
  /** Adds or overwrites an entry. @throws StoreFailure */
  put(name: string, value: string, ttlMs: number): Promise<void>;
  /** Overwrites an entry if its value is `expected`. Returns whether it did. @throws StoreFailure */
  replace(name: string, expected: string, value: string, ttlMs: number): Promise<boolean>;
  /** Removes an entry if its value is `expected`. Returns whether it did. @throws StoreFailure */
  remove(name: string, expected: string): Promise<boolean>;
  close(): Promise<void>;
}

const MESSAGES = {
  unreachable: 'The store is not available',
  full: 'The store is full',
  unknown: 'The store contains a record of an unknown format',
} as const;

/** A command failed. With `unreachable`, the store may have carried it out all the same. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  /**
   * - `unreachable`: the store did not respond, or rejected the command
   * - `full`: the store has no room for another entry
   * - `unknown`: the stored record has a format that this version cannot read
   */
  readonly kind: 'unreachable' | 'full' | 'unknown';

  constructor(kind: StoreFailure['kind'], cause?: unknown) {
    super(MESSAGES[kind], { cause });
    this.kind = kind;
  }
}

interface Entry {
  readonly value: string;
  readonly expiresAt: ElapsedMs;
}

/**
 * Creates a store in the memory of this process.
 *
 * @param capacity the maximum number of entries; a full store throws a StoreFailure `full` and evicts nothing
 */
export function createMemoryStore(clock: Clock, capacity: number): Store {
  const entries = new Map<string, Entry>();

  function find(name: string): Entry | undefined {
    const entry = entries.get(name);
    if (entry === undefined || entry.expiresAt > clock.elapsed()) return entry;
    entries.delete(name);
    return undefined;
  }

  function set(name: string, value: string, ttlMs: number): void {
    if (!entries.has(name) && entries.size >= capacity) removeExpired(entries, clock.elapsed());
    if (!entries.has(name) && entries.size >= capacity) throw new StoreFailure('full');
    entries.set(name, { value, expiresAt: clock.elapsed() + ttlMs });
  }

  return {
    async add(name, value, ttlMs) {
      const existing = find(name);
      if (existing !== undefined) return existing.value;
      set(name, value, ttlMs);
      return null;
    },
    get: async (name) => find(name)?.value ?? null,
    put: async (name, value, ttlMs) => set(name, value, ttlMs),
    async replace(name, expected, value, ttlMs) {
      if (find(name)?.value !== expected) return false;
      set(name, value, ttlMs);
      return true;
    },
    async remove(name, expected) {
      return find(name)?.value === expected && entries.delete(name);
    },
    close: async () => entries.clear(),
  };
}

function removeExpired(entries: Map<string, Entry>, now: ElapsedMs): void {
  for (const [name, { expiresAt }] of entries) if (expiresAt <= now) entries.delete(name);
}
