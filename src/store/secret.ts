// The secret under which replicas hash what they remember, so that they find each other's memories and whoever reads them
// cannot guess what was hashed: the space of phone numbers is small.
import type { Random } from '../runtime/random.ts';
import { type Store, StoreFailure } from './store.ts';

const NAME = 'secret';
const BYTES = 32;
/** Milliseconds: a hundred years, for want of an entry without an end. */
const FOR_EVER = 100 * 365 * 86_400_000;

/**
 * The configured secret, else the one that the first replica to ask has left in the store. Who reads all of the store has
 * that one as well; a configured one is nowhere near it.
 *
 * To be asked for anew whenever it is needed, which is one round trip: a Redis that was emptied has another secret from
 * then on, and a replica that went on with the old one would find nothing of what the others remember.
 *
 * @param configured null for none
 * @throws StoreFailure
 */
export async function sharedSecret(
  store: Store,
  configured: Uint8Array | null,
  random: Random,
): Promise<Uint8Array> {
  if (configured !== null) return configured;
  const made = Buffer.from(random.bytes(BYTES)).toString('base64');
  const secret = Buffer.from((await store.add(NAME, made, FOR_EVER)) ?? made, 'base64');
  // Hashes under a shorter one could be tried through.
  if (secret.length < BYTES) throw new StoreFailure('unknown');
  return secret;
}
