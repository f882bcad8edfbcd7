// The signing keys of tokens. Two are published, and one of them signs. They are created on first use, which takes 0.1
// s, so that a start without Entra ID does not wait for it.
import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Claims, KeyPair } from './jwt.ts';

export interface SigningKey extends KeyPair {
  /** The thumbprint of the key (RFC 7638). */
  readonly kid: string;
  /** With `kid`, `use` and `x5t`, and without `alg`, as Entra ID publishes them. */
  readonly jwk: Claims;
}

/** `current` signs. `other` is published and becomes the next one. `unknown` is never published. */
export type KeyName = 'current' | 'other' | 'unknown';

export interface Keys {
  get(name: KeyName): Promise<SigningKey>;
  /** Both keys, the current one first. */
  published(): Promise<readonly SigningKey[]>;
  /** Finds a published key. Finds none before `get` or `published` was called. */
  find(kid: unknown): SigningKey | undefined;
  /** Withdraws the current key. The other one takes its place, and a new one is published. */
  rotate(): Promise<void>;
}

export function createKeys(): Keys {
  let pair: Promise<readonly [SigningKey, SigningKey]> | undefined;
  let unpublished: Promise<SigningKey> | undefined;
  let publishedKeys: readonly SigningKey[] = [];

  const publish = (
    keys: Promise<readonly [SigningKey, SigningKey]>,
  ): Promise<readonly [SigningKey, SigningKey]> =>
    keys.then((both) => {
      publishedKeys = both;
      return both;
    });
  const published = (): Promise<readonly [SigningKey, SigningKey]> => {
    pair ??= publish(Promise.all([makeKey(), makeKey()]));
    return pair;
  };
  return {
    async get(name) {
      if (name === 'unknown') {
        unpublished ??= makeKey();
        return unpublished;
      }
      const [current, other] = await published();
      return name === 'current' ? current : other;
    },
    published,
    find: (kid) => publishedKeys.find((key) => key.kid === kid),
    async rotate() {
      pair = publish(published().then(async ([, next]) => [next, await makeKey()] as const));
      await pair;
    },
  };
}

const generate = promisify(generateKeyPair);

export function makeKeyPair(): Promise<KeyPair> {
  return generate('rsa', { modulusLength: 2048 });
}

export async function makeKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await makeKeyPair();
  const { kty, n, e } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  return { kid, privateKey, publicKey, jwk: { kty, use: 'sig', kid, x5t: kid, n, e } };
}
