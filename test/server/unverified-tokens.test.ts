// Requests with unverified tokens count against their address, however they end. With pass-through only Microsoft Graph can
// validate a token. Each row sends one kind of request once less often than the allowance permits. The next made-up token
// is then admitted, and the one after it is rejected.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { FaultAction } from '../../emulator/faults/rules.ts';
import type { Environment } from '../../src/config/config.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { until } from '../support/emulator.ts';
import { ask, startTestProduct, type TestProduct, upstream } from '../support/product.ts';

const QUERY = '{ me { displayName } }';
const MUTATION = 'mutation { addPhone(input: { number: "1" }) { phone { id } } }';
/** The allowance of an address with RATE_LIMIT=100. */
const ALLOWANCE = 10;

/** Sends one request. Resolves when the gateway has received all that it will ever receive of it. */
type Way = (product: TestProduct, token: string) => Promise<unknown>;

const posted =
  (body: unknown, headers: Record<string, string> = {}): Way =>
  (product, token) =>
    product.request('/graphql', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

const got =
  (search: string, headers: Record<string, string> = {}): Way =>
  (product, token) =>
    product.request(`/graphql${search}`, {
      headers: { authorization: `Bearer ${token}`, 'apollo-require-preflight': 'yes', ...headers },
    });

/** Writes bytes on a connection with `TOKEN` replaced by the token. Disconnects when the gateway has read them. */
const wrote =
  (bytes: string, leave: (socket: Socket) => void = (socket) => void socket.resetAndDestroy()): Way =>
  async (product, token) => {
    const socket = await connectTo(product);
    socket.write(bytes.replaceAll('TOKEN', token));
    await product.ask(QUERY);
    leave(socket);
    await product.ask(QUERY);
  };

const HEAD =
  'POST /graphql HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer TOKEN\r\nContent-Type: application/json\r\n';
/** The user for whom Graph is slow or fails, in the rows that need that. No other request is for this user. */
const OTHER_QUERY = '{ me { mail } }';
const BODY = JSON.stringify({ query: OTHER_QUERY });
const WHOLE = `${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;

const NOTHING_OF_GRAPH: readonly (readonly [string, Way])[] = [
  ['__typename', posted({ query: '{ __typename }' })],
  ['introspection', posted({ query: '{ __schema { types { name fields { name } } } }' })],
  ['an ill-formed id', posted({ query: '{ user(id: "..") { id } }' })],
  ['many ill-formed ids', posted({ query: `{ users(ids: [${'"..",'.repeat(100)}]) { id } }` })],
  ['a mutation of an ill-formed id', posted({ query: MUTATION.replace('number', 'userId: "..", number') })],
  ['everything skipped', posted({ query: '{ me @skip(if: true) { id } }' })],
  ['a document that cannot be parsed', posted({ query: '{ me {' })],
  ['a document that is not valid', posted({ query: '{ nobody }' })],
  ['a document beyond a limit', posted({ query: `{ ${'__typename '.repeat(2_000)} }` })],
  ['variables that do not fit', posted({ query: 'query ($id: ID!) { user(id: $id) { id } }' })],
  ['variables that are no object', posted({ query: QUERY, variables: 'x' })],
  ['an unknown operation', posted({ query: QUERY, operationName: 'Other' })],
  ['a subscription', posted({ query: 'subscription { phoneAdded { id } }' })],
  [
    'a persisted query that nobody has',
    posted({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }),
  ],
  ['a list of operations', posted([{ query: QUERY }, { query: QUERY }])],
  ['no query', posted({})],
  ['an answer type that there is not', posted({ query: QUERY }, { accept: 'application/xml' })],
  ['a mutation, and such a type', posted({ query: MUTATION }, { accept: 'application/xml' })],
  ['GET of __typename', got('?query={__typename}')],
  ['GET of nothing', got('')],
  ['GET of a mutation', got(`?query=${encodeURIComponent(MUTATION)}`)],
  ['GET with variables that cannot be read', got('?query={__typename}&variables={')],
  ['GET without a preflight', got('?query={__typename}', { 'apollo-require-preflight': '' })],
];

const UNREADABLE: readonly (readonly [string, Way])[] = [
  ['a body that is no JSON', posted('{"query":')],
  ['a body that is no UTF-8', wrote(`${HEAD}Content-Length: 2\r\n\r\n\xff\xfe`)],
  ['a body with __proto__', posted('{"query":"{ me { id } }","__proto__":{}}')],
  ['a body that is too large', posted({ query: QUERY, padding: ' '.repeat(300_000) })],
  ['chunks that are too many', wrote(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunks(300)}`)],
  ['a length that is too large', wrote(`${HEAD}Content-Length: 1000000000\r\n\r\n{`)],
  ['another type', posted(QUERY, { 'content-type': 'text/plain' })],
  ['no body', wrote(`${HEAD}Content-Length: 0\r\n\r\n`)],
];

const GONE: readonly (readonly [string, Way])[] = [
  ['gone after the head', wrote(`${HEAD}Content-Length: 34\r\n\r\n`)],
  ['gone after half a body', wrote(`${HEAD}Content-Length: 34\r\n\r\n{"query":`)],
  ['half a body, and no more ever', wrote(`${HEAD}Content-Length: 34\r\n\r\n{"query":`, () => undefined)],
  [
    'half a chunk, and no more ever',
    wrote(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{"q`, () => undefined),
  ],
  ['gone by closing its half of the connection', wrote(WHOLE, (socket) => void socket.end())],
  ['gone before the answer', wrote(WHOLE)],
];

const WITH_OTHER_TOKENS: readonly (readonly [string, Way])[] = [
  ['no token', (product) => ask(product.url, null, '{ __typename }')],
  ['the same token over and over', (product) => ask(product.url, 'made-up', '{ __typename }')],
  [
    'a scheme in small letters',
    (product, token) => posted({ query: QUERY }, { authorization: `bearer   ${token}` })(product, token),
  ],
  ['no bearer token', posted({ query: '{ __typename }' }, { authorization: 'Basic YTpi' })],
];

const TIMED: readonly (readonly [string, Way])[] = [
  ['a millisecond', posted({ query: OTHER_QUERY }, { 'x-request-timeout-ms': '1' })],
  ['50 milliseconds', posted({ query: OTHER_QUERY }, { 'x-request-timeout-ms': '50' })],
  ['a millisecond, and nothing to ask', posted({ query: '{ __typename }' }, { 'x-request-timeout-ms': '1' })],
  ['a millisecond for a change', posted({ query: MUTATION }, { 'x-request-timeout-ms': '1' })],
];

const FAILING: readonly (readonly [string, FaultAction])[] = [
  ['with 400', { status: 400 }],
  ['with 429', { status: 429, headers: { 'Retry-After': '60' } }],
  ['with 501', { status: 501 }],
  ['with a page', { status: 200, contentType: 'text/html', body: '<html>' }],
];

describe('A request with a made-up token counts against its address', () => {
  it.each(NOTHING_OF_GRAPH)('with %s', (_what, way) => expectCounted(way));
  it.each(UNREADABLE)('with %s', (_what, way) => expectCounted(way));
  it.each(WITH_OTHER_TOKENS)('with %s', (_what, way) => expectCounted(way));
  it.each(GONE)('%s, while Graph is slow', (_what, way) => expectCounted(way, { hang: true }));
  it.each(TIMED)('with %s, while Graph is slow', (_what, way) => expectCounted(way, { hang: true }));

  it.each(FAILING)('when Graph answers %s', (_what, action) =>
    expectCounted(posted({ query: OTHER_QUERY }), action),
  );
});

/** Sends the request once less often than the allowance permits, then sends two requests with made-up tokens. */
async function expectCounted(way: Way, trouble: FaultAction | null = null): Promise<void> {
  await using product = await startStill();
  const { faults } = product.emulator;
  await product.ask(QUERY);
  if (trouble !== null)
    faults.add({ on: { path: /mail|POST/ }, times: Number.POSITIVE_INFINITY, do: trouble });

  for (let at = 0; at < ALLOWANCE - 1; at += 1) await way(product, `made-up-${at}`);
  const last = await ask(product.url, 'made-up-last', QUERY);
  product.emulator.clearCalls();
  const beyond = await ask(product.url, 'made-up-beyond', QUERY);

  expect(last.status).not.toBe(429);
  expect([beyond.status, beyond.body.errors[0].extensions.code]).toEqual([429, 'THROTTLED']);
  expect(upstream(product.emulator)).toEqual([]);
  expect((await product.ask(QUERY)).status).toBe(200);
}

describe('Whatever the connections', () => {
  it('parallel requests on separate connections are admitted up to the allowance', async () => {
    await using product = await startStill();
    const asks = Array.from({ length: 50 }, (_, at) => ask(product.url, `made-up-${at}`, QUERY));
    expect(counts(await Promise.all(asks))).toEqual({ 401: ALLOWANCE, 429: 40 });
    expect(upstream(product.emulator)).toHaveLength(ALLOWANCE);
  });

  it('pipelined requests on one connection are admitted up to the allowance', async () => {
    await using product = await startStill();
    const socket = await connectTo(product);
    let text = '';
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
    });
    for (let at = 0; at < 30; at += 1) socket.write(WHOLE.replace('TOKEN', `made-up-${at}`));
    await until(() => (text.match(/HTTP\/1\.1 \d+/g) ?? []).length === 30);
    const statuses = (text.match(/HTTP\/1\.1 \d+/g) ?? []).map((line) => ({ status: Number(line.slice(9)) }));
    expect(counts(statuses)).toEqual({ 401: ALLOWANCE, 429: 20 });
  });

  it('requests beyond the allowance are rejected before their bodies arrive', async () => {
    await using product = await startStill();
    for (let at = 0; at < ALLOWANCE; at += 1) await ask(product.url, `made-up-${at}`, '{ __typename }');
    const socket = await connectTo(product);
    socket.write(`${HEAD.replace('TOKEN', 'made-up')}Content-Length: 1000\r\n\r\n{`);
    const [data] = await once(socket, 'data');
    expect(String(data)).toMatch(/^HTTP\/1\.1 429 /);
    expect(String(data)).toMatch(/^retry-after: 6\r$/im);
    expect(String(data)).toContain('"code":"THROTTLED"');
  });
});

describe('A token that Graph has accepted is not charged to its address', () => {
  it('when browsers of many users open with six queries under a new token', async () => {
    await using product = await startStill();
    for (const person of ['innocenty', 'admin', 'namesake', 'reader']) {
      const asks = Array.from({ length: 6 }, () => product.ask(QUERY, {}, person));
      expect(counts(await Promise.all(asks))).toEqual({ 200: 6 });
    }
    await expectWhole(product);
  });

  it.each([
    [
      'who is forbidden to do what it asks',
      'mutation { addPhone(input: { userId: "grace.okafor@contoso.com", number: "1" }) { userErrors { code } } }',
    ],
    ['who asks for what is not there', '{ user(id: "00000000-0000-4000-8000-000000000000") { id } }'],
    ['who asks for many', '{ users(ids: ["grace.okafor@contoso.com", "nobody@contoso.com"]) { id } }'],
    ['who changes something', MUTATION],
  ])('of a user %s', async (_who, query) => {
    await using product = await startStill();
    await product.ask(query);
    await expectWhole(product);
  });

  it('while it is valid, also for requests that do not reach Graph', async () => {
    await using product = await startStill();
    await product.ask(QUERY);
    for (let at = 0; at < 30; at += 1) expect((await product.ask('{ __typename }')).status).toBe(200);
    await expectWhole(product);
  });
});

describe('When the gateway validates tokens itself', () => {
  it('valid tokens are admitted before Graph accepts them, however many invalid ones their address sends', async () => {
    await using product = await startStill({ AUTH_MODE: 'entra' });
    const token = await product.emulator.entra.userToken('innocenty');
    const bad = Array.from({ length: 30 }, (_, at) => ask(product.url, `made-up-${at}`, QUERY));
    expect(counts(await Promise.all(bad))).toEqual({ 401: ALLOWANCE, 429: 20 });
    const good = Array.from({ length: 30 }, () => ask(product.url, token, '{ __typename }'));
    expect(counts(await Promise.all(good))).toEqual({ 200: 30 });
  });
});

/** The clock stands still, so that the allowance does not refill. */
async function startStill(environment: Environment = {}): Promise<TestProduct> {
  const clock: Clock = { ...systemClock, elapsed: () => 0 };
  const product = await startTestProduct({
    environment: { RATE_LIMIT: '100', ...environment },
    outside: { clock },
  });
  return {
    ...product,
    // Without this it would wait for bodies that never arrive.
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.splice(0)) socket.destroy();
      await product.close();
    },
  };
}

const sockets: Socket[] = [];

/** Checks that the allowance of the address is full. */
async function expectWhole(product: TestProduct): Promise<void> {
  const strangers = Array.from({ length: ALLOWANCE + 1 }, (_, at) =>
    ask(product.url, `made-up-${at}`, QUERY),
  );
  expect(counts(await Promise.all(strangers))).toEqual({ 401: ALLOWANCE, 429: 1 });
}

async function connectTo({ url }: TestProduct): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

function counts(answers: readonly { readonly status: number }[]): Record<number, number> {
  const counted: Record<number, number> = {};
  for (const { status } of answers) counted[status] = (counted[status] ?? 0) + 1;
  return counted;
}

function chunks(many: number): string {
  return `400\r\n${' '.repeat(1_024)}\r\n`.repeat(many);
}
