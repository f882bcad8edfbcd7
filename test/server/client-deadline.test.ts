// `x-request-timeout-ms` shortens the deadline of a request. It ends with the same error as the gateway's own deadline, and
// no work continues afterwards.
import { describe, expect, it } from 'vitest';
import { until } from '../support/emulator.ts';
import { startTestProduct, type TestProduct, tokenOf } from '../support/product.ts';

const QUERY = '{ me { displayName } }';
const HANG = { on: {}, times: Number.POSITIVE_INFINITY, do: { hang: true } } as const;

describe('A client can shorten the deadline', () => {
  it('and gets TIMEOUT when it passes; the upstream request is cancelled', async () => {
    await using product = await startTestProduct();
    product.emulator.faults.add(HANG);

    const { body } = await ask(product, '50');

    expect(body.errors[0].extensions).toMatchObject({ code: 'TIMEOUT', retryable: true });
    await until(async () => (await product.emulator.connections()) === 0);
  });

  it('and gets THROTTLED at once when a pause is longer', async () => {
    await using product = await startTestProduct();
    product.emulator.faults.add({ on: {}, do: { status: 429, headers: { 'Retry-After': '3' } } });

    const { body } = await ask(product, '2900');

    expect(body.errors[0].extensions).toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 3 });
    expect(product.emulator.calls).toHaveLength(1);
  });

  it('and gets the whole response when the time is enough', async () => {
    await using product = await startTestProduct();
    expect((await ask(product, '9999')).body).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });

  it('of a mutation, whose outcome is then unknown', async () => {
    await using product = await startTestProduct();
    product.emulator.faults.add(HANG);
    const add = 'mutation { addPhone(input: { number: "+1 425 555 0177" }) { userErrors { code } } }';

    const { body } = await ask(product, '200', add);

    expect(body.data.addPhone.userErrors).toEqual([{ code: 'OUTCOME_UNKNOWN' }]);
  });
});

describe('It cannot extend the deadline, and other values are ignored', () => {
  it.each(['60000', '0', '-1', '1e2', '50.5', '0x10', '50, 50', '50ms', ' ', '99999999999999999999'])(
    '%j changes nothing',
    async (value) => {
      await using product = await startTestProduct({ environment: { REQUEST_DEADLINE_MS: '400' } });
      product.emulator.faults.add(HANG);
      const start = performance.now();

      const { body } = await ask(product, value);

      expect(body.errors[0].extensions.code).toBe('TIMEOUT');
      expect(performance.now() - start).toBeGreaterThan(390);
    },
  );
});

async function ask({ request, emulator }: TestProduct, value: string, query = QUERY) {
  const response = await request('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf(emulator, 'innocenty')}`,
      'x-request-timeout-ms': value,
    },
    body: JSON.stringify({ query }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  return { status: response.status, body: (await response.json()) as any };
}
