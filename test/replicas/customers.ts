// Simulated users behind a load balancer. Each adds phones with idempotency keys, repeats the calls, reads, updates, and
// deletes every other phone. Their results are kept and compared with the final state.
import { Agent } from 'node:http';
import type { Emulator } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { type Answered, post } from '../support/asking.ts';
import { tokenOf } from '../support/product.ts';

const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { id: graphId } userErrors { code } } }`;
const READ = 'query ($id: ID!) { user(id: $id) { phones { id number } } }';
const UPDATE = `mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) { phone { id } userErrors { code } } }`;
const DELETE = `mutation ($input: DeletePhoneInput!) { deletePhone(input: $input) { deletedPhoneId userErrors { code } } }`;

/** Milliseconds between two actions of a user. It keeps the load below the capacity of the machine. */
const PAUSE_MS = 20;

export interface Key {
  readonly userId: string;
  readonly number: string;
  readonly idempotencyKey: string;
  /** The ids in the results of its calls. */
  readonly told: Set<string>;
  /** `asked`: a deletion was sent, but its result is unknown. */
  deletion: 'none' | 'asked' | 'told';
}

export interface Failure {
  readonly status: number;
  readonly codes: readonly string[];
  /** The addresses that nginx tried. The last one served the request. */
  readonly servedBy: string;
}

export interface Customers {
  readonly keys: readonly Key[];
  /** How many requests were sent. */
  readonly requests: number;
  /** Every unexpected result. */
  readonly failures: readonly Failure[];
  /** Runs until `stop` is called, then completes the current actions. */
  work(): { stop(): Promise<void> };
  /** Adds the phone, or repeats the call. */
  add(key: Key): Promise<Answered>;
}

export interface CustomersOptions {
  /** The URL of the GraphQL endpoint. */
  readonly url: string;
  readonly emulator: Emulator;
  readonly count: number;
  /** The prefix of the keys. */
  readonly name: string;
}

export function createCustomers({ url, emulator, count, name }: CustomersOptions): Customers {
  const agent = new Agent({ keepAlive: true });
  const token = tokenOf(emulator, 'admin');
  const people = emulator.people.slice(-count).map(({ id }) => id);
  const keys: Key[] = [];
  const failures: Failure[] = [];
  let requests = 0;

  async function run(query: string, variables: object): Promise<Answered> {
    requests += 1;
    const answered = await post({ url, token, query, variables, agent });
    const { status, codes, headers } = answered;
    const servedBy = String(headers['x-served-by']);
    if (status !== 200 || codes.length > 0) failures.push({ status, codes, servedBy });
    await systemClock.sleep(PAUSE_MS);
    return answered;
  }

  async function add(key: Key): Promise<Answered> {
    const { userId, number, idempotencyKey } = key;
    const answered = await run(ADD, { input: { userId, number, idempotencyKey } });
    const id = answered.payload?.phone?.id;
    if (id !== undefined) key.told.add(id);
    return answered;
  }

  async function live(userId: string, at: number): Promise<void> {
    const idempotencyKey = `${name}-${keys.length}`;
    const number = `+1 425 ${name} ${String(keys.length).padStart(7, '0')}`;
    const key: Key = { userId, number, idempotencyKey, told: new Set(), deletion: 'none' };
    keys.push(key);
    await add(key);
    await add(key);
    await run(READ, { id: userId });
    const [id] = key.told;
    if (id === undefined) return;
    await run(UPDATE, { input: { id: `${userId}/${id}`, displayName: idempotencyKey } });
    if (at % 2 === 1) return;
    key.deletion = 'asked';
    const { payload } = await run(DELETE, { input: { id: `${userId}/${id}` } });
    if (payload?.deletedPhoneId === `${userId}/${id}`) key.deletion = 'told';
  }

  return {
    keys,
    failures,
    add,
    get requests() {
      return requests;
    },
    work() {
      let goesOn = true;
      const all = people.map(async (person) => {
        for (let at = 0; goesOn; at += 1) await live(person, at);
      });
      return {
        async stop() {
          goesOn = false;
          await Promise.all(all);
        },
      };
    },
  };
}

/** What is wrong with the phone of a key in the final state. Null when nothing is. */
export function flawOf({ userId, number, told, deletion }: Key, emulator: Emulator): string | null {
  const ids = emulator.phonesOf(userId).flatMap((phone) => (phone.number === number ? [phone.id] : []));
  if (told.size > 1) return `${number} was told as ${told.size} phones`;
  if (ids.length > 1) return `${number} is there ${ids.length} times`;
  if (deletion === 'told' && ids.length > 0) return `${number} was deleted and is there`;
  if (deletion === 'none' && told.size === 1 && !told.has(ids[0] ?? '')) return `${number} is lost`;
  return null;
}
