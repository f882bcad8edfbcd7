// A simulated user, who may do several steps at once. Most steps are reads. Phones are updated and deleted after a while, so
// that lists keep a realistic length. A call without a result is repeated with the same key, with growing delays.
import type { Random } from '../src/runtime/random.ts';
import type { Ask, Told } from './asking.ts';
import type { Ledger } from './ledger.ts';

/** Maximum phones of a user. */
const MOST_PHONES = 6;
const FIRST_REPEAT_MS = 1_000;
const LAST_REPEAT_MS = 60_000;

const ME = '{ me { displayName phones { id number type displayName } } }';
const USERS = 'query ($ids: [ID!]!) { users(ids: $ids) { displayName phones { number type } } }';
const DIRECTORY = '{ directory(first: 20) { nodes { id displayName } } }';
const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { id } userErrors { code } } }`;
const UPDATE = `mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) { phone { id } userErrors { code } } }`;
const DELETE = `mutation ($input: DeletePhoneInput!) { deletePhone(input: $input) { deletedPhoneId userErrors { code } } }`;

interface Own {
  readonly number: string;
  readonly id: string;
}

interface Pending {
  readonly number: string;
  /** Milliseconds between two attempts. */
  pause: number;
  /** On the clock of the process, in milliseconds. */
  at: number;
}

export interface Person {
  step(): Promise<void>;
  /**
   * Repeats every call with an unknown outcome. Resolves with the number that is still unknown. Without faults, FORBIDDEN
   * means that the user may not add phones and has added none.
   */
  settle(): Promise<number>;
}

export interface PersonOptions {
  readonly ask: Ask;
  readonly others: readonly string[];
  readonly ledger: Ledger;
  readonly random: Random;
  readonly now: () => number;
}

export function createPerson({ ask, others, ledger, random, now }: PersonOptions): Person {
  const phones: Own[] = [];
  /** Phones with a deletion whose outcome is unknown. */
  const leaving: Own[] = [];
  let pending: Pending[] = [];

  function add(number: string): Promise<Told> {
    return ask(ADD, { input: { number, type: 'MOBILE', idempotencyKey: number.replaceAll(/\D+/g, '-') } });
  }

  async function addOnce(wanted: Pending): Promise<Told> {
    const told = await add(wanted.number);
    const id = idIn(told, 'phone');
    if (id === null) {
      wanted.at = now() + wanted.pause;
      wanted.pause = Math.min(LAST_REPEAT_MS, wanted.pause * 2);
      return told;
    }
    ledger.added(wanted.number, id);
    if (!pending.includes(wanted)) return told;
    pending = pending.filter((other) => other !== wanted);
    phones.push({ number: wanted.number, id });
    return told;
  }

  /** Pending calls that are due come first. */
  async function addSome(): Promise<unknown> {
    const due = pending.find(({ at }) => at <= now());
    if (due !== undefined) return addOnce(due);
    if (phones.length + leaving.length >= MOST_PHONES) return deleteOldest();
    const wanted = { number: ledger.open(), pause: FIRST_REPEAT_MS, at: 0 };
    pending.push(wanted);
    return addOnce(wanted);
  }

  async function repeat(): Promise<void> {
    const last = phones.at(-1);
    if (last === undefined) return;
    const id = idIn(await add(last.number), 'phone');
    if (id !== null) ledger.added(last.number, id);
  }

  async function update(): Promise<void> {
    const last = phones.at(-1);
    if (last === undefined) return;
    await ask(UPDATE, { input: { id: last.id, displayName: random.uuid() } });
  }

  /** A deletion without a result comes first. Otherwise lists would grow. */
  async function deleteOldest(): Promise<void> {
    const oldest = leaving.shift() ?? phones.shift();
    if (oldest === undefined) return;
    ledger.deleting(oldest.number);
    const told = await ask(DELETE, { input: { id: oldest.id } });
    if (told.payload?.['deletedPhoneId'] === oldest.id) ledger.gone(oldest.number);
    else leaving.push(oldest);
  }

  async function readSome(): Promise<void> {
    const chance = random.fraction();
    if (chance < 0.1) await ask(DIRECTORY, {});
    else if (chance < 0.4) await ask(USERS, { ids: Array.from({ length: 5 }, () => oneOf(others, random)) });
    else await ask(ME, {});
  }

  return {
    async step() {
      const chance = random.fraction();
      if (chance < 0.6) await readSome();
      else if (chance < 0.75) await addSome();
      else if (chance < 0.8) await repeat();
      else if (chance < 0.9) await update();
      else if (leaving.length > 0 || phones.length > MOST_PHONES / 2) await deleteOldest();
      else await readSome();
    },
    async settle() {
      for (const wanted of pending) {
        const { codes } = await addOnce(wanted);
        if (!codes.includes('FORBIDDEN')) continue;
        ledger.gone(wanted.number);
        pending = pending.filter((other) => other !== wanted);
      }
      return pending.length;
    },
  };
}

function idIn({ payload }: Told, name: string): string | null {
  const found = payload?.[name];
  return typeof found === 'object' && found !== null && 'id' in found ? String(found.id) : null;
}

function oneOf(from: readonly string[], random: Random): string {
  return from[Math.floor(random.fraction() * from.length)] ?? '';
}
