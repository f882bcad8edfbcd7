// Two users with the same name send the same operation at the same time, a thousand times. Each gets their own data, and
// each token is sent upstream with its owner's requests only.
import { afterAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/emulator.ts';
import { idOf, makeKey, startEntraProduct } from '../support/entra.ts';
import { createClient } from '../support/processes.ts';
import { type Answer, ask, startTestProduct, tokenOf } from '../support/product.ts';

const WAVES = 50;
const PAIRS = 20;
const NAMES = ['innocenty', 'namesake'] as const;
const QUERY =
  'query Mine($id: ID!) { me { id phones { id number } } user(id: $id) { displayName phones { id } } }';

const key = await makeKey('key-1');
const entra = await startEntraProduct({ key });
const passing = await startTestProduct();
afterAll(() => Promise.all([entra[Symbol.asyncDispose](), passing.close()]));

interface Mode {
  readonly url: string;
  readonly emulator: Emulator;
  /** Creates a token for a wave. All pairs of the wave use it. */
  tokenFor(name: string, wave: number): Promise<string>;
}

const modes: [string, Mode][] = [
  [
    'with tokens for the gateway, exchanged anew in every wave',
    {
      url: entra.url,
      emulator: entra.emulator,
      tokenFor: (name, wave) => entra.userToken(name, { aio: String(wave) }),
    },
  ],
  [
    'with tokens for Microsoft Graph, passed through',
    {
      url: passing.url,
      emulator: passing.emulator,
      tokenFor: async (name) => tokenOf(passing.emulator, name),
    },
  ],
];

describe.each(modes)('nobody gets what is another’s, %s', (_mode, { url, emulator, tokenFor }) => {
  const people = NAMES.map((name) => {
    const id = idOf(emulator, name);
    return { name, id, phones: emulator.phonesOf(id).map((phone) => `${id}/${phone.id}`) };
  });

  it(`in ${WAVES * PAIRS} pairs of requests`, async () => {
    expect(people[0]?.phones).not.toEqual(people[1]?.phones);
    for (let wave = 0; wave < WAVES; wave += 1) {
      emulator.clearCalls();
      const answers: Promise<{ id: string; phones: string[]; answer: Answer }>[] = [];
      const tokens = await Promise.all(NAMES.map((name) => tokenFor(name, wave)));
      for (let pair = 0; pair < PAIRS; pair += 1) {
        for (const [at, { id, phones }] of people.entries()) {
          const answer = ask(url, tokens[at] ?? '', QUERY, { id });
          answers.push(answer.then((got) => ({ id, phones, answer: got })));
        }
      }
      for (const { id, phones, answer } of await Promise.all(answers)) {
        const { me, user } = answer.body.data;
        expect([me.id, me.phones.map((phone: { id: string }) => phone.id)]).toEqual([id, phones]);
        expect(user.phones.map((phone: { id: string }) => phone.id)).toEqual(phones);
      }
      const mixed = people.flatMap(({ name, id }) =>
        sentAbout(emulator, id).filter((token) => token !== name),
      );
      expect(mixed).toEqual([]);
    }
  });

  it('and shared reads are sent once for each user, not once for both', async () => {
    emulator.clearCalls();
    const [tokenOfOne, tokenOfOther] = await Promise.all(NAMES.map((name) => tokenFor(name, WAVES)));
    const shared = emulator.people[20]?.id ?? '';
    const query = `{ user(id: "${shared}") { mail } }`;
    await Promise.all([ask(url, tokenOfOne ?? '', query), ask(url, tokenOfOther ?? '', query)]);
    expect(sentAbout(emulator, shared).sort()).toEqual(['innocenty', 'namesake']);
  });

  it('also when they alternate on one connection, with a request without a token in between', async () => {
    const tokens = await Promise.all(NAMES.map((name) => tokenFor(name, WAVES)));
    const headers = [tokens[0], tokens[1], tokens[1], null, tokens[0], null, tokens[1]];
    const client = createClient(url);
    const ports = new Set<number | undefined>();
    const seen: (string | null)[] = [];
    for (const token of headers) {
      const { body, port } = await client.ask('{ me { id } }', {}, token ?? null);
      ports.add(port);
      seen.push((JSON.parse(body) as Answer['body']).data?.me.id ?? null);
    }
    client.close();
    const own = (token: string | null | undefined) => people[tokens.indexOf(token ?? '')]?.id ?? null;
    expect(seen).toEqual(headers.map(own));
    expect(new Set(seen).size).toBe(3);
    expect(ports.size).toBe(1);
  });
});

/** Returns the tokens that requests with this id were sent with. */
function sentAbout(emulator: Emulator, id: string): (string | null)[] {
  return emulator.calls.flatMap(({ path, items, token }) =>
    [path, ...items.map((item) => item.url)].some((url) => url.includes(id)) ? [token] : [],
  );
}
