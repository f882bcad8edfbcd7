// A large response over HTTP: the same JSON with and without compression, from Apollo Server and from the operation cache,
// with its length. It is written to its connection in slices, so that other requests are served in between.
import { once } from 'node:events';
import { request } from 'node:http';
import { Writable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/tenant/fixtures.ts';
import { LargeResponse } from '../../src/graphql/large-response.ts';
import { startTestProduct, tokenOf } from '../support/product.ts';

const PHONE = 'id number displayName type allowedAudiences isSearchable createdDateTime lastModifiedDateTime';
/** A user with 30 phones, 300 times: some two megabytes. */
const QUERY = `{ users(ids: [${`"${FIXTURES.withThirty}",`.repeat(300)}]) { id phones { ${PHONE} } } }`;

describe('a large response over HTTP', async () => {
  const product = await startTestProduct();
  afterAll(() => product.close());

  async function post(encoding: string) {
    const body = JSON.stringify({ query: QUERY });
    const headers = {
      authorization: `Bearer ${tokenOf(product.emulator, 'innocenty')}`,
      'content-type': 'application/json',
      'accept-encoding': encoding,
    };
    const sent = request(product.url, { method: 'POST', headers, agent: false });
    sent.end(body);
    const [response] = await once(sent, 'response');
    const parts: Buffer[] = await response.toArray();
    return { headers: response.headers, bytes: Buffer.concat(parts) };
  }

  it.each([
    ['identity', (bytes: Buffer) => bytes],
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('has its length and is complete in %s, each time', async (encoding, decode) => {
    for (const _ of [1, 2]) {
      const { headers, bytes } = await post(encoding);
      expect(headers['content-encoding'] ?? 'identity').toBe(encoding);
      expect(Number(headers['content-length'])).toBe(bytes.length);
      const text = decode(bytes).toString();
      expect(text.length).toBeGreaterThan(1_000_000);
      const { data } = JSON.parse(text);
      expect(data.users).toHaveLength(300);
      expect(data.users[299]).toEqual(data.users[0]);
      expect(data.users[0].phones).toHaveLength(30);
      expect(JSON.stringify({ data })).toBe(text.trimEnd());
    }
  });
});

describe('the parts of a large response', () => {
  const parts = Array.from({ length: 120 }, (_, at) => Buffer.alloc(128 * 1024, at));

  it('are written at most a megabyte in a turn of the event loop, however fast they are read', async () => {
    const handed = [0];
    const clock = {
      afterTurn: (run: () => void) =>
        void setImmediate(() => {
          handed.push(0);
          run();
        }),
    };
    const body = new LargeResponse(parts, clock);
    const taken: Buffer[] = [];
    const fast = new Writable({
      highWaterMark: 100 * 1024 * 1024,
      write(part: Buffer, _encoding, done) {
        taken.push(part);
        handed[handed.length - 1] = (handed.at(-1) ?? 0) + part.length;
        done();
      },
    });
    body.pipe(fast);
    await once(fast, 'finish');
    expect(body.bytes).toBe(120 * 128 * 1024);
    expect(Buffer.concat(taken).equals(Buffer.concat(parts))).toBe(true);
    expect(Math.max(...handed)).toBe(1024 * 1024);
  });

  it('are released when nothing reads them any more', async () => {
    const later: (() => void)[] = [];
    const body = new LargeResponse(parts, { afterTurn: (run) => void later.push(run) });
    body.resume();
    await once(body, 'data');
    body.destroy();
    await once(body, 'close');
    for (const run of later) run();
    expect(body.read()).toBeNull();
  });
});
