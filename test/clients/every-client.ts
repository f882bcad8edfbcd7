// What every GraphQL client from npm must be able to do here. Each test file connects one of them, in that client's own
// way, and hands it to `servesItsClient`.
import { describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';

/** What a client makes of an answer. */
export interface Outcome {
  /** Null when the client has none. */
  readonly data: unknown;
  /** `extensions.code` of each top-level error, in order. */
  readonly codes: readonly string[];
}

export interface Connection {
  readonly url: string;
  /** What to send as a bearer token. */
  readonly token: string;
  /** The runtime's own, watched. */
  readonly fetch: typeof fetch;
}

export interface Client {
  query(document: string, variables?: Record<string, unknown>): Promise<Outcome>;
  mutate(document: string, variables?: Record<string, unknown>): Promise<Outcome>;
}

export const PEOPLE = `
  query People($ids: [ID!]!, $types: [PhoneTypeInput!]) {
    me { ...Person }
    users(ids: $ids) { ...Person }
  }
  fragment Person on User { id displayName phones(types: $types) { ...Phone } }
  fragment Phone on ItemPhone { id number type displayName }
`;

export const MY_PHONES = `
  query MyPhones { me { id displayName phones { id number type displayName } } }
`;

export const ADD = `
  mutation Add($input: AddPhoneInput!) {
    addPhone(input: $input) { phone { id number type displayName } userErrors { code field } }
  }
`;

export const UPDATE = `
  mutation Update($input: UpdatePhoneInput!) {
    updatePhone(input: $input) { phone { id number type displayName } userErrors { code field } }
  }
`;

export const DELETE = `
  mutation Delete($input: DeletePhoneInput!) {
    deletePhone(input: $input) { deletedPhoneId userErrors { code field } }
  }
`;

export function servesItsClient(name: string, connect: (connection: Connection) => Client): void {
  describe(`${name} works with the gateway as it comes from npm`, () => {
    it('reads people and their phones, with fragments and variables', async () => {
      await using product = await startTestProduct();
      const { client, statuses } = connected(product, connect);
      const { emulator } = product;
      const [namesake, admin] = ['namesake', 'admin'].map((as) => personOf(product, as));

      const outcome = await client.query(PEOPLE, { ids: [namesake, FIXTURES.admin], types: ['MOBILE'] });

      expect(outcome.codes).toEqual([]);
      expect(outcome.data).toMatchObject({
        me: {
          id: personOf(product, 'innocenty'),
          displayName: 'Innocenty Popov',
          phones: mobilesOf(product, personOf(product, 'innocenty')),
        },
        users: [
          { id: namesake, displayName: 'Innocenty Popov', phones: mobilesOf(product, namesake) },
          { id: admin, displayName: 'Grace Okafor', phones: mobilesOf(product, admin) },
        ],
      });
      expect(mobilesOf(product, personOf(product, 'innocenty'))).not.toEqual([]);
      expect(upstream(emulator)).toEqual(['BATCH 6']);
      expect(statuses).toEqual([200]);
    });

    it('adds a phone, changes one field, clears another with an explicit null, and deletes it', async () => {
      await using product = await startTestProduct();
      const { client, statuses } = connected(product, connect);
      const { emulator } = product;
      const before = emulator.phonesOf(personOf(product, 'innocenty'));

      const input = { number: '+1 425 555 0177', type: 'HOME_FAX', displayName: 'Attic' };
      const added = await client.mutate(ADD, { input });
      expect(added).toMatchObject({ data: { addPhone: { phone: input, userErrors: [] } }, codes: [] });
      const me = personOf(product, 'innocenty');
      const graphId = emulator.phonesOf(me).at(-1)?.id;
      const id = `${me}/${graphId}`;
      expect(added).toMatchObject({ data: { addPhone: { phone: { id } } } });

      const change = { id, number: '+1 425 555 0178', displayName: null };
      const updated = await client.mutate(UPDATE, { input: change });
      const phone = { ...change, type: 'HOME_FAX' };
      expect(updated).toMatchObject({ data: { updatePhone: { phone, userErrors: [] } }, codes: [] });
      expect(emulator.calls.at(-1)?.body).toEqual({ number: '+1 425 555 0178', displayName: null });

      const deleted = await client.mutate(DELETE, { input: { id } });
      expect(deleted).toMatchObject({
        data: { deletePhone: { deletedPhoneId: id, userErrors: [] } },
        codes: [],
      });
      expect(emulator.phonesOf(personOf(product, 'innocenty'))).toEqual(before);
      expect(upstream(emulator)).toEqual([
        'POST /me/profile/phones',
        `PATCH /users/${me}/profile/phones/${graphId}`,
        `DELETE /users/${me}/profile/phones/${graphId}`,
      ]);
      expect(statuses).toEqual([200, 200, 200]);
    });

    it('is told within the data what stands in the way of a change', async () => {
      await using product = await startTestProduct();
      const { client, statuses } = connected(product, connect);

      const empty = await client.mutate(ADD, { input: { number: '' } });
      expect(empty).toMatchObject({
        data: {
          addPhone: { phone: null, userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'number'] }] },
        },
        codes: [],
      });
      expect(upstream(product.emulator)).toEqual([]);

      const nowhere = '00000000-0000-4000-8000-000000000000';
      const missing = await client.mutate(UPDATE, { input: { id: nowhere, displayName: 'Attic' } });
      expect(missing).toMatchObject({
        data: { updatePhone: { phone: null, userErrors: [{ code: 'NOT_FOUND', field: ['input', 'id'] }] } },
        codes: [],
      });
      expect(upstream(product.emulator)).toEqual([`PATCH /me/profile/phones/${nowhere}`]);
      expect(statuses).toEqual([200, 200]);
    });

    it('gets what could be read together with the code of what could not', async () => {
      await using product = await startTestProduct();
      const { client, statuses } = connected(product, connect);
      product.emulator.faults.add({ on: { path: '/profile/phones', item: 'items' }, do: { status: 403 } });

      const outcome = await client.query(MY_PHONES);

      expect(outcome.codes).toEqual(['FORBIDDEN']);
      expect(outcome.data).toMatchObject({ me: { displayName: 'Innocenty Popov', phones: null } });
      expect(statuses).toEqual([200]);
    });

    it('gets the code of a request that cannot run, which goes nowhere', async () => {
      await using product = await startTestProduct();
      const { client, statuses } = connected(product, connect);

      const outcome = await client.query('{ me { shoeSize } }');

      expect(outcome.codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(statuses).toEqual([400]);
      expect(upstream(product.emulator)).toEqual([]);
    });

    it('sees 401 and its code for a token that Microsoft Graph refuses', async () => {
      await using product = await startTestProduct();
      const { client, statuses } = connected(product, connect, tokenOf(product.emulator, 'expired'));

      const outcome = await client.query('query Me { me { id displayName } }');

      expect(outcome.codes).toEqual(['UNAUTHENTICATED']);
      expect(statuses).toEqual([401]);
      expect(upstream(product.emulator)).toEqual(['GET /me?$select=displayName,id']);
    });

    it('sees 401 and its code for what cannot be a token, and Microsoft Graph is not bothered', async () => {
      await using product = await startTestProduct();
      const { client, statuses } = connected(product, connect, 'no token at all');

      const outcome = await client.query('query Me { me { id displayName } }');

      expect(outcome.codes).toEqual(['UNAUTHENTICATED']);
      expect(statuses).toEqual([401]);
      expect(upstream(product.emulator)).toEqual([]);
    });
  });
}

interface Connected {
  readonly client: Client;
  /** Of the answers so far, in order. */
  readonly statuses: readonly number[];
}

function connected(
  { url, emulator }: TestProduct,
  connect: (connection: Connection) => Client,
  token: string = tokenOf(emulator, 'innocenty'),
): Connected {
  const statuses: number[] = [];
  const watched: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    statuses.push(response.status);
    return response;
  };
  return { client: connect({ url, token, fetch: watched }), statuses };
}

/** The id of the person behind a demo token. */
export function personOf({ emulator }: TestProduct, name: string): string {
  const person = emulator.tokens.find((token) => token.name === name)?.person;
  if (person === undefined) throw new Error(`nobody is behind the demo token ${name}`);
  return person;
}

function mobilesOf({ emulator }: TestProduct, person: string | undefined): unknown[] {
  const phones = emulator.phonesOf(person ?? '').filter(({ type }) => type === 'mobile');
  return phones.map(({ id, number, displayName }) => ({
    id: `${person}/${id}`,
    number,
    displayName,
    type: 'MOBILE',
  }));
}
