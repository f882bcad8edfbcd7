// A person under load, who may do several things at once, in several windows. Most of it is reading; what is added is
// changed and deleted after a while, so that a list stays as long as lists are. Whoever was not told of success asks
// again with the same key, the later the more often that was in vain.
import type { Random } from '../src/runtime/random.ts';
import type { Ask, Told } from './asking.ts';
import type { Ledger } from './ledger.ts';

/** Phones of its own that a person has at most. */
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
  /** Milliseconds between one try and the next. */
  pause: number;
  /** On the clock of the process. */
  at: number;
}

export interface Person {
  step(): Promise<void>;
  /**
   * Asks once more for everything of which nothing is known. Resolves with how much that still is. Without faults, who is
   * forbidden to add is one who may not, and has added nothing.
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
  /** Those that were to be deleted, of which nobody was told that they are. */
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

  /** What is pending and due comes first. */
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

  /** One that was asked for in vain comes first: else lists would grow by what is left behind, and all else with them. */
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
