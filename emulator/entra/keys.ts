// The keys that tokens are signed with: two are published, one of which signs. They are made when first needed, since
// that takes a tenth of a second, which nobody should wait for who only wants Microsoft Graph.
import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Claims, KeyPair } from './jwt.ts';

export interface SigningKey extends KeyPair {
  /** The thumbprint of the key (RFC 7638). */
  readonly kid: string;
  /** With `kid`, `use` and `x5t`; no `alg`, as Entra ID publishes them. */
  readonly jwk: Claims;
}

/** `current` signs, `other` is published beside it and will be next, `unknown` is never published. */
export type KeyName = 'current' | 'other' | 'unknown';

export interface Keys {
  get(name: KeyName): Promise<SigningKey>;
  /** Both, in the order of their turn. */
  published(): Promise<readonly SigningKey[]>;
  /** A published key, among those that were ever asked for. */
  find(kid: unknown): SigningKey | undefined;
  /** Withdraws the current key; the other takes its place, and a new one stands beside it. */
  rotate(): Promise<void>;
}

export function createKeys(): Keys {
  let pair: Promise<readonly [SigningKey, SigningKey]> | undefined;
  let stranger: Promise<SigningKey> | undefined;
  let made: readonly SigningKey[] = [];

  const publish = (
    keys: Promise<readonly [SigningKey, SigningKey]>,
  ): Promise<readonly [SigningKey, SigningKey]> =>
    keys.then((both) => {
      made = both;
      return both;
    });
  const published = (): Promise<readonly [SigningKey, SigningKey]> => {
    pair ??= publish(Promise.all([makeKey(), makeKey()]));
    return pair;
  };
  return {
    async get(name) {
      if (name === 'unknown') {
        stranger ??= makeKey();
        return stranger;
      }
      const [current, other] = await published();
      return name === 'current' ? current : other;
    },
    published,
    find: (kid) => made.find((key) => key.kid === kid),
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
