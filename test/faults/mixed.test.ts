// All faults together, as with `--faults mixed`, under concurrent requests. One upstream request in five is affected.
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../emulator/emulator.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { until } from '../support/emulator.ts';
import { ask, tokenOf } from '../support/product.ts';
import { INNOCENTY, peopleOf, QUERIES } from './operations.ts';
import { startFaultyProduct } from './product.ts';
import { errorsOf, unhandledIn } from './scenario-run.ts';

const OPERATIONS = 240;
const AT_ONCE = 8;

const ADD =
  'mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { id } userErrors { code } } }';
const CODES = /^[\w.]+ (THROTTLED|TIMEOUT|UPSTREAM_UNAVAILABLE|UPSTREAM_BAD_RESPONSE|FORBIDDEN)$/;

describe('with a fault in every fifth request', () => {
  it('every response is data or a typed error at its path, and no phone is added twice', async () => {
    // Excludes the faults after which the caller is throttled for the rest of the test, or must sign in again.
    const scenarios = SCENARIOS.filter(({ name }) => name !== 'throttled-huge' && name !== 'claims-unquoted');
    const randomFaults = { scenarios, rate: 0.2, random: seededRandom(5) };
    await using product = await startFaultyProduct(1_000, randomFaults);
    const { emulator, url, adminUrl } = product;
    const token = tokenOf(emulator, 'innocenty');
    const additions: { readonly number: string; readonly added: boolean }[] = [];
    let next = 0;

    async function client(): Promise<void> {
      while (next < OPERATIONS) {
        const at = next;
        next += 1;
        if (at % 3 !== 0) {
          const query = at % 3 === 1 ? QUERIES.me : QUERIES.users;
          const response = await ask(url, token, query, { ids: peopleOf(emulator) });
          expect(response.status).toBe(200);
          for (const error of errorsOf(response)) expect(error).toMatch(CODES);
          continue;
        }
        const number = `+1 425 555 ${String(1_000 + at)}`;
        const response = await ask(url, token, ADD, { input: { number } });
        expect(response.status).toBe(200);
        for (const error of errorsOf(response)) expect(error).toMatch(CODES);
        const payload = response.body.data.addPhone;
        for (const { code } of payload?.userErrors ?? [])
          expect(code).toBeOneOf(['OUTCOME_UNKNOWN', 'FORBIDDEN']);
        additions.push({ number, added: Boolean(payload?.phone) });
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, client));

    const numbers = emulator.phonesOf(INNOCENTY).map(({ number }) => number);
    expect(additions.some(({ added }) => added)).toBe(true);
    expect(additions.some(({ added }) => !added)).toBe(true);
    for (const { number, added } of additions) {
      const times = numbers.filter((other) => other === number).length;
      expect(times).toBeLessThanOrEqual(1);
      if (added) expect(times).toBe(1);
    }
    await until(async () => (await emulator.connections()) <= AT_ONCE * 2);
    expect((await fetch(`${adminUrl}/readyz`)).status).toBe(200);
    expect(unhandledIn()).toEqual([]);
  });
});
