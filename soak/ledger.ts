// The results that clients got for their phones, to compare with the final state.

/** A deleted phone is removed from the ledger. If it still exists, it is reported as an unknown number. */
export type Deletion = 'none' | 'asked';

interface Entry {
  /** Null until a client got a success. */
  phoneId: string | null;
  deletion: Deletion;
}

export interface Ledger {
  /** A unique number, which identifies the key. */
  open(): string;
  added(number: string, phoneId: string): void;
  deleting(number: string): void;
  gone(number: string): void;
  audit(numbers: readonly string[]): Audit;
}

export interface Audit {
  /** Keys with a success and without a deletion. */
  readonly certain: number;
  /** Keys with an unknown outcome. */
  readonly unknown: number;
  /** Keys with a success whose phone does not exist. */
  readonly lost: number;
  /** Phones that exist twice or after their deletion, and keys with two phones. */
  readonly doubled: number;
}

const PREFIX = '+1 206 ';

export function createLedger(): Ledger {
  const entries = new Map<string, Entry>();
  let last = 0;
  let changed = 0;
  return {
    open() {
      last += 1;
      const number = `${PREFIX}${String(last).padStart(8, '0')}`;
      entries.set(number, { phoneId: null, deletion: 'none' });
      return number;
    },
    added(number, phoneId) {
      const entry = entries.get(number);
      if (entry === undefined) return;
      if (entry.phoneId !== null && entry.phoneId !== phoneId) changed += 1;
      entry.phoneId = phoneId;
    },
    deleting(number) {
      const entry = entries.get(number);
      if (entry !== undefined) entry.deletion = 'asked';
    },
    gone: (number) => void entries.delete(number),
    audit(numbers) {
      const times = new Map<string, number>();
      for (const number of numbers) {
        if (number.startsWith(PREFIX)) times.set(number, (times.get(number) ?? 0) + 1);
      }
      let doubled = changed;
      for (const [number, count] of times) if (count > (entries.has(number) ? 1 : 0)) doubled += 1;
      const known = [...entries];
      const certain = known.filter(([, entry]) => entry.phoneId !== null && entry.deletion === 'none');
      return {
        certain: certain.length,
        unknown: known.filter(([, entry]) => entry.phoneId === null).length,
        lost: certain.filter(([number]) => !times.has(number)).length,
        doubled,
      };
    },
  };
}
