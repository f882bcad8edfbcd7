// What is remembered of idempotency keys, in a store that replicas can share. Nothing is true because this process
// thinks so: whoever works on a key has the word of the store for it, and every step is taken only from the very text
// that was read.
//
// A key has one of two records. `sent`: one POST may have gone out for it, and this is what was there before. `added`:
// this phone came of it. There is none for a call that is only about to send, nor one for an outcome nobody saw: `sent`
// without anybody at work is that.
//
// A lease says that somebody is at work. It is named by the person and the content, not by the key: two keys that add the
// same to the same person take turns, since either could otherwise take the other's phone for its own. It ends by itself
// some time after the request that took it has to be over, so that whoever dies does not leave it behind.
//
// For the same reason phones have owners: a phone that one key has is not another's.
//
// Nothing that is kept holds a number, a name or a token: keys, persons and contents as keyed hashes, phones as ids.
import { createHmac } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../graph/response.ts';
import { GatewayError } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/log.ts';
import type { Random } from '../../runtime/random.ts';
import { type Store, StoreFailure } from '../../store/store.ts';
import { type Added, readRecord, type Sent, writeRecord } from './idempotency-record.ts';

export type { Added, Sent };

/** Milliseconds that a key is kept, from the last time that it was worked on. */
export const KEEP_MS = 24 * 60 * 60 * 1000;
/**
 * Milliseconds after the end of a request in which a phone that was sent and is not there can still come. Microsoft Graph
 * says nothing of it; no answer of it is known to take longer than two minutes.
 */
export const QUIET_MS = 5 * 60 * 1000;
/** Milliseconds that a phone which was added without a key is known as nobody's to find. */
const BRIEFLY_MS = 10 * 60 * 1000;
/** Milliseconds that a lease outlasts the request it is taken for. */
const MARGIN_MS = 5_000;

/** A record, and the text that it was read from or written as. */
export interface Kept<R extends Sent | Added = Sent | Added> {
  readonly record: R;
  readonly text: string;
}

/** One key, as one call sees it. Everything here throws a StoreFailure when the store cannot be asked. */
export interface KeySlot {
  /** Of the input: two are the same exactly when the inputs are. */
  readonly fingerprint: string;
  read(): Promise<Kept | null>;
  /** Sets the record if it still is `from`, null being none; null when it is not. */
  change<R extends Sent | Added>(from: Kept | null, to: R): Promise<Kept<R> | null>;
  /** Forgets the key if its record still is this. */
  forget(kept: Kept): Promise<void>;
  /** The record of a POST that is about to go out. */
  sending(at: number, before: readonly string[]): Sent;
  /**
   * Takes the lease for a request that is over in `ms` milliseconds; the result gives it back. Null when somebody has it.
   */
  lease(ms: number): Promise<(() => Promise<void>) | null>;
  /** Takes a phone for this key; false when it is another's. */
  claim(phoneId: string): Promise<boolean>;
  /** Whether a phone is another key's. */
  isTaken(phoneId: string): Promise<boolean>;
}

export interface KeyedInput {
  /** To whom the key belongs: tenant, person and application. */
  readonly scope: string;
  /** Whose phones, by a name that is the same however the person was named. */
  readonly target: string;
  readonly key: string;
  readonly body: JsonObject;
}

export interface Idempotency {
  /** Milliseconds after which a POST that was not answered is held to have come to nothing. */
  readonly quietMs: number;
  /** Throws a GatewayError when the store cannot be asked. */
  slot(input: KeyedInput): Promise<KeySlot>;
  /** Marks a phone that was added without a key. Never fails. */
  mark(target: string, phoneId: string): Promise<void>;
}

export interface IdempotencyOptions {
  readonly store: Store;
  /** The key of the hashes: the same for all who share the store, who may have been given another since. */
  secret(): Promise<Uint8Array>;
  readonly random: Random;
  readonly logger: Logger;
  readonly quietMs: number;
}

export function createIdempotency(options: IdempotencyOptions): Idempotency {
  const { store, secret, random, logger, quietMs } = options;

  function readKept(text: string): Sent | Added {
    try {
      return readRecord(text);
    } catch (error) {
      logger.error({}, 'the record of an idempotency key has an unknown form and is kept');
      throw error;
    }
  }

  return {
    quietMs,
    async slot({ scope, target, key, body }) {
      const hash = hashUnder(await orUnavailable(secret()));
      const name = hash('key', scope, target, key);
      const fingerprint = hash('input', target, canonical(body));
      const leaseName = hash('lease', fingerprint);
      const owner = random.uuid();
      return {
        fingerprint,
        async read() {
          const text = await store.get(name);
          return text === null ? null : { record: readKept(text), text };
        },
        async change(from, to) {
          const text = writeRecord(to);
          const isSet =
            from === null
              ? (await store.add(name, text, KEEP_MS)) === null
              : await store.replace(name, from.text, text, KEEP_MS);
          return isSet ? { record: to, text } : null;
        },
        async forget({ text }) {
          await store.remove(name, text);
        },
        sending: (at, before) => ({ state: 'sent', fingerprint, owner, at, before }),
        async lease(ms) {
          const holder = await store.add(leaseName, owner, Math.ceil(ms) + MARGIN_MS);
          if (holder !== null) return null;
          return async () => void (await store.remove(leaseName, owner));
        },
        async claim(phoneId) {
          const holder = await store.add(hash('phone', target, phoneId), name, KEEP_MS);
          return holder === null || holder === name;
        },
        async isTaken(phoneId) {
          const holder = await store.get(hash('phone', target, phoneId));
          return holder !== null && holder !== name;
        },
      };
    },
    async mark(target, phoneId) {
      const work = async (): Promise<unknown> =>
        store.add(hashUnder(await secret())('phone', target, phoneId), 'no key', BRIEFLY_MS);
      await leniently(work());
    },
  };
}

type Hash = (kind: string, ...parts: readonly string[]) => string;

function hashUnder(secret: Uint8Array): Hash {
  return (kind, ...parts) => {
    const hash = createHmac('sha256', secret).update(JSON.stringify([kind, ...parts]));
    return `${kind}:${hash.digest('base64url')}`;
  };
}

async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof StoreFailure ? keysUnavailable(error) : error;
  }
}

/** For what is better done and not needed: the store may fail. */
export async function leniently(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
  }
}

/** What a caller is told when keys cannot be looked up: a call with a key does not become one without. */
export function keysUnavailable(failure: StoreFailure): GatewayError {
  const options = { retryable: true, cause: failure };
  if (failure.kind === 'full') {
    const message = 'There is no room for another idempotency key, so nothing was sent. Try again later.';
    return new GatewayError('OVERLOADED', message, options);
  }
  if (failure.kind === 'unknown') {
    const message =
      'What is stored for idempotency keys has a form that this version does not know, so nothing was sent.';
    return new GatewayError('UPSTREAM_UNAVAILABLE', message, options);
  }
  const message =
    'The memory for idempotency keys cannot be reached, so nothing was sent. Try again in a moment.';
  return new GatewayError('UPSTREAM_UNAVAILABLE', message, options);
}

/** JSON with the names in order, so that equal inputs are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    isJsonObject(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
