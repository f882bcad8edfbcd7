// Whatever happens, in whatever order: random histories of additions, repeats, changes and deletions, on two gateways
// that share a store, with answers lost, callers gone, the store failing and time going by. However it goes, a key never
// makes two phones, and whoever was told of a phone has one.
//
// A history follows from its seed as far as the network lets it, so a seed that fails is worth running again:
// `HISTORIES=1 HISTORY_SEED=42`. `HISTORIES=5000` runs as many, and takes as long as that takes.
import { afterAll, describe, expect, it } from 'vitest';
import type { FaultAction } from '../../emulator/emulator.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { type Answer, nextTurn, startReplicas } from '../support/replicas.ts';

const HISTORIES = Number(process.env['HISTORIES'] ?? 40);
const FIRST_SEED = Number(process.env['HISTORY_SEED'] ?? 1);

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const DEADLINE_MS = 1_000;
const LEASE_MS = DEADLINE_MS + 6_000;
const QUIET_MS = 6 * 60 * 1000;

const system = await startReplicas({
  environment: { REQUEST_DEADLINE_MS: String(DEADLINE_MS), RATE_LIMIT: '0' },
  pace: 100,
});
const { emulator, replicas, run, runAndLeave, idle, pass } = system;
afterAll(() => system[Symbol.asyncDispose]());

const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) {
  phone { id: graphId lastModifiedDateTime } userErrors { code }
} }`;
const UPDATE = `mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) { phone { id } userErrors { code } } }`;
const DELETE = `mutation ($input: DeletePhoneInput!) { deletePhone(input: $input) { deletedPhoneId userErrors { code } } }`;

const FAULTS: readonly FaultAction[] = [
  { reset: 'before' },
  { reset: 'after' },
  { reset: 'mid-body' },
  { truncate: true },
  { commitThen: 500 },
  { commitThen: 503 },
  { commitThen: 504 },
  { status: 500 },
  { status: 503 },
  { status: 504 },
  { status: 429 },
  { commitThen: 429 },
  { status: 400 },
  { html: 502 },
  { delayMs: 30 },
];
/** These take time, and come seldom. */
const SLOW_FAULTS: readonly FaultAction[] = [{ hang: true }, { hang: 'after-commit' }];

interface Key {
  readonly key: string;
  readonly number: string;
  /** The ids that its calls were told. */
  readonly told: Set<string>;
  isDeleted: boolean;
}

/** What was seen of one history. */
interface History {
  readonly seed: number;
  readonly random: Random;
  readonly keys: readonly Key[];
  /** Every phone that was ever there, by its number. */
  readonly seen: Map<string, Set<string>>;
}

const pick = <T>({ random }: History, from: readonly T[]): T =>
  from[Math.floor(random.fraction() * from.length)] as T;
const chance = ({ random }: History, of: number): boolean => random.fraction() < of;

/** Two of the keys have the same content. */
function begin(seed: number): History {
  const keys = Array.from({ length: 4 }, (_, at) => ({
    key: `history-${seed}-${at}`,
    number: `+1 425 ${seed} ${Math.max(1, at)}`,
    told: new Set<string>(),
    isDeleted: false,
  }));
  return { seed, random: seededRandom(seed), keys, seen: new Map() };
}

function look({ seen }: History): void {
  for (const { id, number } of emulator.phonesOf(INNOCENTY)) {
    const ids = seen.get(number ?? '') ?? new Set();
    seen.set(number ?? '', ids.add(id));
  }
}

function trouble(history: History): void {
  const count = Math.floor(history.random.fraction() * 5);
  for (let at = 0; at < count; at += 1) {
    emulator.faults.add({
      on: { method: chance(history, 0.7) ? 'POST' : 'GET', path: '/phones' },
      skip: Math.floor(history.random.fraction() * 4),
      do: pick(history, chance(history, 0.02) ? SLOW_FAULTS : FAULTS),
    });
  }
  for (const { store } of replicas) {
    store.heal();
    if (!chance(history, 0.3)) continue;
    const nth = 1 + Math.floor(history.random.fraction() * 15);
    if (chance(history, 0.3)) store.failFrom(nth);
    else store.failAt(nth, chance(history, 0.5) ? 'before' : 'after');
  }
}

async function add(history: History, key: Key, at: number): Promise<Answer> {
  const answer = await run(ADD, { number: key.number, idempotencyKey: key.key }, { at });
  if (answer.payload?.phone) key.told.add(answer.payload.phone.id);
  look(history);
  return answer;
}

/** The caller does not wait for the answer. */
function addAndLeave(history: History, { key, number }: Key, at: number): Promise<void> {
  const turns = Math.floor(history.random.fraction() * 40);
  const leave = async (): Promise<void> => {
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  };
  return runAndLeave(ADD, { number, idempotencyKey: key }, { at, leave });
}

async function changeOne(history: History): Promise<void> {
  const key = history.keys.find(({ told, isDeleted }) => told.size > 0 && !isDeleted);
  const [id] = key?.told ?? [];
  const before = emulator.phonesOf(INNOCENTY).find((phone) => phone.id === id);
  if (key === undefined || before === undefined) return;
  emulator.faults.add({ on: { method: 'PATCH' }, do: pick(history, FAULTS) });
  emulator.faults.add({ on: { method: 'DELETE' }, do: pick(history, FAULTS) });
  const displayName = `name ${history.random.uuid()}`;
  const isStale = chance(history, 0.3);
  const expectedLastModifiedDateTime = isStale ? '2020-01-01T00:00:00Z' : before.lastModifiedDateTime;
  const changed = await run(UPDATE, { id, displayName, expectedLastModifiedDateTime }, { at: 1 });
  const after = emulator.phonesOf(INNOCENTY).find((phone) => phone.id === id);
  if (changed.payload?.phone) expect(after?.displayName, `seed ${history.seed}`).toBe(displayName);
  if (isStale) expect(after, `seed ${history.seed}`).toEqual(before);
  if (!chance(history, 0.3)) return;
  // So that the store knows of the phone: one that it was away for and that is deleted at once can come back.
  for (const { store } of replicas) store.heal();
  if (!(await add(history, key, 0)).payload?.phone) return;
  const { payload } = await run(DELETE, { id });
  const isGone = emulator.phonesOf(INNOCENTY).every((phone) => phone.id !== id);
  if (payload?.deletedPhoneId) expect(isGone, `seed ${history.seed}`).toBe(true);
  key.isDeleted = isGone;
}

async function round(history: History): Promise<void> {
  trouble(history);
  const calls = Array.from({ length: 3 + Math.floor(history.random.fraction() * 6) }, () => {
    const key = pick(history, history.keys);
    const at = chance(history, 0.5) ? 1 : 0;
    return chance(history, 0.1) ? addAndLeave(history, key, at) : add(history, key, at);
  });
  await Promise.all(calls);
  await idle();
  emulator.faults.clear();
  if (chance(history, 0.5)) await changeOne(history);
  emulator.faults.clear();
  look(history);
  pass(pick(history, [0, 0, 1_000, LEASE_MS, QUIET_MS]));
}

/** With all trouble over, every key comes to its phone. */
async function settle(history: History): Promise<readonly string[]> {
  for (const { store } of replicas) store.heal();
  const endings: string[] = [];
  for (let times = 0; times < 3; times += 1) {
    pass(LEASE_MS + QUIET_MS);
    endings.length = 0;
    for (const key of history.keys) {
      const { payload, errors } = await add(history, key, times % 2);
      endings.push(payload?.phone ? 'a phone' : (payload?.userErrors[0].code ?? errors?.[0].extensions.code));
    }
  }
  return endings;
}

function check({ seed, keys, seen }: History, endings: readonly string[]): void {
  const why = `seed ${seed}`;
  for (const [at, { told, isDeleted }] of keys.entries()) {
    expect(told.size, why).toBe(1);
    expect(endings[at], why).toBe(isDeleted ? 'NOT_FOUND' : 'a phone');
  }
  expect(new Set(keys.flatMap(({ told }) => [...told])).size, why).toBe(keys.length);
  for (const number of new Set(keys.map((key) => key.number))) {
    const sameContent = keys.filter((key) => key.number === number);
    expect(seen.get(number)?.size, why).toBe(sameContent.length);
  }
}

describe('in any history', () => {
  it(`a key makes one phone (${HISTORIES} of them, from seed ${FIRST_SEED})`, {
    timeout: 120_000 + HISTORIES * 1_000,
  }, async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed += 1) {
      await system.newDay();
      const history = begin(seed);
      const rounds = 2 + Math.floor(history.random.fraction() * 3);
      for (let at = 0; at < rounds; at += 1) await round(history);
      check(history, await settle(history));
    }
    expect(HISTORIES).toBeGreaterThan(0);
  });
});
