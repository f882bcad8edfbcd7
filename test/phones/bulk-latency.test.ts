// Many phones in one call where each upstream request takes as long as Microsoft Graph takes. Counted are calls, upstream
// requests and phones; how long it all takes is measured elsewhere. Time is virtual, so that a slow machine makes no
// request slower than it is said to be.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { type Answer, type Replicas, startReplicas } from '../support/replicas.ts';

const DEADLINE_MS = 10_000;
/** More calls than any of these may need. */
const MOST_CALLS = 20;

const ADD_IDS = `mutation ($input: AddPhonesInput!) { addPhones(input: $input) {
  results { phone { id } userErrors { code } } userErrors { code }
} }`;
const ADD = `mutation ($input: AddPhonesInput!) { addPhones(input: $input) {
  results { phone { id number displayName } userErrors { code } } userErrors { code }
} }`;
const UPDATE = `mutation ($input: UpdatePhonesInput!) { updatePhones(input: $input) {
  results { phone { id number } userErrors { code } } userErrors { code }
} }`;
const DELETE = `mutation ($input: DeletePhonesInput!) { deletePhones(input: $input) {
  results { deletedPhoneId userErrors { code } } userErrors { code }
} }`;

const start = (leastMs: number, mostMs = leastMs, environment = {}): Promise<Replicas> =>
  startReplicas({
    pace: 1,
    environment: { RATE_LIMIT: '0', REQUEST_DEADLINE_MS: String(DEADLINE_MS), ...environment },
    emulator: { latency: { leastMs, mostMs, random: seededRandom(3) } },
  });

/** One of each of a hundred people. */
const ofMany = ({ emulator }: Replicas) =>
  emulator.people
    .slice(20, 120)
    .map(({ id }, at) => ({ userId: id, number: `+1 425 555 ${1000 + at}`, displayName: 'Bulk' }));
const ofOne = (system: Replicas, count = 100) =>
  ofMany(system)
    .slice(0, count)
    .map((phone) => ({ ...phone, userId: system.emulator.people[20]?.id ?? '' }));
/** The phones that were added, each by person and number. */
const added = ({ emulator }: Replicas) =>
  emulator.people.flatMap(({ id }) =>
    emulator
      .phonesOf(id)
      .filter(({ displayName }) => displayName === 'Bulk')
      .map(({ number }) => `${id} ${number}`),
  );
const wanted = (phones: readonly { userId: string; number: string }[]) =>
  phones.map(({ userId, number }) => `${userId} ${number}`).toSorted();

interface Result {
  readonly phone?: { readonly id: string } | null;
  readonly deletedPhoneId?: string | null;
  readonly userErrors: readonly { readonly code: string }[];
}
const isDone = (result: Result | null): boolean =>
  result !== null && (result.phone ?? result.deletedPhoneId ?? null) !== null;
const done = ({ payload }: Answer): number => payload.results.filter(isDone).length;
const codes = ({ payload }: Answer): string[] =>
  payload.results.flatMap((result: Result | null) => result?.userErrors.map(({ code }) => code) ?? []);
const messages = ({ errors }: Answer): Set<string> =>
  new Set((errors ?? []).map(({ message }: { message: string }) => message));
const NOT_BEGUN =
  'The request ran out of time before this change was started. Nothing was sent for it. Repeat the call.';

/** Repeats a call until nothing is left to do, and gives what came of each. */
async function repeat(
  system: Replicas,
  query: string,
  input: Record<string, unknown>,
  isOver: (answer: Answer) => boolean,
): Promise<(Answer & { readonly requests: number })[]> {
  const answers: (Answer & { requests: number })[] = [];
  while (answers.length < MOST_CALLS) {
    const before = system.emulator.calls.length;
    const answer = await system.run(query, input, { at: answers.length % 2, as: 'admin' });
    answers.push({ ...answer, requests: system.emulator.calls.length - before });
    if (isOver(answer)) break;
  }
  return answers;
}

describe.concurrent('addPhones', () => {
  it.each([250, 600])('for a hundred people ends, at %i ms', async (ms) => {
    await using system = await start(ms);
    const phones = ofMany(system);
    const input = { phones, idempotencyKey: 'people' };
    const answers = await repeat(system, ADD, input, (answer) => done(answer) === 100);
    expect(answers.length).toBeLessThanOrEqual(2);
    expect(system.writes()).toHaveLength(100);
    // Who is calling, asked by each gateway, and the lists of a hundred people in batches, once more where it took two calls.
    expect(system.emulator.calls.length - 100).toBeLessThanOrEqual(12);

    // Another gateway asks who is calling, since it has not met this token; of what is done none asks anything.
    expect(done(await system.run(ADD_IDS, input, { at: 1, as: 'admin' }))).toBe(100);
    const before = system.emulator.calls.length;
    expect(system.emulator.calls.filter(({ path }) => path === '/beta/me?$select=id')).toHaveLength(2);
    expect(done(await system.run(ADD_IDS, input, { at: 0, as: 'admin' }))).toBe(100);
    expect(done(await system.run(ADD_IDS, input, { at: 1, as: 'admin' }))).toBe(100);
    expect(system.emulator.calls).toHaveLength(before);

    const whole = await system.run(ADD, input, { at: 1, as: 'admin' });
    expect(whole.payload.results.map(({ phone }: { phone: { number: string } }) => phone.number)).toEqual(
      phones.map(({ number }) => number),
    );
    expect(system.emulator.calls.slice(before).map(({ items }) => items.length)).toEqual([
      20, 20, 20, 20, 20,
    ]);
    expect(added(system).toSorted()).toEqual(wanted(phones));
  });

  it('for one person goes on with each call until all are there, once', async () => {
    await using system = await start(250);
    const phones = ofOne(system);
    const answers = await repeat(
      system,
      ADD_IDS,
      { phones, idempotencyKey: 'person' },
      (answer) => done(answer) === 100,
    );
    const progress = answers.map(
      (answer, at) => done(answer) - (at === 0 ? 0 : done(answers[at - 1] as Answer)),
    );
    // All but the last are ended by the time, which is good for forty requests one after the other.
    expect(Math.min(...progress.slice(0, -1))).toBeGreaterThanOrEqual(15);
    expect(answers.flatMap(codes)).toEqual([]);
    for (const answer of answers.slice(0, -1)) expect(messages(answer)).toEqual(new Set([NOT_BEGUN]));
    expect(system.writes()).toHaveLength(100);
    expect(added(system).toSorted()).toEqual(wanted(phones));
  });

  it('begins no write that its time does not suffice for', async () => {
    await using system = await start(250, 300, { REQUEST_DEADLINE_MS: '1500' });
    const phones = ofMany(system);
    const answers = await repeat(
      system,
      ADD_IDS,
      { phones, idempotencyKey: 'hurry' },
      (answer) => done(answer) === 100,
    );
    expect(answers.length).toBeGreaterThan(2);
    expect(answers.flatMap(codes)).toEqual([]);
    for (const answer of answers.slice(0, -1)) expect(messages(answer)).toEqual(new Set([NOT_BEGUN]));
    const counts = answers.map(done);
    expect(counts).toEqual([...new Set(counts)].toSorted((one, other) => one - other));
    expect(system.writes()).toHaveLength(100);
    expect(added(system).toSorted()).toEqual(wanted(phones));
  });

  it('reads what is done only after what is not', async () => {
    await using system = await start(250);
    const phones = ofMany(system).slice(0, 40);
    const block = system.emulator.faults.add({
      on: { method: 'POST', path: /\/phones$/ },
      skip: 25,
      times: Number.POSITIVE_INFINITY,
      do: { status: 400 },
    });
    const input = { phones, idempotencyKey: 'order' };
    const first = await system.run(ADD, input, { as: 'admin' });
    expect(done(first)).toBe(25);
    block();
    const before = system.emulator.calls.length;
    expect(done(await system.run(ADD, input, { as: 'admin' }))).toBe(40);
    const calls = system.emulator.calls
      .slice(before)
      .map(({ items, method }) => (items.length > 0 ? items.length : method));
    expect(calls).toEqual([15, ...Array.from({ length: 15 }, () => 'POST'), 20, 5]);
  });
});

const requestsOf = (answers: readonly { readonly requests: number }[]): number =>
  answers.reduce((sum, { requests }) => sum + requests, 0);

describe.concurrent('updatePhones and deletePhones', () => {
  it('of a hundred people end, at 600 ms', async () => {
    await using system = await start(600);
    const ids = await seeded(system, ofMany(system));
    const updates = ids.map((phone) => ({ ...phone, number: '+1 425 555 0199' }));
    const changed = await repeat(system, UPDATE, { phones: updates }, (answer) => done(answer) === 100);
    expect(requestsOf(changed)).toBeLessThanOrEqual(110);
    expect(changed.length).toBeLessThanOrEqual(2);
    const again = await repeat(system, UPDATE, { phones: updates }, (answer) => done(answer) === 100);
    expect([again.length, again[0]?.requests]).toEqual([1, 5]);
    const deleted = await repeat(system, DELETE, { phones: ids }, ({ errors }) => errors === undefined);
    expect(deleted.map(done).reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(deleted.length).toBeLessThanOrEqual(2);
    expect(system.writes()).toHaveLength(300);
    expect(added(system)).toEqual([]);
  });

  it('of one person go on with each call until all is done', async () => {
    await using system = await start(250, 300, { REQUEST_DEADLINE_MS: '4000' });
    const ids = await seeded(system, ofOne(system, 30));
    const updates = ids.map((phone) => ({ ...phone, number: '+1 425 555 0199' }));
    const changed = await repeat(system, UPDATE, { phones: updates }, (answer) => done(answer) === 30);
    expect(changed.length).toBeLessThanOrEqual(6);
    expect(changed.flatMap(codes)).toEqual([]);
    expect(system.writes().filter((write) => write.startsWith('PATCH'))).toHaveLength(30);
    const isOver = ({ errors }: Answer): boolean => errors === undefined;
    const deleted = await repeat(system, DELETE, { phones: ids }, isOver);
    expect(deleted.length).toBeLessThanOrEqual(6);
    expect(deleted.map(done).reduce((sum, count) => sum + count, 0)).toBe(30);
    expect(new Set(deleted.flatMap(codes))).toEqual(new Set(['NOT_FOUND']));
    expect(system.writes().filter((write) => write.startsWith('DELETE'))).toHaveLength(30);
    expect(added(system)).toEqual([]);
  });
});

/** Adds phones, and gives the ids by which they can be changed. */
async function seeded(system: Replicas, phones: readonly { userId: string }[]) {
  const answers = await repeat(system, ADD_IDS, { phones, idempotencyKey: 'seed' }, (answer) => {
    return done(answer) === phones.length;
  });
  const { results } = answers.at(-1)?.payload ?? { results: [] };
  return phones.map((_, at) => ({ id: results[at].phone.id as string }));
}
