// Plugins of Apollo Server handle every request, including those that the gateway would otherwise run from its cache.
import { describe, expect, it } from 'vitest';
import type { Plugin } from '../../src/graphql/apollo.ts';
import type { LogFields } from '../../src/runtime/log.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { startTestProduct, type TestProduct } from '../support/product.ts';

const QUERY = '{ me { displayName } }';
const REPEATED = 5;

/** Sends each kind of request several times and returns the status of each response. */
async function askAll(product: TestProduct): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < REPEATED; time += 1) {
    const answers = await Promise.all([
      product.ask(QUERY),
      product.ask('query ($id: ID!) { user(id: $id) { id } }', { id: 'grace.okafor@contoso.com' }),
      product.ask('mutation { addPhone(input: { number: "1" }) { userErrors { code } } }'),
      product.ask(QUERY, {}, 'expired'),
      product.ask('{ nobody }'),
      product.ask('{ user(id: "..") { id } }'),
    ]);
    statuses.push(...answers.map(({ status }) => status));
  }
  return statuses;
}

describe('A plugin that handles every request', () => {
  it('is called for each request, repeated ones included, from start to response', async () => {
    const heard = { started: 0, resolved: 0, executed: 0, sent: 0 };
    const plugin: Plugin = {
      async requestDidStart() {
        heard.started += 1;
        return {
          async didResolveOperation() {
            heard.resolved += 1;
          },
          async executionDidStart() {
            heard.executed += 1;
          },
          async willSendResponse() {
            heard.sent += 1;
          },
        };
      },
    };
    await using product = await startTestProduct({ outside: { plugins: [plugin] } });

    const statuses = await askAll(product);

    expect(statuses).toHaveLength(6 * REPEATED);
    // The invalid document has no operation name.
    expect(heard).toEqual({
      started: statuses.length,
      resolved: statuses.length - REPEATED,
      executed: statuses.length - REPEATED,
      sent: statuses.length,
    });
  });

  it('can change each response, and nothing else changes', async () => {
    const plugin: Plugin = {
      async requestDidStart() {
        return {
          async willSendResponse({ response }) {
            response.http.headers.set('x-plugin', 'here');
          },
        };
      },
    };
    await using plain = await startTestProduct();
    await using product = await startTestProduct({ outside: { plugins: [plugin] } });
    for (let time = 0; time < 3; time += 1) {
      const { headers, ...rest } = await product.ask(QUERY);
      const { headers: expected, ...known } = await plain.ask(QUERY);
      expect(rest).toEqual(known);
      expect(headers.get('x-plugin')).toBe('here');
      expect(headers.get('content-type')).toBe(expected.get('content-type'));
    }
  });

  it.each<[string, Plugin]>([
    ['requestDidStart', { requestDidStart: async () => undefined }],
    ['unexpectedErrorProcessingRequest', { unexpectedErrorProcessingRequest: async () => undefined }],
  ])('is one with %s: no request runs without Apollo Server', async (_hook, plugin) => {
    expect(await preparedOf([plugin])).toEqual([false, false, false]);
    expect(await preparedOf([{}, plugin])).toEqual([false, false, false]);
  });
});

describe('A plugin that does not handle requests', () => {
  it('is called for its events, and repeated requests bypass Apollo Server', async () => {
    let starts = 0;
    const plugin: Plugin = {
      async serverWillStart() {
        starts += 1;
      },
    };
    expect(await preparedOf([plugin])).toEqual([false, true, true]);
    expect(starts).toBe(1);
    expect(await preparedOf([])).toEqual([false, true, true]);
  });
});

/** Whether each of three equal requests bypassed Apollo Server. */
async function preparedOf(plugins: readonly Plugin[]): Promise<unknown[]> {
  const lines: LogFields[] = [];
  const logger = { ...silentLogger, info: (fields: LogFields) => void lines.push(fields) };
  await using product = await startTestProduct({ logger, outside: { plugins } });
  for (let time = 0; time < 3; time += 1) await product.ask(QUERY);
  return lines.filter(({ operation }) => operation !== undefined).map(({ prepared }) => prepared);
}
