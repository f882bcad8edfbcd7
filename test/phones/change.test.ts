// updatePhone and deletePhone over a network that loses answers: what became of a change is looked at before anything is
// sent again, and another writer's change in between is not overwritten.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { startStandalone } from '../../src/process/standalone.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { DONE, LOST } from '../support/lost-answers.ts';
import { ask } from '../support/product.ts';
import { startReplicas } from '../support/replicas.ts';

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const CAR = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';

const system = await startReplicas({ count: 1, environment: { REQUEST_DEADLINE_MS: '1800' } });
const { emulator, run, writes } = system;
afterAll(() => system[Symbol.asyncDispose]());
beforeEach(() => system.newDay());

const UPDATE = `mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) {
  phone { id number displayName lastModifiedDateTime } userErrors { code field message }
} }`;
const DELETE = `mutation ($input: DeletePhoneInput!) { deletePhone(input: $input) {
  deletedPhoneId userErrors { code field message }
} }`;

const car = () => emulator.phonesOf(INNOCENTY).find(({ id }) => id === CAR);
const codesOf = ({ payload }: { payload: { userErrors: { code: string }[] } }) =>
  payload.userErrors.map(({ code }) => code);
const strike = (method: string, action: Parameters<typeof emulator.faults.add>[0]['do'], times = 1) =>
  emulator.faults.add({ on: { method, path: CAR }, times, do: action });
const update = (input: Record<string, unknown>) => run(UPDATE, { id: CAR, ...input });
const asSeen = () => ({ expectedLastModifiedDateTime: car()?.lastModifiedDateTime });

/** Somebody else, by another way than this gateway. */
async function meddle(method: 'PATCH' | 'DELETE', body?: object): Promise<void> {
  await fetch(`${emulator.url}/beta/me/profile/phones/${CAR}`, {
    method,
    headers: { authorization: 'Bearer demo-token-innocenty', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Does something as soon as the write has been lost, before anybody looks. */
function afterLost(method: string, meddling: () => Promise<void>): void {
  strike(method, { reset: 'before' });
  emulator.faults.add({ on: { method: 'GET', path: CAR }, do: { delayMs: 150 } });
  void (async () => {
    while (writes().length === 0) await new Promise((resolve) => setImmediate(resolve));
    await meddling();
  })();
}

describe('updatePhone whose answer is lost', () => {
  it.each(DONE)('%s: it is read back, and done', async (_what, action) => {
    strike('PATCH', action);
    const { payload, errors } = await update({ number: '1', displayName: null });
    expect(errors).toBeUndefined();
    expect(payload).toMatchObject({ phone: { number: '1', displayName: null }, userErrors: [] });
    expect(writes()).toHaveLength(1);
  });

  it.each(LOST)('%s: it is not known, and not sent again', async (_what, action) => {
    strike('PATCH', action);
    expect(codesOf(await update({ number: '1' }))).toEqual(['OUTCOME_UNKNOWN']);
    expect(writes()).toHaveLength(1);
  });

  it.each(LOST)(
    '%s: it is sent once more where the phone is as the caller last saw it',
    async (_what, action) => {
      strike('PATCH', action);
      const { payload } = await update({ number: '1', ...asSeen() });
      expect(payload).toMatchObject({ phone: { number: '1' }, userErrors: [] });
      expect(writes()).toHaveLength(2);
      expect(car()?.number).toBe('1');
    },
  );

  it('twice: then it is not known', async () => {
    strike('PATCH', { reset: 'before' }, 2);
    expect(codesOf(await update({ number: '1', ...asSeen() }))).toEqual(['OUTCOME_UNKNOWN']);
    expect(writes()).toHaveLength(2);
  });

  it('and that cannot be read back: then it is not known', async () => {
    strike('PATCH', { reset: 'after' });
    strike('GET', { status: 503 }, 9);
    expect(codesOf(await update({ number: '1' }))).toEqual(['OUTCOME_UNKNOWN']);
    expect(writes()).toHaveLength(1);
  });

  it('only after another look or two: Graph may be slow to show it', async () => {
    const before = structuredClone(car());
    strike('PATCH', { reset: 'after' });
    strike('GET', { rewrite: (answer) => ({ ...answer, body: before }) });
    const { payload } = await update({ number: '1' });
    expect(payload).toMatchObject({ phone: { number: '1' }, userErrors: [] });
    expect(writes()).toHaveLength(1);
  });

  it('with a part of the inference: the other part stays, and it is done', async () => {
    await update({ inference: { confidenceScore: 0.5, userHasVerifiedAccuracy: true } });
    strike('PATCH', { reset: 'after' });
    expect(codesOf(await update({ inference: { confidenceScore: 1 } }))).toEqual([]);
    expect(car()?.inference).toEqual({ confidenceScore: 1, userHasVerifiedAccuracy: true });
  });

  it('while somebody else changed the phone: that stays', async () => {
    const seen = asSeen();
    afterLost('PATCH', () => meddle('PATCH', { number: '2' }));
    expect(codesOf(await update({ number: '1', ...seen }))).toEqual(['PRECONDITION_FAILED']);
    expect(car()?.number).toBe('2');
    expect(writes()).toHaveLength(2);
  });

  it('while somebody else deleted the phone', async () => {
    afterLost('PATCH', () => meddle('DELETE'));
    expect(codesOf(await update({ number: '1' }))).toEqual(['NOT_FOUND']);
  });
});

describe('updatePhone that expects the phone as it was', () => {
  it('is done already when a repeat finds the phone as it was asked to be', async () => {
    const seen = asSeen();
    const first = await update({ number: '1', displayName: 'Attic', ...seen });
    const repeat = await update({ number: '1', displayName: 'Attic', ...seen });
    expect(repeat.payload).toEqual(first.payload);
    expect(writes()).toHaveLength(1);
  });

  it('sends the ETag that Graph gave, and another where it is sent again', async () => {
    let tags = 0;
    strike(
      'GET',
      {
        rewrite: (answer) => {
          tags += 1;
          return { ...answer, body: { ...(answer.body as object), '@odata.etag': `W/"${tags}"` } };
        },
      },
      9,
    );
    strike('PATCH', { reset: 'before' });
    expect(codesOf(await update({ number: '1', ...asSeen() }))).toEqual([]);
    const patches = emulator.calls.filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ headers }) => headers['if-match'])).toEqual(['W/"1"', `W/"${tags}"`]);
  });

  // The first was only slow: it arrives before the second, whose ETag is then of the past.
  it('is done when the second stumbles over the first', async () => {
    const seen = asSeen();
    strike('PATCH', { reset: 'before' });
    strike('PATCH', { status: 412 });
    emulator.faults.add({ on: { method: 'GET', path: CAR }, skip: 4, do: { delayMs: 150 } });
    const answer = update({ number: '1', ...seen });
    while (writes().length < 2) await new Promise((resolve) => setImmediate(resolve));
    await meddle('PATCH', { number: '1' });
    expect(codesOf(await answer)).toEqual([]);
  });

  it('sends nothing when the phone cannot be read', async () => {
    strike('GET', { reset: 'before' }, 9);
    const { errors, payload } = await update({ number: '1', ...asSeen() });
    expect(payload).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
    expect(writes()).toEqual([]);
  });
});

describe('deletePhone whose answer is lost', () => {
  const remove = (input: Record<string, unknown> = {}) => run(DELETE, { id: CAR, ...input });
  const gone = { deletedPhoneId: `${INNOCENTY}/${CAR}`, userErrors: [] };

  it.each(DONE.filter(([what]) => !/success|cut|within/.test(what)))(
    '%s: the phone is gone, and that is that',
    async (_what, action) => {
      strike('DELETE', action);
      expect((await remove()).payload).toEqual(gone);
      expect(writes()).toHaveLength(1);
    },
  );

  it.each(LOST)('%s: it is sent once more', async (_what, action) => {
    strike('DELETE', action);
    expect((await remove()).payload).toEqual(gone);
    expect(writes()).toHaveLength(2);
    expect(car()).toBeUndefined();
  });

  it('twice: then it is not known', async () => {
    strike('DELETE', { reset: 'before' }, 2);
    expect(codesOf(await remove())).toEqual(['OUTCOME_UNKNOWN']);
    expect(writes()).toHaveLength(2);
  });

  it('and that still shows: the second finds nothing, which is what was wanted', async () => {
    const before = structuredClone(car());
    strike('DELETE', { reset: 'after' });
    strike('GET', { commitThen: { status: 200, body: before ?? {} } });
    expect((await remove()).payload).toEqual(gone);
    expect(writes()).toHaveLength(2);
  });

  it('and that cannot be read back: then it is not known', async () => {
    strike('DELETE', { reset: 'after' });
    strike('GET', { status: 503 }, 9);
    expect(codesOf(await remove())).toEqual(['OUTCOME_UNKNOWN']);
    expect(writes()).toHaveLength(1);
  });

  it('while somebody else changed the phone that was to be deleted as it was', async () => {
    const seen = asSeen();
    afterLost('DELETE', () => meddle('PATCH', { number: '2' }));
    expect(codesOf(await remove(seen))).toEqual(['PRECONDITION_FAILED']);
    expect(car()?.number).toBe('2');
  });
});

// A Microsoft Graph that goes away between two requests, and may come back: what meets nobody was not sent.
describe('a change that finds nobody to send it to', () => {
  const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { graphId } userErrors { code } } }`;

  it.each(['comes back', 'stays away'])('Graph %s', async (what) => {
    let posts = 0;
    const graph = createServer((request, response) => {
      request.resume();
      response.writeHead(request.method === 'POST' ? 201 : 200, {
        'content-type': 'application/json',
        connection: 'close',
      });
      if (request.method === 'POST') posts += 1;
      const isList = request.url?.includes('/phones') === true && request.method === 'GET';
      if (isList && !isBack) graph.close();
      response.end(JSON.stringify(isList ? { value: [] } : { id: INNOCENTY }));
    });
    let isBack = false;
    const listen = (port: number) =>
      new Promise<number>((resolve) =>
        graph.listen(port, '127.0.0.1', () => resolve((graph.address() as AddressInfo).port)),
      );
    const port = await listen(0);
    const { config } = readConfig({
      PORT: '0',
      ADMIN_PORT: '0',
      GRAPH_BASE_URL: `http://127.0.0.1:${port}`,
      AUTH_MODE: 'pass-through',
    });
    if (config === null) throw new Error('the configuration is wrong');
    const naps = {
      ...systemClock,
      async sleep(ms: number) {
        if (what === 'comes back') await comeBack();
        else await systemClock.sleep(ms);
      },
    };
    async function comeBack(): Promise<void> {
      if (isBack) return;
      isBack = true;
      await listen(port);
    }
    const product = await startStandalone(config, {
      clock: naps,
      random: seededRandom(1),
      logger: silentLogger,
    });
    onTestFinished(async () => {
      await product.close();
      graph.close();
    });
    const addOne = () => ask(product.url, 'a-token', ADD, { input: { number: '1', idempotencyKey: 'one' } });

    const { body } = await addOne();
    if (what === 'stays away') {
      expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
      expect(posts).toBe(0);
      await comeBack();
      expect((await addOne()).body.data.addPhone.userErrors).toEqual([]);
    } else expect(body.data.addPhone).toEqual({ phone: { graphId: INNOCENTY }, userErrors: [] });
    expect(posts).toBe(1);
  });
});
