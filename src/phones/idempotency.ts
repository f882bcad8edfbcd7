// Keys that make addPhone safe to repeat. One key, one POST: the first call under a key owns it, a repeat waits for the
// owner or gets its outcome.
//
// What is kept holds no number: the input is remembered as a keyed hash, the result as the id of the phone. A key is
// scoped to the caller and the person, so that nobody meets another's keys. Kept in memory for 24 hours, and so for one
// process: after a restart a key is new.
import { createHmac } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';

/** How a call under a key ended, as far as it can be known. */
export type Outcome =
  /** The phone was added under this id. */
  | { readonly state: 'added'; readonly phoneId: string }
  /** Nothing was changed; the key is free again. */
  | { readonly state: 'nothing' }
  /** It was sent, and nobody saw what came of it. The key stays taken, so that it is never sent again. */
  | { readonly state: 'unknown' };

export type Claim =
  /** The key is the caller's: do the work, then say how it ended. Has to be called, whatever happens. */
  | { readonly kind: 'owner'; end(outcome: Outcome): void }
  /** Somebody did the work, or is doing it: this is how it ended. */
  | { readonly kind: 'repeat'; readonly outcome: Promise<Outcome> }
  /** The key was used with another input. */
  | { readonly kind: 'reused' };

export interface Idempotency {
  /**
   * @param scope whom the key belongs to: every part that must not be mixed up
   * @param input what the key stands for, as text; only a keyed hash of it is kept
   * @throws GatewayError of OVERLOADED when there is no room for another key
   */
  claim(scope: readonly string[], key: string, input: string): Claim;
}

export interface IdempotencyOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds that a key is kept. */
  readonly keepMs: number;
  /** Keys that are kept at most. */
  readonly capacity: number;
}

export const KEEP_MS = 24 * 60 * 60 * 1000;

interface Entry {
  readonly fingerprint: string;
  readonly outcome: Promise<Outcome>;
  readonly expires: number;
}

export function createIdempotency(options: IdempotencyOptions): Idempotency {
  const { clock, keepMs, capacity } = options;
  const secret = options.random.bytes(32);
  const entries = new Map<string, Entry>();
  const hash = (parts: readonly string[]): string =>
    createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url');

  function own(id: string, fingerprint: string): Claim {
    makeRoom(entries, capacity, clock.elapsed());
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    entries.set(id, { fingerprint, outcome: promise, expires: clock.elapsed() + keepMs });
    const end = (outcome: Outcome): void => {
      if (outcome.state === 'nothing') entries.delete(id);
      resolve(outcome);
    };
    return { kind: 'owner', end };
  }

  return {
    claim(scope, key, input) {
      const id = hash([...scope, key]);
      const fingerprint = hash([input]);
      const known = entries.get(id);
      if (known === undefined || known.expires <= clock.elapsed()) return own(id, fingerprint);
      return known.fingerprint === fingerprint
        ? { kind: 'repeat', outcome: known.outcome }
        : { kind: 'reused' };
    },
  };
}

/** Entries stand in the order they were made, so the expired ones come first. */
function makeRoom(entries: Map<string, Entry>, capacity: number, now: number): void {
  for (const [id, entry] of entries) {
    if (entry.expires > now) break;
    entries.delete(id);
  }
  if (entries.size < capacity) return;
  throw new GatewayError('OVERLOADED', 'There is no room for another idempotency key. Try again later.', {
    retryable: true,
  });
}
