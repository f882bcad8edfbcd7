// The secret key with which replicas hash what they store. All replicas use the same key, so they find each other's
// records. Without the key, a reader of the store cannot guess a hashed phone number by trying all of them.
import type { Random } from '../runtime/random.ts';
import { type Store, StoreFailure } from './store.ts';

const NAME = 'secret';
const BYTES = 32;
/** A hundred years, because every entry needs a TTL. */
const TTL_MS = 100 * 365 * 86_400_000;

/**
 * Returns the configured secret. Without one, it returns a random secret that the first replica puts into the store.
 * Somebody who can read the whole store then also has the secret; a configured secret avoids that.
 *
 * Call it each time the secret is needed; it takes one round trip. When a Redis loses its data, it gets a new secret. A
 * replica that kept the old one would not find the records of the others.
 *
 * @param configured null without a configured secret
 * @throws StoreFailure
 */
export async function sharedSecret(
  store: Store,
  configured: Uint8Array | null,
  random: Random,
): Promise<Uint8Array> {
  if (configured !== null) return configured;
  const generated = Buffer.from(random.bytes(BYTES)).toString('base64');
  const secret = Buffer.from((await store.add(NAME, generated, TTL_MS)) ?? generated, 'base64');
  // A shorter secret could be guessed.
  if (secret.length < BYTES) throw new StoreFailure('unknown');
  return secret;
}
