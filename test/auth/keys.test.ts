// Entra ID rotates keys without notice, and its key server can be down. Valid tokens are accepted all the same. The tests
// advance the clock by hand.
import { describe, expect, it } from 'vitest';
import { REVALIDATE_MS } from '../../src/auth/entra-authenticator.ts';
import { COOLDOWN_MS, FIRST_COOLDOWN_MS, REFETCH_MS } from '../../src/auth/keys.ts';
import { until } from '../support/emulator.ts';
import {
  type EntraProduct,
  idOf,
  makeKey,
  OTHER_TENANT,
  type SigningKey,
  sign,
  startEntraProduct,
  TENANT,
  userClaims,
} from '../support/entra.ts';

const first = await makeKey('first');
const second = await makeKey('second');

const QUERY = '{ me { displayName } }';

/** Signs a token with a lifetime of an hour by the gateway's clock. A different `aio` makes a different token. */
async function tokenBy(key: SigningKey, { entra, emulator }: EntraProduct, changes = {}): Promise<string> {
  const { iat, exp, ...claims } = userClaims(entra, idOf(emulator, 'innocenty'), {
    aio: crypto.randomUUID(),
  });
  return sign(key, { ...claims, iat, exp: Number(exp) + 24 * 3600, ...changes });
}

async function statusFor(product: EntraProduct, key: SigningKey, changes = {}): Promise<number> {
  return (await product.ask(QUERY, await tokenBy(key, product, changes))).status;
}

describe('keys are fetched once', () => {
  it('for all concurrent and later requests', async () => {
    await using product = await startEntraProduct({ key: first });
    const together = await Promise.all(Array.from({ length: 20 }, () => statusFor(product, first)));
    expect(new Set(together)).toEqual(new Set([200]));
    product.pass(REFETCH_MS - 1_000);
    expect(await statusFor(product, first)).toBe(200);
    expect(product.entra.keyRequests).toEqual([TENANT]);
  });

  it('and again when they are old, while the old ones stay in use', async () => {
    await using product = await startEntraProduct({ key: first });
    await statusFor(product, first);
    product.pass(REFETCH_MS);
    expect(await statusFor(product, first)).toBe(200);
    await until(() => product.entra.keyRequests.length === 2);
    expect(await statusFor(product, first)).toBe(200);
    expect(product.entra.keyRequests).toHaveLength(2);
  });
});

describe('a new key is fetched when the first token signed with it arrives', () => {
  it('and the previous key is accepted as long as it is published', async () => {
    await using product = await startEntraProduct({ key: first });
    expect(await statusFor(product, first)).toBe(200);
    product.entra.keys.set(TENANT, [second.jwk, first.jwk]);
    product.pass(COOLDOWN_MS);
    expect(await statusFor(product, second)).toBe(200);
    expect(await statusFor(product, first)).toBe(200);
    expect(product.entra.keyRequests).toHaveLength(2);
  });

  it('and a withdrawn key is rejected, also for tokens that were accepted before', async () => {
    await using product = await startEntraProduct({ key: first });
    const old = await tokenBy(first, product);
    expect((await product.ask(QUERY, old)).status).toBe(200);
    product.entra.keys.set(TENANT, [second.jwk]);
    product.pass(REVALIDATE_MS);
    expect(await statusFor(product, second)).toBe(200);
    expect((await product.ask(QUERY, old)).status).toBe(401);
  });
});

describe('while the key server is down', () => {
  it('tokens with a known key are accepted, for days', async () => {
    await using product = await startEntraProduct({ key: first });
    await statusFor(product, first);
    product.entra.down = 'keys';
    for (let hour = 0; hour < 20; hour += 1) {
      product.pass(3600_000);
      expect(await statusFor(product, first)).toBe(200);
    }
  });

  it('tokens with an unknown key are rejected, with one fetch for each cooldown', async () => {
    await using product = await startEntraProduct({ key: first });
    await statusFor(product, first);
    product.entra.down = 'keys';
    product.pass(COOLDOWN_MS);
    const flood = await Promise.all(Array.from({ length: 50 }, () => statusFor(product, second)));
    expect(new Set(flood)).toEqual(new Set([401]));
    expect(await statusFor(product, second)).toBe(401);
    expect(product.entra.keyRequests).toHaveLength(2);
    product.pass(COOLDOWN_MS);
    expect(await statusFor(product, second)).toBe(401);
    expect(product.entra.keyRequests).toHaveLength(3);
  });

  it('since the start, every request gets 503 until the server is back', async () => {
    await using product = await startEntraProduct({ key: first });
    product.entra.down = 'keys';
    const { status, body } = await product.ask(QUERY, await tokenBy(first, product));
    expect(status).toBe(503);
    expect(body.errors[0].extensions).toEqual({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    product.entra.down = null;
    expect(await statusFor(product, first)).toBe(503);
    expect(product.entra.keyRequests).toHaveLength(1);
    product.pass(FIRST_COOLDOWN_MS);
    expect(await statusFor(product, first)).toBe(200);
    expect(product.emulator.calls).toHaveLength(1);
  });
});

describe('a flood of tokens with unknown keys', () => {
  it('causes one fetch for each cooldown, however many and different they are', async () => {
    await using product = await startEntraProduct({ key: first });
    await statusFor(product, first);
    product.pass(COOLDOWN_MS);
    const made = Array.from({ length: 200 }, (_, at) => ({ ...second, id: `made-up-${at}` }));
    for (const key of made) expect(await statusFor(product, key)).toBe(401);
    expect(product.entra.keyRequests).toHaveLength(2);
  });

  it('fetches the keys of allowed tenants only', async () => {
    await using product = await startEntraProduct({
      key: first,
      environment: { ALLOWED_TENANTS: OTHER_TENANT },
    });
    for (let at = 0; at < 20; at += 1) {
      const tid = crypto.randomUUID();
      await statusFor(product, second, { tid, iss: `${product.entra.url}/${tid}/v2.0` });
    }
    expect(new Set(product.entra.keyRequests)).toEqual(new Set([TENANT]));
    expect(
      await statusFor(product, first, {
        tid: OTHER_TENANT,
        iss: `${product.entra.url}/${OTHER_TENANT}/v2.0`,
      }),
    ).toBe(200);
    expect(new Set(product.entra.keyRequests)).toEqual(new Set([TENANT, OTHER_TENANT]));
  });

  it.each([
    ['HTML', '<p>no keys today</p>'],
    ['no set', { keys: 'none' }],
    ['a key that is secret', { keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'first' }] }],
  ])('accepts no token when the server sends %s instead of keys', async (_what, answer) => {
    await using product = await startEntraProduct({ key: first });
    product.entra.keyAnswer = answer;
    expect(await statusFor(product, first)).not.toBe(200);
    expect(product.emulator.calls).toEqual([]);
  });
});
