// Many phones through the client: each is added once, whatever is lost, whatever is wrong with another, and however often a
// run is broken off and taken up again.
import { describe, expect, it } from 'vitest';
import {
  type AddPhoneInput,
  createMemoryJournal,
  type Journal,
  type JournalEntry,
} from '../../client/index.ts';
import type { TestProduct } from '../support/product.ts';
import { type Connected, connect } from './connected.ts';
import type { Fate } from './network.ts';

const HOUR_MS = 3_600_000;

/** One phone for each of so many people. */
function phonesFor({ emulator }: TestProduct, count: number): AddPhoneInput[] {
  const people = emulator.people.slice(20);
  return Array.from({ length: count }, (_, at) => ({
    userId: people[at % people.length]?.id ?? '',
    number: `+1 425 555 ${1_000 + at}`,
    displayName: 'Bulk',
  }));
}

function added({ emulator }: TestProduct): string[] {
  return emulator.people
    .flatMap(({ id }) => emulator.phonesOf(id))
    .flatMap(({ displayName, number }) => (displayName === 'Bulk' ? [number ?? ''] : []))
    .toSorted();
}

const numbersOf = (phones: readonly AddPhoneInput[]): string[] =>
  phones.map(({ number }) => number).toSorted();
const sizes = ({ network }: Connected): number[] =>
  network.received.map(({ body }) => body.variables.input.phones.length);
const asAdmin = (client = {}): Promise<Connected> => connect({ as: 'admin', client });

describe('addPhones', () => {
  it('adds any number in calls that grow to a hundred, and tells how far it is', async () => {
    await using connected = await asAdmin();
    const phones = phonesFor(connected.product, 330);
    const told: number[] = [];

    const { results, added: count } = await connected.client.addPhones(phones, {
      onProgress: ({ total, added: done, failed }) => told.push(done + failed + total * 0),
      concurrency: 1,
    });

    expect(count).toBe(330);
    expect(results.map(({ status }) => status)).toEqual(phones.map(() => 'added'));
    expect(added(connected.product)).toEqual(numbersOf(phones));
    expect(sizes(connected)).toEqual([50, 100, 100, 80]);
    expect(told).toEqual([0, 50, 150, 250, 330]);
  });

  it.each<[string, Fate[]]>([
    ['responses', ['lose-response', 'pass', 'lose-response', 'lose-response']],
    ['requests', ['lose-request', 'pass', 'lose-request']],
    [
      'either, and a proxy answers between',
      ['lose-response', { status: 502 }, 'lose-request', 'lose-response'],
    ],
  ])('adds each once when the network loses %s', async (_what, fates) => {
    await using connected = await asAdmin();
    const phones = phonesFor(connected.product, 120);
    connected.network.next(...fates);
    const { added: count } = await connected.client.addPhones(phones);
    expect(count).toBe(120);
    expect(added(connected.product)).toEqual(numbersOf(phones));
  });

  it('takes phones as they come, and two that are the same are two', async () => {
    await using connected = await asAdmin();
    const [phone] = phonesFor(connected.product, 1);
    if (phone === undefined) throw new Error('there is no phone');
    async function* twice(): AsyncGenerator<AddPhoneInput> {
      yield phone as AddPhoneInput;
      yield { ...phone } as AddPhoneInput;
    }
    const { results } = await connected.client.addPhones(twice());
    expect(new Set(results.map((one) => (one.status === 'added' ? one.phoneId : one.status)))).toHaveLength(
      2,
    );
    expect(added(connected.product)).toEqual([phone.number, phone.number]);
  });

  it('gives each phone its own outcome; one that the schema does not allow keeps no other from being added', async () => {
    await using connected = await asAdmin();
    const phones = phonesFor(connected.product, 70);
    const wrong = [...phones];
    wrong[3] = { ...phones[3], number: '' };
    wrong[41] = { ...phones[41], number: '+1 425 555 9999', type: 'NO_SUCH_TYPE' as 'HOME' };
    wrong[42] = { userId: '00000000-0000-4000-8000-000000000000', number: '1', displayName: 'Bulk' };

    const { results, added: count } = await connected.client.addPhones(wrong);

    expect(count).toBe(67);
    expect([3, 41, 42].map((at) => results[at])).toMatchObject([
      { status: 'refused', userErrors: [{ code: 'INVALID_INPUT' }] },
      { status: 'refused', userErrors: [{ code: 'INVALID_INPUT' }] },
      { status: 'refused', userErrors: [{ code: 'NOT_FOUND' }] },
    ]);
    const good = phones.filter((_, at) => ![3, 41, 42].includes(at));
    expect(added(connected.product)).toEqual(numbersOf(good));
  });

  it('has several calls at the same time, and never phones of one person in two of them', async () => {
    await using several = await asAdmin();
    await several.client.addPhones(phonesFor(several.product, 120), { concurrency: 3 });
    expect(several.network.mostAtOnce).toBe(3);

    await using one = await asAdmin();
    const phones = phonesFor(one.product, 120).map((phone, _at, [first]) => ({
      ...phone,
      userId: first?.userId ?? '',
    }));
    const { added: count } = await one.client.addPhones(phones, { concurrency: 3 });
    expect(count).toBe(120);
    expect(one.network.mostAtOnce).toBe(1);
  });

  it('ends with the error when the gateway refuses every call', async () => {
    await using connected = await asAdmin({ token: 'nobody' });
    const phones = phonesFor(connected.product, 10);
    await expect(connected.client.addPhones(phones)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('ends with the error when no call comes through for the whole budget', async () => {
    await using connected = await asAdmin();
    connected.network.next(...Array.from({ length: 200 }, (): Fate => 'lose-request'));
    const phones = phonesFor(connected.product, 10);
    const run = connected.client.addPhones(phones, { budgetMs: 20_000 });
    await expect(run).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('ends with the reason of the signal', async () => {
    await using connected = await asAdmin();
    const stop = new AbortController();
    const reason = new Error('enough');
    const phones = phonesFor(connected.product, 300);
    const onProgress = ({ added: done }: { added: number }): void => {
      if (done > 0) stop.abort(reason);
    };
    await expect(connected.client.addPhones(phones, { signal: stop.signal, onProgress })).rejects.toBe(
      reason,
    );
  });
});

/** A journal whose program dies at one of its entries: before it is kept, or after. */
function breaking(kept: Journal, at: number, isKept: boolean): Journal {
  let appended = 0;
  return {
    read: kept.read,
    async append(entries) {
      appended += 1;
      if (appended !== at) return kept.append(entries);
      if (isKept) await kept.append(entries);
      throw new Error('the program has died');
    },
  };
}

describe('a journal', () => {
  it.each(Array.from({ length: 7 }, (_, at) => [at + 1, at % 2 === 0] as const))(
    'has each phone added once when the program dies at entry %i, kept: %s',
    async (at, isKept) => {
      await using connected = await asAdmin();
      const { client, product } = connected;
      const phones = phonesFor(product, 180);
      const journal = createMemoryJournal();
      const broken = client.addPhones(phones, { journal: breaking(journal, at, isKept), concurrency: 1 });
      await expect(broken).rejects.toThrow('the program has died');

      const { added: count } = await client.addPhones(phones, { journal });

      expect(count).toBe(180);
      expect(added(product)).toEqual(numbersOf(phones));
    },
  );

  it('sends nothing twice that is known to be there', async () => {
    await using connected = await asAdmin();
    const { client, network, product } = connected;
    const phones = phonesFor(product, 60);
    const journal = createMemoryJournal();
    const first = await client.addPhones(phones, { journal });
    const sent = network.received.length;
    expect(await client.addPhones(phones, { journal })).toEqual(first);
    expect(network.received).toHaveLength(sent);
  });

  it('knows the phones of a list that was edited since', async () => {
    await using connected = await asAdmin();
    const { client, product } = connected;
    const phones = phonesFor(product, 40);
    const journal = createMemoryJournal();
    await client.addPhones(phones, { journal });
    const more = phonesFor(product, 45).slice(40);
    const edited = [...more, ...phones.slice(10).toReversed()];
    const { added: count } = await client.addPhones(edited, { journal });
    expect(count).toBe(35);
    expect(added(product)).toEqual(numbersOf([...phones, ...more]));
  });

  it('says of what was sent a day ago that nobody knows, and does not send it again', async () => {
    await using connected = await asAdmin();
    const { product } = connected;
    const phones = phonesFor(product, 3);
    const kept = createMemoryJournal();
    await expect(
      connected.client.addPhones(phones, { journal: breaking(kept, 3, false), concurrency: 1 }),
    ).rejects.toThrow();
    const back: Journal = {
      append: kept.append,
      read: async () => (await kept.read()).map((entry) => aged(entry, 24 * HOUR_MS)),
    };
    const { results } = await connected.client.addPhones(phones, { journal: back });
    expect(results).toEqual(phones.map(() => ({ status: 'expired' })));
    expect(added(product)).toEqual(numbersOf(phones));
  });

  it('has nothing in it of a number or a name', async () => {
    await using connected = await asAdmin();
    const journal = createMemoryJournal();
    const phones = phonesFor(connected.product, 5);
    await connected.client.addPhones(phones, { journal });
    const text = JSON.stringify(await journal.read());
    expect(text).not.toContain('Bulk');
    expect(text).not.toMatch(/\+1 425|555 1/);
  });

  it('is of one gateway', async () => {
    await using connected = await asAdmin();
    const journal = createMemoryJournal();
    await journal.append([{ kind: 'begun', run: 'a', url: 'https://elsewhere.example/graphql' }]);
    const run = connected.client.addPhones(phonesFor(connected.product, 1), { journal });
    await expect(run).rejects.toThrow(
      'The journal is of another gateway: https://elsewhere.example/graphql.',
    );
  });

  it('makes one run of two that begin at the same time', async () => {
    await using connected = await asAdmin();
    const { client, product } = connected;
    const phones = phonesFor(product, 30);
    const journal = createMemoryJournal();
    const both = await Promise.all([
      client.addPhones(phones, { journal }),
      client.addPhones(phones, { journal }),
    ]);
    expect(both.map(({ added: count }) => count)).toEqual([30, 30]);
    expect(added(product)).toEqual(numbersOf(phones));
  });
});

function aged(entry: JournalEntry, ms: number): JournalEntry {
  return entry.kind === 'sent' ? { ...entry, at: entry.at - ms } : entry;
}
