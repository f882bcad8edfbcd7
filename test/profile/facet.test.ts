// A facet that the gateway does not have is registered with one line and has what phones have, over real HTTP: reads,
// adds under a key, updates, deletes, global ids. Beside it phones are as they were.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startOnGraph } from '../support/product.ts';
import { ME_ID, startProfileGraph } from '../support/profile-graph.ts';
import { emailFacet } from './email-facet.ts';

const graph = await startProfileGraph();
const product = await startOnGraph(graph.url, { facets: [emailFacet] }, { REQUEST_DEADLINE_MS: '20000' });
afterAll(async () => {
  await product[Symbol.asyncDispose]();
  await graph[Symbol.asyncDispose]();
});
beforeEach(() => graph.reset());

const EMAIL = { address: 'innocenty@contoso.example', type: 'WORK', displayName: 'Office' };
const ADD = `mutation ($input: AddEmailInput!) {
  addEmail(input: $input) { email { id graphId address mailto displayName type } userErrors { code message field } }
}`;
const UPDATE = `mutation ($input: UpdateEmailInput!) {
  updateEmail(input: $input) { email { id address displayName } userErrors { code message field } }
}`;
const DELETE = `mutation ($input: DeleteEmailInput!) {
  deleteEmail(input: $input) { deletedEmailId userErrors { code message field } }
}`;

async function run(query: string, input: object) {
  const { body } = await product.ask(query, { input });
  expect(body.errors).toBeUndefined();
  return Object.values<{ email: unknown; userErrors: unknown }>(body.data)[0];
}

const graphId = (segment = 'emails') => graph.itemsOf(segment)[0]?.id;
const emailId = () => `${ME_ID}/emails/${graphId()}`;
const shown = () => ({
  id: emailId(),
  graphId: graphId(),
  ...EMAIL,
  mailto: `mailto:${EMAIL.address}`,
});

describe('An email', () => {
  it('is added', async () => {
    const added = await run(ADD, EMAIL);
    expect(added).toEqual({ email: shown(), userErrors: [] });
    expect(graph.itemsOf('emails')).toMatchObject([{ ...EMAIL, type: 'work' }]);
  });

  it('is listed, with the properties that are selected and no others', async () => {
    await run(ADD, { ...EMAIL, allowedAudiences: ['FAMILY', 'ME'], inference: { confidenceScore: 0.5 } });
    const query = '{ me { emails { id mailto allowedAudiences inference { confidenceScore } } } }';
    const { body } = await product.ask(query);
    expect(body.data.me.emails).toEqual([
      {
        id: emailId(),
        mailto: `mailto:${EMAIL.address}`,
        allowedAudiences: ['FAMILY'],
        inference: { confidenceScore: 0.5 },
      },
    ]);
    expect(graph.calls).toContain('GET /me/profile/emails?$select=address,allowedAudiences,id,inference');
  });

  it('is read at the same moment as phones and the person', async () => {
    await run(ADD, EMAIL);
    const { body } = await product.ask('{ me { displayName emails { address } phones { number } } }');
    const emails = [{ address: EMAIL.address }];
    expect(body.data.me).toEqual({ displayName: 'Innocenty Popov', emails, phones: [] });
    expect(graph.batches).toEqual([3]);
  });

  it('is found by its global id, below the person and by itself', async () => {
    await run(ADD, EMAIL);
    const query = `query ($id: ID!) { me { email(id: $id) { address } } node(id: $id) { __typename id ... on ItemEmail { address } } }`;
    const { body } = await product.ask(query, { id: emailId() });
    const { address } = EMAIL;
    expect(body.data).toEqual({
      me: { email: { address } },
      node: { __typename: 'ItemEmail', id: emailId(), address },
    });
  });

  it('has no id that a phone could have, nor a phone one of an email', async () => {
    await product.ask('mutation { addPhone(input: { number: "1" }) { phone { id } } }');
    const phoneId = `${ME_ID}/${graphId('phones')}`;
    const { body } = await product.ask(
      `{ phone: node(id: "${phoneId}") { __typename id } me { email(id: "${phoneId}") { id } } }`,
    );
    expect(body.data.phone).toEqual({ __typename: 'ItemPhone', id: phoneId });
    expect(body.errors).toMatchObject([
      { message: 'id: give the id of an email as it was read from ItemEmail.id.', path: ['me', 'email'] },
    ]);
    expect(await run(UPDATE, { id: phoneId, address: 'a' })).toMatchObject({
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'id'] }],
    });
  });

  it('is added once for a key, also when the response is lost', async () => {
    graph.loseNextResponse();
    const input = { ...EMAIL, idempotencyKey: 'k' };
    const first = await run(ADD, input);
    expect(await run(ADD, input)).toEqual(first);
    expect(first).toEqual({ email: shown(), userErrors: [] });
    expect(graph.itemsOf('emails')).toHaveLength(1);
  });

  it('has keys of its own: a phone under the same key is another', async () => {
    await run(ADD, { ...EMAIL, idempotencyKey: 'k' });
    const query = `mutation { addPhone(input: { number: "1", idempotencyKey: "k" }) { phone { number } userErrors { code } } }`;
    const { body } = await product.ask(query);
    expect(body.data.addPhone).toEqual({ phone: { number: '1' }, userErrors: [] });
  });

  it('is updated, also when the response is lost', async () => {
    await run(ADD, EMAIL);
    graph.loseNextResponse();
    const updated = await run(UPDATE, { id: emailId(), displayName: null, address: 'b@contoso.example' });
    const email = { id: emailId(), address: 'b@contoso.example', displayName: null };
    expect(updated).toEqual({ email, userErrors: [] });
  });

  it('is not updated when it has changed since it was read', async () => {
    await run(ADD, EMAIL);
    const expectedLastModifiedDateTime = '2019-01-01T00:00:00Z';
    const { userErrors } =
      (await run(UPDATE, { id: emailId(), address: 'b', expectedLastModifiedDateTime })) ?? {};
    const message = 'The email has changed since it was read. Read it again, then decide again.';
    const field = ['input', 'expectedLastModifiedDateTime'];
    expect(userErrors).toEqual([{ code: 'PRECONDITION_FAILED', message, field }]);
  });

  it('is deleted', async () => {
    await run(ADD, EMAIL);
    const id = emailId();
    expect(await run(DELETE, { id })).toEqual({ deletedEmailId: id, userErrors: [] });
    expect(graph.itemsOf('emails')).toEqual([]);
    expect(await run(DELETE, { id })).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', message: 'There is no such email in this profile.' }],
    });
  });

  it('is checked before anything is sent', async () => {
    expect(await run(ADD, { address: 'a\u0000', allowedAudiences: ['ME'] })).toMatchObject({
      email: null,
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'address'] }],
    });
    expect(graph.calls).toEqual([]);
  });
});
