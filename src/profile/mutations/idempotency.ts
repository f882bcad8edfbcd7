// The records of idempotency keys, in a store that replicas can share. A process does not rely on its own memory: it works
// on a key only with a lease from the store, and takes each step only from the very text that it has read.
//
// A key has one of two records. `sent`: one POST may have gone out for it, and these ids were there before. `added`: the
// POST created this item. A call that is only about to send has no record. An outcome that was not seen has no record of
// its own either: it is `sent` without a lease.
//
// A lease says that a call is at work. It is named by the person and the content, not by the key: two keys that add the
// same to the same person take turns, since either could otherwise take the other's item for its own. It expires some time
// after the deadline of the request that took it, so that a process that ends does not leave it behind.
//
// For the same reason items are claimed: an item that belongs to one key cannot belong to another.
//
// Nothing that is stored holds a value of an item, a name or a token: keys, people and contents are keyed hashes, items are
// ids.
import { createHmac } from 'node:crypto';
import { GatewayError } from '../../runtime/errors.ts';
import { isJsonObject, type JsonObject } from '../../runtime/json.ts';
import type { Logger } from '../../runtime/log.ts';
import type { Random } from '../../runtime/random.ts';
import { type Store, StoreFailure } from '../../store/store.ts';
import type { Facet } from '../facet.ts';
import { type Added, readRecord, type Sent, writeRecord } from './idempotency-record.ts';

export type { Added, Sent };

/** Milliseconds that a key is kept, from the last time that it was worked on. */
export const KEEP_MS = 24 * 60 * 60 * 1000;
/**
 * Milliseconds after the end of a request in which an item that was sent and is not there can still appear. Microsoft
 * Graph does not document it; no response of it is known to take longer than two minutes.
 */
export const QUIET_MS = 5 * 60 * 1000;
/** Milliseconds that an item which was added without a key cannot be claimed by a key. */
const BRIEFLY_MS = 10 * 60 * 1000;
/** Milliseconds that a lease outlasts the request that takes it. */
const MARGIN_MS = 5_000;

/** A record, and its stored text. */
export interface Kept<R extends Sent | Added = Sent | Added> {
  readonly record: R;
  readonly text: string;
}

/** One key, as one call sees it. Everything here throws a StoreFailure when the store fails. */
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
   * Takes the lease for a request that is over in `ms` milliseconds; the result gives it back. Null when another call
   * has it.
   */
  lease(ms: number): Promise<(() => Promise<void>) | null>;
  /** Claims an item for this key; false when it belongs to another. */
  claim(itemId: string): Promise<boolean>;
  /** Whether an item belongs to another key. */
  isTaken(itemId: string): Promise<boolean>;
}

export interface KeyedInput {
  readonly facet: Facet;
  /** To whom the key belongs: tenant, person and application. */
  readonly scope: string;
  /** Whose profile, by a name that is the same however the person was named. */
  readonly target: string;
  readonly key: string;
  readonly body: JsonObject;
}

export interface Idempotency {
  /** Milliseconds after which a POST without a response is taken to have created nothing. */
  readonly quietMs: number;
  /** Throws a GatewayError when the store fails. */
  slot(input: KeyedInput): Promise<KeySlot>;
  /** Marks an item that was added without a key, so that no key claims it. Never fails. */
  mark(facet: Facet, target: string, itemId: string): Promise<void>;
}

export interface IdempotencyOptions {
  readonly store: Store;
  /** The key of the hashes: the same for all processes that share the store. It may change while they run. */
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
    async slot({ facet, scope, target: user, key, body }) {
      const target = targetIn(facet, user);
      const hash = hashUnder(await orKeysUnavailable(secret()));
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
        async claim(itemId) {
          const holder = await store.add(hash('phone', target, itemId), name, KEEP_MS);
          return holder === null || holder === name;
        },
        async isTaken(itemId) {
          const holder = await store.get(hash('phone', target, itemId));
          return holder !== null && holder !== name;
        },
      };
    },
    async mark(facet, user, itemId) {
      const mark = async (): Promise<unknown> => {
        const name = hashUnder(await secret())('phone', targetIn(facet, user), itemId);
        return store.add(name, 'no key', BRIEFLY_MS);
      };
      await leniently(mark());
    },
  };
}

/** Keys, leases and claims of facets are apart. Phones keep the names that they had before there were other facets. */
function targetIn({ idSegment }: Facet, user: string): string {
  return idSegment === null ? user : `${idSegment} of ${user}`;
}

export function isSentRecord(kept: Kept | null): kept is Kept<Sent> {
  return kept?.record.state === 'sent';
}

type Hash = (kind: string, ...parts: readonly string[]) => string;

function hashUnder(secret: Uint8Array): Hash {
  return (kind, ...parts) => {
    const hash = createHmac('sha256', secret).update(JSON.stringify([kind, ...parts]));
    return `${kind}:${hash.digest('base64url')}`;
  };
}

/** Turns a failure of the store into what the caller is told. */
export async function orKeysUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof StoreFailure ? keysUnavailable(error) : error;
  }
}

/** Ignores a failure of the store, for steps that help and are not needed. */
export async function leniently(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
  }
}

/** What a caller is told when records cannot be read: a call with a key never goes on as one without. */
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
