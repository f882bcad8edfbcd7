// Bytes that no HTTP library sends: ambiguous requests, incomplete requests, and too much of everything. Each gets an error
// response in the form of GraphQL, none causes a request to Microsoft Graph, and the gateway serves others afterwards.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../support/emulator.ts';
import { startTestProduct, type TestProduct, upstream } from '../support/product.ts';
import { recordAttempt } from '../support/record.ts';
import { codesOf } from './refusal.ts';

const product = await startTestProduct({
  environment: { RATE_LIMIT: '0', CORS_ORIGINS: 'https://a.example' },
});
afterAll(() => product.close());
beforeEach(() => product.emulator.reset());

const BEARER = 'Authorization: Bearer demo-token-innocenty\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const QUERY = '{"query":"{ me { displayName } }"}';
const DATA = { data: { me: { displayName: 'Innocenty Popov' } } };

interface Head {
  readonly line?: string;
  readonly host?: string;
  readonly type?: string;
  readonly length?: string;
  readonly more?: string;
}

/** A valid POST with parts of it replaced. */
function post(body: string | Buffer, head: Head = {}): Buffer {
  const {
    line = 'POST /graphql HTTP/1.1\r\n',
    host = 'Host: localhost\r\n',
    type = JSON_TYPE,
    length = `Content-Length: ${Buffer.byteLength(body)}\r\n`,
    more = '',
  } = head;
  return Buffer.concat([
    Buffer.from(`${line}${host}${BEARER}${type}${length}${more}\r\n`, 'latin1'),
    Buffer.from(body),
  ]);
}

function get(path: string, more = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nApollo-Require-Preflight: yes\r\n${BEARER}${more}\r\n`;
}

const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

const REFUSED: readonly [string, string | Buffer, number][] = [
  // Ambiguous hosts.
  ['no Host', post(QUERY, { host: '' }), 400],
  ['two Host headers', post(QUERY, { host: 'Host: localhost\r\nHost: localhost\r\n' }), 400],
  ['two Host headers that differ', post(QUERY, { host: 'Host: localhost\r\nhOsT: evil.example\r\n' }), 400],
  // Ambiguous ends of the body.
  ['two lengths that differ', post(QUERY, { more: 'Content-Length: 3\r\n' }), 400],
  ['two lengths that agree', post(QUERY, { more: `Content-Length: ${QUERY.length}\r\n` }), 400],
  ['a list of lengths', post(QUERY, { length: 'Content-Length: 34, 34\r\n' }), 400],
  ['a length and chunks', post(`${chunk(QUERY)}0\r\n\r\n`, { more: CHUNKED }), 400],
  [
    'chunks and a length',
    post(`${chunk(QUERY)}0\r\n\r\n`, { length: `${CHUNKED}Content-Length: 5\r\n` }),
    400,
  ],
  ['a negative length', post(QUERY, { length: 'Content-Length: -1\r\n' }), 400],
  ['a length that is none', post(QUERY, { length: 'Content-Length: 0x22\r\n' }), 400],
  ['a length with a sign', post(QUERY, { length: 'Content-Length: +34\r\n' }), 400],
  ['a length beyond all numbers', post(QUERY, { length: `Content-Length: ${'9'.repeat(40)}\r\n` }), 400],
  ['a length of a gigabyte', post(QUERY, { length: 'Content-Length: 1073741824\r\n' }), 413],
  ['an unknown transfer encoding', post(QUERY, { length: 'Transfer-Encoding: xchunked\r\n' }), 400],
  ['chunks that are not last', post(QUERY, { length: 'Transfer-Encoding: chunked, identity\r\n' }), 400],
  ['chunks twice', post(chunk(QUERY), { length: `${CHUNKED}${CHUNKED}` }), 400],
  ['a blank before the colon', post(QUERY, { length: 'Content-Length : 34\r\n' }), 400],
  ['a header on two lines', post(QUERY, { more: 'X-Long: one\r\n two\r\n' }), 400],
  // Chunks.
  ['a chunk size that is none', post(`zz\r\n${QUERY}\r\n0\r\n\r\n`, { length: CHUNKED }), 400],
  ['a chunk that is longer than it says', post(`3\r\n${QUERY}\r\n0\r\n\r\n`, { length: CHUNKED }), 400],
  ['a negative chunk', post(`-1\r\n${QUERY}\r\n0\r\n\r\n`, { length: CHUNKED }), 400],
  ['a chunk beyond all numbers', post(`${'f'.repeat(17)}\r\n`, { length: CHUNKED }), 400],
  ['a chunk ended by a line feed alone', post(`22\n${QUERY}\n0\n\n`, { length: CHUNKED }), 400],
  ['chunk extensions without end', post(`1;${'x'.repeat(20_000)}\r\n{\r\n`, { length: CHUNKED }), 413],
  ['chunks of more than a body may have', post(chunk(' '.repeat(300_000)), { length: CHUNKED }), 413],
  // Headers that are too large.
  ['20 kB of one header', post(QUERY, { more: `X-Big: ${'x'.repeat(20_000)}\r\n` }), 431],
  ['an address of 20 kB', get(`/graphql?query=${'x'.repeat(20_000)}`), 431],
  ['101 headers', post(QUERY, { more: header(97) }), 431],
  ['2,500 headers', post(QUERY, { more: 'a:\r\n'.repeat(2_500) }), 431],
  // Content types and encodings.
  ['gzip', post(gzipSync(QUERY), { more: 'Content-Encoding: gzip\r\n' }), 415],
  ['an unknown encoding', post(QUERY, { more: 'Content-Encoding: none-such\r\n' }), 415],
  ['another charset', post(QUERY, { type: 'Content-Type: application/json; charset=iso-8859-1\r\n' }), 415],
  [
    'UTF-16',
    post(Buffer.from(QUERY, 'utf16le'), { type: 'Content-Type: application/json; charset="utf-16le"\r\n' }),
    415,
  ],
  [
    'two charsets',
    post(QUERY, { type: 'Content-Type: application/json; charset=utf-8; charset=utf-7\r\n' }),
    415,
  ],
  ['no content type', post(QUERY, { type: '' }), 415],
  ['two content types', post(QUERY, { type: `${JSON_TYPE}Content-Type: text/plain\r\n` }), 400],
  ['two tokens', post(QUERY, { more: 'Authorization: Bearer demo-token-admin\r\n' }), 400],
  ['an expectation', post(QUERY, { more: 'Expect: the-unexpected\r\n' }), 417],
  // Bodies that are not JSON.
  [
    'bytes that are not UTF-8',
    post(Buffer.from('{"query":"{ me { id } }", "x": "\xff\xfe"}', 'latin1')),
    400,
  ],
  [
    'half a character',
    post(
      Buffer.concat([Buffer.from('{"query":"{ me { id } } #'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')]),
    ),
    400,
  ],
  ['half a surrogate pair as bytes', post(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), 400],
  ['a NUL in JSON', post('{"query":"{ me { id\0 } }"}'), 400],
  ['a NUL in the document', post('{"query":"{ me { id\\u0000 } }"}'), 400],
  ['a NUL in a header', post(QUERY, { more: 'X-Nul: a\0b\r\n' }), 400],
  ['a NUL in the address', get('/graphql?query=\0'), 400],
  ['a carriage return in a header', post(QUERY, { more: 'X-Cr: a\rb\r\n' }), 400],
  ['a key named __proto__', post('{"query":"{ me { id } }","__proto__":{"admin":true}}'), 400],
  [
    'a key named __proto__ in the variables',
    post('{"query":"{ me { id } }","variables":{"__proto__":{}}}'),
    400,
  ],
  ['one written with an escape', post('{"query":"{ me { id } }","\\u005f_proto__":{}}'), 400],
  ['a constructor with a prototype', post('{"query":"{ me { id } }","constructor":{"prototype":{}}}'), 400],
  ['100,000 brackets', post('['.repeat(100_000)), 400],
  ['100,000 brackets that close', post('['.repeat(100_000) + ']'.repeat(100_000)), 400],
  ['a query of 100,000 braces', post(JSON.stringify({ query: '{'.repeat(100_000) })), 400],
  ['a query of 60,000 brackets', post(JSON.stringify({ query: `{ users(ids: ${'['.repeat(60_000)}` })), 400],
  ['two bodies in one', post(QUERY + QUERY), 400],
  ['a thousand parameters', get(`/graphql?${'a=1&'.repeat(1_000)}`), 400],
  ['three thousand queries', get(`/graphql?${'query&'.repeat(2_000)}`), 400],
  ['a broken escape in the address', get('/graphql?query=%zz'), 400],
  ['a broken escape in the path', get('/%zz'), 400],
  ['bytes that are not UTF-8 in the address', Buffer.from(get('/graphql?query=\xff\xfe'), 'latin1'), 400],
  // Bytes that are not HTTP.
  ['an unknown method', 'PLEASE /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['an unknown version', post(QUERY, { line: 'POST /graphql HTTP/3.7\r\n' }), 400],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]), 400],
  ['CONNECT', 'CONNECT graph.microsoft.com:443 HTTP/1.1\r\nHost: graph.microsoft.com\r\n\r\n', 405],
  ['TRACE', 'TRACE /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
  ['another host’s address', get('http://evil.example/graphql-not'), 404],
  ['a way out of the path', get('/graphql/../../etc/passwd'), 404],
];

describe('bytes that are not a valid request', () => {
  it.each(REFUSED)('%s', async (what, bytes, status) => {
    const bystander = await openConnection(product);
    await exchange(bystander, post(QUERY));
    product.emulator.reset();

    const start = performance.now();
    const answer = await exchange(await openConnection(product), bytes);

    expect(answer.status, answer.text).toBe(status);
    const [kind, calls] = [
      'Bytes that are no request to be carried out',
      upstream(product.emulator),
    ] as const;
    recordAttempt({ kind, what, start, status, codes: codesOf(answer.body), calls: calls.length });
    expect(answer.headers).toMatch(/^content-type: application\/json/im);
    expect(answer.headers).toMatch(/^cache-control: private, no-store/im);
    expect(codesOf(answer.body)).toHaveLength(1);
    expect(calls).toEqual([]);
    expect(JSON.parse((await exchange(bystander, post(QUERY))).body)).toEqual(DATA);
  });
});

describe('unusual bytes that are well-formed', () => {
  it.each<[string, string | Buffer]>([
    ['chunks', post(`${chunk(QUERY.slice(0, 10))}${chunk(QUERY.slice(10))}0\r\n\r\n`, { length: CHUNKED })],
    [
      'chunks with an extension and a trailer',
      post(`22;a=b\r\n${QUERY}\r\n0\r\nHost: evil.example\r\n\r\n`, { length: CHUNKED }),
    ],
    ['HTTP/1.0 without a Host', post(QUERY, { line: 'POST /graphql HTTP/1.0\r\n', host: '' })],
    ['names in any case', post(QUERY, { type: 'cOnTeNt-TyPe: APPLICATION/JSON; CharSet="UTF-8"\r\n' })],
    ['a byte order mark', post(`\ufeff${QUERY}`)],
    ['Content-Encoding: identity', post(QUERY, { more: 'Content-Encoding: identity\r\n' })],
    ['Expect: 100-continue', post(QUERY, { more: 'Expect: 100-continue\r\n' })],
    ['100 headers', post(QUERY, { more: header(96) })],
    ['an upgrade that is not taken', post(QUERY, { more: 'Connection: Upgrade\r\nUpgrade: h2c\r\n' })],
    ['blank lines before', `\r\n\r\n${post(QUERY)}`],
  ])('%s', async (_what, bytes) => {
    const { status, body, text } = await exchange(await openConnection(product), bytes);
    expect(status, text).toBe(200);
    expect(JSON.parse(body)).toEqual(DATA);
  });

  it('pipelined requests get their responses in order', async () => {
    const socket = await openConnection(product);
    const all = await exchangeAll(
      socket,
      Buffer.concat([post(QUERY), Buffer.from(get('/nowhere')), post(QUERY)]),
      3,
    );
    expect(all.map(({ status }) => status)).toEqual([200, 404, 200]);
    expect(JSON.parse(all[2]?.body ?? '')).toEqual(DATA);
  });

  it('the error for invalid bytes after a request is not sent as its response', async () => {
    const socket = await openConnection(product);
    const text = await untilClosed(socket, Buffer.concat([post(QUERY), Buffer.from('RUBBISH\r\n\r\n')]));
    expect(text).not.toContain('HTTP/1.1 400');
    expect((await exchange(await openConnection(product), post(QUERY))).status).toBe(200);
  });

  it('the body of a rejected request is not read as a request', async () => {
    const smuggled = get('/graphql?query={me{displayName}}');
    const text = await untilClosed(
      await openConnection(product),
      post(smuggled, { length: `${CHUNKED}Content-Length: ${smuggled.length}\r\n` }),
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
    expect(upstream(product.emulator)).toEqual([]);
  });
});

describe('a slow client', () => {
  // The deadline also applies to the arrival of the request. Node checks it at an interval.
  it.each([
    ['never sends a whole head', 'POST /graphql HTTP/1.1\r\nHost: loc'],
    ['never sends a whole body', post(QUERY, { length: 'Content-Length: 1000\r\n' })],
    ['never sends its last chunk', post(chunk(QUERY), { length: CHUNKED })],
  ])('%s: 408, and its connection ends', async (what, bytes) => {
    await using slow = await startTestProduct({ environment: { REQUEST_DEADLINE_MS: '200' } });
    const start = performance.now();
    const text = await untilClosed(await openConnection(slow), bytes);
    expect(text).toContain('HTTP/1.1 408 Request Timeout\r\n');
    const codes = codesOf(text.split('\r\n\r\n')[1] ?? '');
    const [kind, calls] = ['Clients that take their time', upstream(slow.emulator)] as const;
    recordAttempt({ kind, what, start, status: 408, codes, calls: calls.length });
    expect(codes).toEqual(['BAD_REQUEST']);
    expect(calls).toEqual([]);
  });

  it('that sends a byte at a time gets no more time', async () => {
    await using slow = await startTestProduct({ environment: { REQUEST_DEADLINE_MS: '200' } });
    const socket = await openConnection(slow);
    let gone = false;
    void closing(socket).then(() => {
      gone = true;
    });
    socket.resume();
    socket.write('POST /graphql HTTP/1.1\r\nX-Drip: ');
    await until(async () => {
      await slow.request('/nowhere');
      if (!gone) socket.write('x');
      return gone;
    });
    expect(gone).toBe(true);
  });

  it('may disconnect in the middle of its request', async () => {
    for (const bytes of ['POST /gra', post(QUERY, { length: 'Content-Length: 1000\r\n' }), post(QUERY)]) {
      const socket = await openConnection(product);
      socket.write(bytes);
      socket.resetAndDestroy();
    }
    expect((await exchange(await openConnection(product), post(QUERY))).status).toBe(200);
  });
});

describe('connections', () => {
  it('beyond LIMIT_CONNECTIONS are closed as they open, and open ones stay open', async () => {
    await using small = await startTestProduct({ environment: { LIMIT_CONNECTIONS: '2' } });
    const [first, second] = [await openConnection(small), await openConnection(small)];
    await exchange(first, post(QUERY));
    const third = await openConnection(small);
    if (!third.closed) await closing(third);

    expect((await exchange(second, post(QUERY))).status).toBe(200);
    first.destroy();
    await until(async () => {
      const next = await openConnection(small);
      return exchange(next, post(QUERY)).then(
        ({ status }) => status === 200,
        () => false,
      );
    });
  });
});

describe('the headers of a client', () => {
  it('are not sent to Microsoft Graph', async () => {
    const more = [
      'Cookie: canary=1',
      'X-Forwarded-For: canary',
      'Forwarded: for=canary',
      'ConsistencyLevel: canary',
      'Prefer: canary',
      'If-Match: canary',
      'User-Agent: canary',
      'Origin: https://a.example',
      'Referer: https://canary.example',
      'client-request-id: canary',
      'x-request-id: canary',
      'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'SdkVersion: canary',
      'X-AnchorMailbox: canary',
      'Accept-Language: canary',
    ].map((line) => `${line}\r\n`);
    const mutation = '{"query":"mutation { addPhone(input: { number: \\"1\\" }) { phone { id } } }"}';
    for (const body of [
      QUERY,
      '{"query":"{ me { phones { id } } user(id: \\"grace.okafor@contoso.com\\") { id } }"}',
      mutation,
    ])
      await exchange(await openConnection(product), post(body, { more: more.join('') }));

    const { calls } = product.emulator;
    expect(calls.length).toBeGreaterThanOrEqual(3);
    const names = new Set(calls.flatMap(({ headers }) => Object.keys(headers)));
    expect([...names].filter((name) => !SENT.has(name))).toEqual([]);
    expect(JSON.stringify(calls)).not.toMatch(/canary|a\.example|0af76519/);
    for (const { headers } of calls) expect(headers['client-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('may contain a request id, which is used when it is a GUID', async () => {
    const ids = [
      'x-request-id: 0b5f8f3e-1111-4222-8333-444455556666\r\n',
      'client-request-id: 0B5F8F3E-1111-4222-8333-444455556666\r\n',
      'x-request-id: {0b5f8f3e-1111-4222-8333-444455556666}\r\n',
      'x-request-id: 0b5f8f3e-1111-4222-8333-444455556666, 0b5f8f3e-1111-4222-8333-444455556666\r\n',
      '',
    ];
    const taken: boolean[] = [];
    for (const more of ids) {
      const { headers } = await exchange(await openConnection(product), post(QUERY, { more }));
      expect(headers).toMatch(/^x-request-id: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/m);
      taken.push(headers.includes('0b5f8f3e-1111-4222-8333-444455556666'));
    }
    expect(taken).toEqual([true, true, false, false, false]);
  });
});

/** Headers that the gateway sends. */
const SENT = new Set([
  'host',
  'connection',
  'accept',
  'client-request-id',
  'content-type',
  'content-length',
  'consistencylevel',
]);

afterEach(async () => {
  const live = await fetch(`${product.adminUrl}/livez`);
  expect(live.status).toBe(200);
});

function header(count: number): string {
  return Array.from({ length: count }, (_, at) => `X-${at}: 1\r\n`).join('');
}

async function openConnection({ url }: TestProduct): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  readonly text: string;
}

async function exchange(socket: Socket, bytes: string | Buffer): Promise<RawAnswer> {
  const [answer] = await exchangeAll(socket, bytes, 1);
  return answer as RawAnswer;
}

/** Sends these bytes and reads this many responses. Rejects when the connection closes before. */
function exchangeAll(socket: Socket, bytes: string | Buffer, count: number): Promise<RawAnswer[]> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (data: Buffer): void => {
      text += data.toString('latin1');
      const answers = answersIn(text);
      if (answers.length < count) return;
      socket.off('data', onData);
      resolve(answers);
    };
    socket.on('data', onData);
    socket.once('close', () => reject(new Error(`the connection was closed after: ${text}`)));
    socket.once('error', reject);
    socket.write(bytes);
  });
}

/** The complete responses in a text, without `100 Continue`. */
function answersIn(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) return answers;
    const headers = rest.slice(0, end).replaceAll('\r', '');
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(headers)?.[1]);
    const length = Number(/^content-length: (\d+)$/im.exec(headers)?.[1] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    if (body.length < length) return answers;
    if (status !== 100)
      answers.push({ status, headers, body: Buffer.from(body, 'latin1').toString(), text: rest });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

/** Resolves when the connection is closed, also by a reset or another error. */
function closing(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function untilClosed(socket: Socket, bytes: string | Buffer): Promise<string> {
  let text = '';
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1');
  });
  const closed = closing(socket);
  socket.write(bytes);
  await closed;
  return text;
}
