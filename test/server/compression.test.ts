// Compressed responses as bytes, because node:http does not decompress them. A client that accepts no encoding gets the body
// uncompressed.
import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/tenant/fixtures.ts';
import { startTestProduct, type TestProduct, tokenOf } from '../support/product.ts';

const SHORT = '{ me { displayName } }';
const LONG = `{ users(ids: [${`"${FIXTURES.withThirty}",`.repeat(20)}]) { phones { id number displayName } } }`;
/** The same response from Apollo Server and from the operation cache. */
const TWICE = [1, 2];

describe('a response over a kilobyte', () => {
  it.each([
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['GZIP', 'gzip'],
    ['*', 'br'],
    ['gzip;q=1.0, br;q=0.5, *;q=0', 'gzip'],
    ['br;q=0, gzip;q=0.1', 'gzip'],
    ['gzip ; q=0.5 , identity ; q=0.4', 'gzip'],
  ])('Accept-Encoding: %s gets %s', async (accept, encoding) => {
    await using product = await startTestProduct();
    const plain = await post(product, LONG, {});

    for (const _ of TWICE) {
      const answer = await post(product, LONG, { 'accept-encoding': accept });
      expect(answer.headers['content-encoding']).toBe(encoding);
      expect(answer.headers.vary).toBe('Origin, Accept-Encoding');
      expect(Number(answer.headers['content-length'])).toBe(answer.bytes.length);
      expect(answer.bytes.length).toBeLessThan(plain.bytes.length / 4);
      expect(decoded(answer)).toBe(plain.bytes.toString());
      expect(answer.headers['content-type']).toBe(plain.headers['content-type']);
    }
  });

  it.each([undefined, '', 'identity', 'deflate', 'zstd', 'gzip;q=0', '*;q=0', 'gzip;q=0.5, identity'])(
    'Accept-Encoding: %s gets no compression',
    async (accept) => {
      await using product = await startTestProduct();

      const answer = await post(product, LONG, accept === undefined ? {} : { 'accept-encoding': accept });

      expect(answer.headers['content-encoding']).toBeUndefined();
      expect(answer.headers.vary).toBe('Origin, Accept-Encoding');
      expect(JSON.parse(answer.bytes.toString()).data.users).toHaveLength(20);
    },
  );

  it('varies by Accept-Encoding only when CORS is off', async () => {
    await using product = await startTestProduct({ environment: { EXPLORER: 'off' } });

    expect((await post(product, LONG, { 'accept-encoding': 'br' })).headers.vary).toBe('Accept-Encoding');
    expect((await post(product, SHORT, { 'accept-encoding': 'br' })).headers.vary).toBeUndefined();
  });
});

describe('a response under a kilobyte', () => {
  it('is not compressed, and neither is an error response', async () => {
    await using product = await startTestProduct();

    const answers = [
      await post(product, SHORT, { 'accept-encoding': 'br' }),
      await post(product, '{', { 'accept-encoding': 'br' }),
    ];

    for (const { headers, bytes } of answers) {
      expect(headers['content-encoding']).toBeUndefined();
      expect(() => JSON.parse(bytes.toString())).not.toThrow();
    }
  });
});

describe('the page of GraphiQL', () => {
  it('has the same content in every encoding, and less than a third of the size', async () => {
    await using product = await startTestProduct({ environment: { EXPLORER: 'graphiql' } });
    const page = (encoding: string) => get(product, { accept: 'text/html', 'accept-encoding': encoding });

    const [plain, ...others] = [
      await page('identity'),
      await page('gzip'),
      await page('br'),
      await page('br'),
    ];

    for (const answer of others) {
      expect(answer.bytes.length).toBeLessThan((plain?.bytes.length ?? 0) / 3);
      expect(decoded(answer) === plain?.bytes.toString()).toBe(true);
    }
    expect(others[1]?.bytes.equals(others[2]?.bytes ?? Buffer.alloc(0))).toBe(true);
  });
});

interface Bytes {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

type Headers = Readonly<Record<string, string>>;

function post(product: TestProduct, query: string, headers: Headers): Promise<Bytes> {
  const authorization = `Bearer ${tokenOf(product.emulator, 'innocenty')}`;
  const sent = { authorization, 'content-type': 'application/json', ...headers };
  return exchange(product, 'POST', sent, JSON.stringify({ query }));
}

function get(product: TestProduct, headers: Headers): Promise<Bytes> {
  return exchange(product, 'GET', headers, '');
}

async function exchange(
  { url }: TestProduct,
  method: string,
  headers: Headers,
  body: string,
): Promise<Bytes> {
  const [response] = await once(httpRequest(url, { method, headers }).end(body), 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { headers: response.headers, bytes: Buffer.concat(chunks) };
}

function decoded({ headers, bytes }: Bytes): string {
  return (headers['content-encoding'] === 'br' ? brotliDecompressSync(bytes) : gunzipSync(bytes)).toString();
}
