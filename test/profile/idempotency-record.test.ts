// Stored records that another version wrote, or nobody: they are told and kept, and never taken for absent.
import { describe, expect, it } from 'vitest';
import { phones } from '../../src/phones/phone.ts';
import { createIdempotency, keysUnavailable } from '../../src/profile/mutations/idempotency.ts';
import { readRecord, writeRecord } from '../../src/profile/mutations/idempotency-record.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { createMemoryStore, type Store, StoreFailure } from '../../src/store/store.ts';
import { manualClock } from '../support/emulator.ts';

const SENT = { state: 'sent', fingerprint: 'f', owner: 'o', at: 1, before: ['a', 'b'] } as const;
const ADDED = { state: 'added', fingerprint: 'f', itemId: 'a' } as const;
/** As every version stores it. */
const STORED = { state: 'added', fingerprint: 'f', phoneId: 'a' } as const;
const INPUT = { facet: phones, scope: 'scope', target: 'target', key: 'key', body: { number: '1' } };

describe('A record', () => {
  it.each([SENT, ADDED])('is read as it was written: %j', (record) => {
    expect(readRecord(writeRecord(record))).toEqual(record);
  });

  it('names the item that was added as it did when phones were the only facet', () => {
    expect(JSON.parse(writeRecord(ADDED))).toEqual({ version: 1, ...STORED });
    expect(readRecord(JSON.stringify({ version: 1, ...STORED }))).toEqual(ADDED);
  });

  it.each([
    ['of the next version', { version: 2, ...STORED }],
    ['without a version', STORED],
    ['with a version of another type', { version: '1', ...STORED }],
    ['of an unknown state', { version: 1, ...STORED, state: 'lost' }],
    ['without its phone', { version: 1, state: 'added', fingerprint: 'f' }],
    ['with phones that are no ids', { version: 1, ...SENT, before: [1] }],
    ['without its owner', { version: 1, ...SENT, owner: undefined }],
    ['that is a list', [STORED]],
    ['that is null', null],
  ])('%s is unknown', (_what, record) => {
    expect(() => readRecord(JSON.stringify(record))).toThrow(new StoreFailure('unknown'));
  });

  it.each(['', '{', '{"version":1'])('that is no JSON is unknown: %s', (text) => {
    expect(() => readRecord(text)).toThrow(new StoreFailure('unknown'));
  });
});

describe('The record of a key that another version wrote', () => {
  async function start() {
    const memory = createMemoryStore(manualClock(), 100);
    let name = '';
    const store: Store = {
      ...memory,
      add(added, value, ttlMs) {
        name = added;
        return memory.add(added, value, ttlMs);
      },
    };
    const told: string[] = [];
    const note = (_fields: object, message: string): void => void told.push(message);
    const slot = await createIdempotency({
      store,
      secret: async () => new Uint8Array(32),
      random: seededRandom(1),
      logger: { debug: note, info: note, warn: note, error: note },
      quietMs: 1,
    }).slot(INPUT);
    await slot.change(null, ADDED);
    const text = JSON.stringify({ version: 2, what: 'nobody knows' });
    await memory.put(name, text, 60_000);
    return { slot, told, text, kept: () => memory.get(name) };
  }

  it('is told to the operator and to the caller, without anything that it holds', async () => {
    const { slot, told } = await start();
    const failure = await slot.read().catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'StoreFailure', kind: 'unknown' });
    expect(told).toEqual(['the record of an idempotency key has an unknown form and is kept']);
    expect(keysUnavailable(failure as StoreFailure)).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining('a form that this version does not know'),
    });
  });

  it('is kept', async () => {
    const { slot, text, kept } = await start();
    await slot.read().catch(() => undefined);
    expect(await slot.change(null, ADDED)).toBeNull();
    expect(await kept()).toBe(text);
  });
});
