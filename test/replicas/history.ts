// One random history of one user's phones, on gateways that may be killed at any time.

import type { FaultAction } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { type Answered, post } from '../support/asking.ts';
import { type Fleet, looking } from '../support/fleet.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { tokenOf } from '../support/product.ts';

const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) {
  phone { id: graphId lastModifiedDateTime } userErrors { code }
} }`;
const UPDATE = `mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) { phone { id } userErrors { code } } }`;
const DELETE = `mutation ($input: DeletePhoneInput!) { deletePhone(input: $input) { deletedPhoneId userErrors { code } } }`;

/** Errors that a busy machine can cause without a fault: Redis has a quarter of a second to respond. */
const BUSY: readonly (string | undefined)[] = ['UPSTREAM_UNAVAILABLE', 'TIMEOUT', 'IDEMPOTENCY_IN_PROGRESS'];
const BUSY_TRIES = 20;
const BUSY_PAUSE_MS = 100;

const FAULTS: readonly FaultAction[] = [
  { reset: 'before' },
  { reset: 'after' },
  { reset: 'mid-body' },
  { truncate: true },
  { commitThen: 503 },
  { commitThen: 504 },
  { commitThen: 429 },
  { status: 500 },
  { status: 503 },
  { status: 429 },
  { hang: true },
  { hang: 'after-commit' },
  { html: 502 },
  { delayMs: 100 },
  { delayMs: 400 },
  // Longer than any caller waits.
  { delayMs: 2_500 },
  { delayMs: 4_000 },
];

interface Key {
  readonly key: string;
  readonly number: string;
  /** The ids in the results of its calls. */
  readonly told: Set<string>;
  isDeleted: boolean;
  /** Another key has the same content. */
  readonly isTwin: boolean;
  /** Both phones with equal content arrived late and cannot be told apart. Both keys report it, and nothing is sent again. */
  isSuspected: boolean;
}

/** Runs a function while all gateways and Redis are running. */
export type Calmly = (run: () => Promise<void>) => Promise<void>;

export interface History {
  /** Runs the random actions, with faults. */
  run(calmly: Calmly): Promise<void>;
  /** Repeats the call of every key. Resolves with the keys whose outcome is still unknown. */
  ask(): Promise<readonly string[]>;
  /** What is wrong in the final state. */
  flaws(): readonly string[];
  /** The number of keys with a known result so far. */
  readonly told: number;
}

/** The number of requests that reached the processes, to compare with the number that they completed. */
const arrived = new WeakMap<GatewayProcess, number>();

/** Resolves when the gateways have completed all requests, including those of callers that disconnected. */
export async function idle(fleet: Fleet): Promise<void> {
  const processes = fleet.urls.map((_url, index) => fleet.at(index));
  await looking(() => processes.every((one) => one.isGone || one.operations >= (arrived.get(one) ?? 0)));
}

/** @param place the index of the user in the emulator */
export function createHistory(fleet: Fleet, seed: number, place: number): History {
  const { emulator } = fleet;
  const random = seededRandom(seed);
  const token = tokenOf(emulator, 'admin');
  const userId = emulator.people.at(-1 - place)?.id ?? '';
  const path = `/${userId}/profile/phones`;
  // Two of the keys have the same content.
  const keys: readonly Key[] = Array.from({ length: 4 }, (_, at) => ({
    key: `history-${seed}-${at}`,
    number: `+1 425 ${seed} ${Math.max(1, at)}`,
    told: new Set<string>(),
    isDeleted: false,
    isTwin: at < 2,
    isSuspected: false,
  }));
  /** Every phone that ever existed, by its number. */
  const seen = new Map<string, Set<string>>();
  const flaws: string[] = [];
  /** A phone whose result is unknown may arrive late, after another one. */
  let areChangesKnown = true;

  const chance = (of: number): boolean => random.fraction() < of;
  const pick = <T>(from: readonly T[]): T => pickFrom(random, from);
  const replica = (): number => Math.floor(random.fraction() * fleet.urls.length);
  const present = () => emulator.phonesOf(userId);

  function look(): void {
    for (const { id, number } of present()) {
      const name = number ?? '';
      seen.set(name, (seen.get(name) ?? new Set()).add(id));
    }
  }

  async function call(query: string, input: object, leave?: () => Promise<void>): Promise<Answered> {
    const index = replica();
    const gateway = fleet.at(index);
    const sent = (): void => void arrived.set(gateway, (arrived.get(gateway) ?? 0) + 1);
    const request = { url: gateway.url, token, query, variables: { input }, sent };
    const answered = await post(leave === undefined ? request : { ...request, leave });
    look();
    return answered;
  }

  async function add({ key, number, told }: Key): Promise<Answered> {
    const answered = await call(ADD, { userId, number, idempotencyKey: key });
    const id = answered.payload?.phone?.id;
    if (id !== undefined) told.add(id);
    return answered;
  }

  async function addPatiently(key: Key): Promise<Answered> {
    for (let tries = 1; ; tries += 1) {
      const answered = await add(key);
      if (tries === BUSY_TRIES || !BUSY.includes(answered.codes[0])) return answered;
      await systemClock.sleep(BUSY_PAUSE_MS);
    }
  }

  async function addAndLeave({ key, number }: Key): Promise<void> {
    const patience = random.fraction() * 50;
    await call(ADD, { userId, number, idempotencyKey: key }, () => systemClock.sleep(patience));
  }

  function trouble(): void {
    const count = Math.floor(random.fraction() * 4);
    for (let at = 0; at < count; at += 1) {
      const on = { method: chance(0.7) ? 'POST' : 'GET', path };
      emulator.faults.add({ on, skip: Math.floor(random.fraction() * 3), do: pick(FAULTS) });
    }
  }

  async function change(): Promise<void> {
    const key = keys.find(({ told, isDeleted }) => told.size > 0 && !isDeleted);
    const [id] = key?.told ?? [];
    if (key === undefined || id === undefined) return;
    emulator.faults.add({ on: { method: 'PATCH', path }, do: pick(FAULTS) });
    const displayName = `name ${random.uuid()}`;
    const changed = await call(UPDATE, { id: `${userId}/${id}`, displayName });
    const after = present().find((phone) => phone.id === id);
    const isChanged = changed.payload?.phone !== undefined && changed.payload?.phone !== null;
    if (isChanged && areChangesKnown && after?.displayName !== displayName)
      flaws.push(`${key.key} is not changed`);
    areChangesKnown &&= isChanged;
  }

  /** Only for keys in the store: a phone that the store does not know may arrive after its deletion. */
  async function remove(): Promise<void> {
    const key = keys.find(({ told, isDeleted }) => told.size > 0 && !isDeleted);
    const [id] = key?.told ?? [];
    if (key === undefined || id === undefined) return;
    for (let times = 0; times < 2; times += 1) if (!(await add(key)).payload?.phone) return;
    emulator.faults.add({ on: { method: 'DELETE', path }, do: pick(FAULTS) });
    key.isDeleted = true;
    const { payload } = await call(DELETE, { id: `${userId}/${id}` });
    const isGone = present().every((phone) => phone.id !== id);
    if (payload?.deletedPhoneId && !isGone) flaws.push(`${key.key} is not deleted`);
  }

  async function round(calmly: Calmly): Promise<void> {
    await looking(() => fleet.urls.some((_url, index) => !fleet.at(index).isGone));
    trouble();
    const calls = Array.from({ length: 2 + Math.floor(random.fraction() * 5) }, async () => {
      await systemClock.sleep(random.fraction() * 60);
      const key = pick(keys);
      await (chance(0.15) ? addAndLeave(key) : add(key));
    });
    await Promise.all(calls);
    if (chance(0.5)) await change();
    if (chance(0.2)) await calmly(remove);
  }

  return {
    get told() {
      return keys.filter(({ told }) => told.size > 0).length;
    },
    async run(calmly) {
      const rounds = 2 + Math.floor(random.fraction() * 3);
      for (let at = 0; at < rounds; at += 1) await round(calmly);
    },
    async ask() {
      const open: string[] = [];
      for (const key of keys) {
        const { payload, codes } = await addPatiently(key);
        key.isSuspected = key.isTwin && key.told.size === 0 && codes[0] === 'DUPLICATE_SUSPECTED';
        if (key.isSuspected || payload?.phone || (key.isDeleted && codes[0] === 'NOT_FOUND')) continue;
        open.push(`${key.key}: ${codes.join(' ')}`);
      }
      return open;
    },
    flaws() {
      for (const { key, told, isSuspected } of keys)
        if (told.size !== (isSuspected ? 0 : 1)) flaws.push(`${key} was told as ${told.size} phones`);
      for (const number of new Set(keys.map((key) => key.number))) {
        const same = keys.filter((key) => key.number === number);
        const ids = seen.get(number)?.size ?? 0;
        if (ids !== same.length) flaws.push(`${same.length} keys of ${number} made ${ids} phones`);
        const left = present().filter((phone) => phone.number === number).length;
        const least = same.filter(({ isDeleted }) => !isDeleted).length;
        if (left < least) flaws.push(`of ${same.length} phones with ${number} there are ${left}`);
      }
      return flaws;
    },
  };
}

export function pickFrom<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random.fraction() * from.length)] as T;
}
