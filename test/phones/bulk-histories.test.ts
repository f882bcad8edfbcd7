// Whatever happens: random histories of calls for many phones, repeated by two gateways that share a store, under the
// emulator's random faults, with callers gone, the store failing and time going by. However it goes, each place of each
// call makes one phone, what a call was told of is there, and in the end a call that is repeated has all of them.
//
// What is drawn follows from the seed, so a seed that fails is worth running again: `HISTORIES=1 HISTORY_SEED=42`.
import { afterAll, describe, expect, it } from 'vitest';
import { MIXED, readScenarios } from '../../emulator/faults/scenarios.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { type Answer, nextTurn, startReplicas } from '../support/replicas.ts';

const HISTORIES = Number(process.env['HISTORIES'] ?? 20);
const FIRST_SEED = Number(process.env['HISTORY_SEED'] ?? 1);

const DEADLINE_MS = 1_000;
const LEASE_MS = DEADLINE_MS + 6_000;
const QUIET_MS = 6 * 60 * 1000;
/** Calls in a row after which, with all trouble over, nothing may be left to do. */
const REPEATS = 4;
/** Of the requests that a fault can strike. */
const SHARE = 0.15;

/**
 * All but those that come late: the emulator waits in real time, while the time of the histories leaps, so that they would
 * come later than anything is promised for.
 */
const SCENARIOS = readScenarios(MIXED).filter(({ do: action }) => !('delayMs' in action));
/** Strikes nothing while it is calm. */
const randomFaults = { random: seededRandom(1), isCalm: true };
const system = await startReplicas({
  environment: { REQUEST_DEADLINE_MS: String(DEADLINE_MS), RATE_LIMIT: '0' },
  pace: 100,
  emulator: {
    latency: { leastMs: 0, mostMs: 12, random: seededRandom(2) },
    randomFaults: {
      scenarios: SCENARIOS,
      rate: SHARE,
      random: {
        ...seededRandom(1),
        fraction: () => (randomFaults.isCalm ? 1 : randomFaults.random.fraction()),
      },
    },
  },
});
const { emulator, replicas, run, runAndLeave, idle, pass } = system;
afterAll(() => system[Symbol.asyncDispose]());

const ADD = `mutation ($input: AddPhonesInput!) { addPhones(input: $input) {
  results { phone { id: graphId displayName } userErrors { code } }
} }`;
const DELETE = `mutation ($input: DeletePhonesInput!) { deletePhones(input: $input) {
  results { deletedPhoneId userErrors { code } }
} }`;

interface Bulk {
  readonly idempotencyKey: string;
  readonly phones: readonly {
    readonly userId: string;
    readonly number: string;
    readonly displayName: string;
  }[];
  /** The ids that calls were told of, by place. */
  readonly told: readonly Set<string>[];
}

interface History {
  readonly seed: number;
  readonly random: Random;
  readonly bulks: readonly Bulk[];
}

const drawn = ({ random }: { readonly random: Random }, below: number): number =>
  Math.floor(random.fraction() * below);

/** Two calls with keys of their own, for a few people; some of their phones are the same. */
function begin(seed: number): History {
  const random = seededRandom(seed);
  const people = emulator.people.slice(20, 24);
  const bulks = ['a', 'b'].map((name) => {
    const phones = Array.from({ length: 4 + drawn({ random }, 9) }, () => ({
      userId: people[drawn({ random }, people.length)]?.id ?? '',
      number: `+1 425 ${seed} ${drawn({ random }, 12)}`,
      displayName: 'Bulk',
    }));
    return { idempotencyKey: `bulk-${seed}-${name}`, phones, told: phones.map(() => new Set<string>()) };
  });
  return { seed, random, bulks };
}

const inputOf = ({ idempotencyKey, phones }: Bulk) => ({ idempotencyKey, phones });

async function add(bulk: Bulk, at: number): Promise<Answer> {
  const answer = await run(ADD, inputOf(bulk), { at, as: 'admin' });
  for (const [place, result] of (answer.payload?.results ?? []).entries())
    if (result?.phone) bulk.told[place]?.add(result.phone.id);
  return answer;
}

async function round(history: History): Promise<void> {
  randomFaults.isCalm = false;
  for (const { store } of replicas) {
    store.heal();
    if (drawn(history, 4) > 0) continue;
    const nth = 1 + drawn(history, 40);
    if (drawn(history, 3) === 0) store.failFrom(nth);
    else store.failAt(nth, drawn(history, 2) === 0 ? 'before' : 'after');
  }
  const calls = Array.from({ length: 1 + drawn(history, 3) }, () => {
    const bulk = history.bulks[drawn(history, 2)] as Bulk;
    const at = drawn(history, 2);
    if (drawn(history, 8) > 0) return add(bulk, at);
    const turns = drawn(history, 60);
    const leave = async (): Promise<void> => {
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    };
    return runAndLeave(ADD, inputOf(bulk), { at, as: 'admin', leave });
  });
  await Promise.all(calls);
  await idle();
  randomFaults.isCalm = true;
  pass([0, 0, 1_000, LEASE_MS, QUIET_MS][drawn(history, 5)] ?? 0);
}

/** With all trouble over, every place of every call comes to its phone. */
async function settle({ bulks, seed }: History): Promise<void> {
  for (const { store } of replicas) store.heal();
  for (let times = 0; times < REPEATS; times += 1) {
    pass(LEASE_MS + QUIET_MS);
    for (const bulk of bulks) await add(bulk, times % 2);
  }
  for (const bulk of bulks) {
    const { payload } = await add(bulk, 0);
    const ids = payload?.results.map((result: { phone: { id: string } | null } | null) => result?.phone?.id);
    expect(ids, `seed ${seed}`).toEqual(bulk.told.map((told) => [...told][0]));
  }
}

const phonesThere = () =>
  emulator.people
    .slice(20, 24)
    .flatMap(({ id: userId }) =>
      emulator
        .phonesOf(userId)
        .flatMap((phone) => (phone.displayName === 'Bulk' ? [{ userId, ...phone }] : [])),
    );

function check({ seed, bulks }: History): void {
  const why = `seed ${seed}`;
  const all = bulks.flatMap(({ phones, told }) =>
    phones.map((phone, at) => ({ phone, told: [...(told[at] ?? [])] })),
  );
  expect(
    all.map(({ told }) => told.length),
    why,
  ).toEqual(all.map(() => 1));
  const expected = all.map(({ phone: { userId, number }, told: [id] }) => ({ userId, number, id }));
  const found = phonesThere().map(({ userId, number, id }) => ({ userId, number, id }));
  const byId = (one: { id?: string | undefined }, other: { id?: string | undefined }): number =>
    (one.id ?? '') < (other.id ?? '') ? -1 : 1;
  expect(found.toSorted(byId), why).toEqual(expected.toSorted(byId));
}

/** Deletes all of one call, under trouble and then without, and nothing else. */
async function deleteAll(history: History): Promise<void> {
  const [one, other] = history.bulks as readonly [Bulk, Bulk];
  const phones = one.phones.map(({ userId }, at) => ({ id: `${userId}/${[...(one.told[at] ?? [])][0]}` }));
  randomFaults.isCalm = false;
  await run(DELETE, { phones }, { at: drawn(history, 2), as: 'admin' });
  randomFaults.isCalm = true;
  // A gateway that leaves Graph alone tries it with one call at a time before it trusts it again.
  for (let times = 0; times < REPEATS; times += 1) {
    pass(LEASE_MS + QUIET_MS);
    await run(DELETE, { phones }, { as: 'admin' });
  }
  expect(
    phonesThere()
      .map(({ id }) => id)
      .toSorted(),
    `seed ${history.seed}`,
  ).toEqual(other.told.flatMap((told) => [...told]).toSorted());
}

describe('in any history of calls for many phones', () => {
  it(`each place makes one phone (${HISTORIES} of them, from seed ${FIRST_SEED})`, {
    timeout: 120_000 + HISTORIES * 5_000,
  }, async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed += 1) {
      await system.newDay();
      randomFaults.random = seededRandom(seed);
      const history = begin(seed);
      const rounds = 2 + drawn(history, 3);
      for (let at = 0; at < rounds; at += 1) await round(history);
      await settle(history);
      check(history);
      await deleteAll(history);
    }
    expect(HISTORIES).toBeGreaterThan(0);
  });
});
