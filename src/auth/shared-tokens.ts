// Shares Microsoft Graph tokens between replicas through the store. It is the second level of the cache in token-cache.ts.
// Each token is encrypted with a secret that only its rightful users know. For a user's token, that secret is the user's
// own access token. Reading the store reveals no token. Writing to it can delete a token or restore an earlier one, but
// cannot replace a token with another caller's.
//
// Sharing only saves token requests. A token counts as missing when the store is slow or fails, or when the token has
// expired or cannot be decrypted. Nothing here rejects.
import type { Clock, EpochMs } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { withTimeout } from '../runtime/with-timeout.ts';
import type { Store } from '../store/store.ts';
import { createTokenCipher, type TokenCipher } from './token-encryption.ts';

/** Identifies a token and the secret that protects it. */
export interface TokenKey {
  /** Identifies everything that the token depends on. */
  readonly key: string;
  /** Returns a secret that only the rightful users of the token know, or null for a token that is not shared. */
  secret(): Promise<string | null>;
}

/** A token in the store. */
export interface SharedToken {
  readonly token: string;
  /** From this time on, the token must not be used. */
  readonly expiresAt: EpochMs;
  /** Removes this token from the store, unless another one has replaced it. */
  remove(): Promise<void>;
}

export interface SharedTokens {
  /** Returns null when the store has no usable token. */
  get(key: TokenKey): Promise<SharedToken | null>;
  /** Stores a token. It replaces the one that is there. */
  put(key: TokenKey, token: string, expiresAt: EpochMs): Promise<void>;
}

export interface SharedTokensOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
}

/** Milliseconds that a request waits for the store. A token request to Entra ID takes two or three times as long. */
export const STORE_TIMEOUT_MS = 50;

export function createSharedTokens({ store, clock, random }: SharedTokensOptions): SharedTokens {
  async function cipherOf({ key, secret }: TokenKey): Promise<TokenCipher | null> {
    const value = await secret();
    return value === null ? null : createTokenCipher(value, key, random);
  }

  const orNull = <T>(work: Promise<T>): Promise<T | null> =>
    withTimeout(clock, STORE_TIMEOUT_MS, work).catch(() => null);

  async function read(key: TokenKey): Promise<SharedToken | null> {
    const cipher = await cipherOf(key);
    if (cipher === null) return null;
    const name = nameOf(cipher);
    const ciphertext = await store.get(name);
    const text = ciphertext === null ? null : cipher.decrypt(ciphertext);
    const [, expiresAt, token] = FORMAT.exec(text ?? '') ?? [];
    if (ciphertext === null || token === undefined || !(Number(expiresAt) > clock.now())) return null;
    return {
      token,
      expiresAt: Number(expiresAt),
      remove: async () => void (await orNull(store.remove(name, ciphertext))),
    };
  }

  async function write(key: TokenKey, token: string, expiresAt: EpochMs): Promise<void> {
    const cipher = await cipherOf(key);
    const ttlMs = expiresAt - clock.now();
    if (cipher === null || ttlMs < 1) return;
    await store.put(nameOf(cipher), cipher.encrypt(`${Math.floor(expiresAt)} ${token}`), ttlMs);
  }

  return {
    get: (key) => orNull(read(key)),
    put: (key, token, expiresAt) => write(key, token, expiresAt).catch(() => {}),
  };
}

/** The expiry and the token. The expiry is encrypted too, so that it does not depend on the store's TTL. */
const FORMAT = /^(\d{1,15}) ([\x21-\x7e]+)$/;

function nameOf({ name }: TokenCipher): string {
  return `token:${name}`;
}
