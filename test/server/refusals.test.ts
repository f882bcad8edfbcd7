// Requests that cannot run. None of them causes a request to Microsoft Graph.
import { describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';
import { recordAttempt } from '../support/record.ts';
import { type Code, refusalOf } from './refusal.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const LIMIT = 256 * 1024;

interface Wrong {
  readonly what: string;
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: Code;
}

/** POST requests with a valid token. */
const WRONG: readonly Wrong[] = [
  { what: 'a body without a query', body: '{"variables":{}}', status: 400, code: 'BAD_REQUEST' },
  { what: 'an empty object', body: '{}', status: 400, code: 'BAD_REQUEST' },
  { what: 'an empty body', body: '', status: 400, code: 'BAD_REQUEST' },
  { what: 'JSON that stops in the middle', body: '{"query":', status: 400, code: 'BAD_REQUEST' },
  { what: 'JSON that is no object', body: '"{ me { id } }"', status: 400, code: 'BAD_REQUEST' },
  { what: 'null', body: 'null', status: 400, code: 'BAD_REQUEST' },
  { what: 'a query that is no text', body: '{"query":{"me":true}}', status: 400, code: 'BAD_REQUEST' },
  {
    what: 'variables that are no object',
    body: '{"query":"{ me { id } }","variables":"x"}',
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a batch of operations, even of one',
    body: '[{"query":"{ me { id } }"}]',
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    what: 'an object with a __proto__ of its own',
    body: '{"query":"{ me { id } }","__proto__":{}}',
    status: 400,
    code: 'BAD_REQUEST',
  },
  { what: 'no syntax', body: '{"query":"{"}', status: 400, code: 'GRAPHQL_PARSE_FAILED' },
  {
    what: 'an unknown field',
    body: '{"query":"{ me { shoeSize } }"}',
    status: 400,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    what: 'a variable that is missing',
    body: '{"query":"query ($id: ID!) { user(id: $id) { id } }"}',
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    what: 'two operations and no operationName',
    body: '{"query":"query A { me { id } } query B { me { id } }"}',
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  {
    what: 'text/plain',
    body: '{"query":"{ me { id } }"}',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a form',
    body: 'query=%7Bme%7Bid%7D%7D',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a form with files',
    body: '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{ me { id } }\r\n--x--\r\n',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    status: 415,
    code: 'BAD_REQUEST',
  },
  {
    what: 'application/graphql',
    body: '{ me { id } }',
    headers: { 'content-type': 'application/graphql' },
    status: 415,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a body that is larger than 256 KiB',
    body: JSON.stringify({ query: '{ me { id } }', padding: ' '.repeat(LIMIT) }),
    status: 413,
    code: 'BAD_REQUEST',
  },
  {
    what: 'an answer type that is neither of the two',
    body: '{"query":"{ me { id } }"}',
    headers: { ...JSON_TYPE, accept: 'application/xml' },
    status: 406,
    code: 'BAD_REQUEST',
  },
];

describe('A request that cannot run gets an error response and causes no upstream request', () => {
  it.each(WRONG)('$what: $status, $code', async ({ what, body, headers = JSON_TYPE, status, code }) => {
    await using product = await startTestProduct();

    const start = performance.now();
    const response = await product.request('/graphql', {
      method: 'POST',
      headers: { authorization: bearer(product), ...headers },
      ...(body === undefined ? {} : { body }),
    });

    const codes = await refusalOf(response, status);
    const [kind, calls] = ['Requests that cannot run', upstream(product.emulator)] as const;
    recordAttempt({ kind, what, start, status, codes, calls: calls.length });
    expect(codes).toEqual([code]);
    expect(calls).toEqual([]);
  });

  it('a POST without a content type and without a body: 400', async () => {
    await using product = await startTestProduct();

    const response = await product.request('/graphql', {
      method: 'POST',
      headers: { authorization: bearer(product) },
    });

    expect(await refusalOf(response, 400)).toEqual(['BAD_REQUEST']);
  });

  it('a subscription, which the schema does not have: 400, not an internal error', async () => {
    await using product = await startTestProduct();

    const response = await product.request('/graphql', {
      method: 'POST',
      headers: { authorization: bearer(product), ...JSON_TYPE },
      body: '{"query":"subscription { phoneAdded { id } }"}',
    });

    expect(await refusalOf(response, 400)).not.toContain('INTERNAL_SERVER_ERROR');
  });

  it('a mutation whose response the client does not accept: 406, and it does not run', async () => {
    await using product = await startTestProduct();

    const response = await product.request('/graphql', {
      method: 'POST',
      headers: { authorization: bearer(product), ...JSON_TYPE, accept: 'application/xml' },
      body: '{"query":"mutation { addPhone(input: { number: \\"+1 425 555 0177\\" }) { phone { id } } }"}',
    });

    expect(await refusalOf(response, 406)).toEqual(['BAD_REQUEST']);
    expect(upstream(product.emulator)).toEqual([]);
  });

  it('a body of exactly 256 KiB is not too large', async () => {
    await using product = await startTestProduct();
    const query = { query: '{ me { displayName } }', padding: '' };
    const padding = ' '.repeat(LIMIT - JSON.stringify(query).length);

    const response = await product.request('/graphql', {
      method: 'POST',
      headers: { authorization: bearer(product), ...JSON_TYPE },
      body: JSON.stringify({ ...query, padding }),
    });

    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });

  it('a URL without a query: 400', async () => {
    await using product = await startTestProduct();

    const response = await product.request('/graphql', {
      headers: { authorization: bearer(product), 'apollo-require-preflight': 'true' },
    });

    expect(await refusalOf(response, 400)).toEqual(['BAD_REQUEST']);
  });

  it('a URL with variables that are not JSON: 400', async () => {
    await using product = await startTestProduct();

    const response = await product.request('/graphql?query=%7B__typename%7D&variables=%7B', {
      headers: { authorization: bearer(product), 'apollo-require-preflight': 'true' },
    });

    expect(await refusalOf(response, 400)).toEqual(['BAD_REQUEST']);
  });
});

function bearer({ emulator }: TestProduct): string {
  return `Bearer ${tokenOf(emulator, 'innocenty')}`;
}
