// Pauses that Microsoft Graph asks for, told from replica to replica: what one of them has learned, the others need not
// find out with calls that make the pause longer. Nothing of it is waited for; a replica that hears nothing finds out by
// itself.
//
// Limits go by keyed hashes, so that who reads the store learns neither who calls nor for which tenant. What is heard is
// looked at before it is believed, and can do no more than hold callers back for a while.
import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';
import type { Held } from './failure.ts';
import type { Throttle } from './throttle.ts';

export interface Sharing {
  /** The name of a limit, the same for all who share the secret. */
  nameOf(limit: string): string;
  /** Tells the others of a pause. Never throws; what cannot be told is not. */
  tell(limit: string, ms: number, held: Held): void;
  /** Learns what the others know, and listens from then on. Resolves also when the store cannot be reached. */
  join(throttle: Throttle): Promise<void>;
}

export interface SharingOptions {
  readonly store: Store;
  /** Asked for anew whenever something is told, since it can change. May reject. */
  readonly secret: () => Promise<Uint8Array>;
  readonly clock: Clock;
  readonly random: Random;
}

const CHANNEL = 'pauses';
/** What there was when a replica last told of one, for those that start. */
const KEPT = 'pauses';
const MOST_KEPT = 100;
/** Milliseconds between two times that they are kept. */
const KEEP_EVERY_MS = 1_000;
const NAMES = 10_000;
const PAUSE = /^([\w-]{43}) (\d{1,9}) (reads|writes|all)$/;

export function createSharing({ store, secret, clock, random }: SharingOptions): Sharing {
  const self = random.uuid();
  const names = new LRUCache<string, string>({ max: NAMES });
  let key: Uint8Array = random.bytes(32);
  let throttle: Throttle | null = null;
  let keeping = false;

  function nameOf(limit: string): string {
    const known = names.get(limit);
    if (known !== undefined) return known;
    const name = createHmac('sha256', key).update(`pause ${limit}`).digest('base64url');
    names.set(limit, name);
    return name;
  }

  async function learnKey(): Promise<void> {
    const now = await secret();
    if (Buffer.from(now).equals(key)) return;
    key = now;
    names.clear();
  }

  function hear(pause: string, late = 0): void {
    const [, name, ms, held] = PAUSE.exec(pause) ?? [];
    const left = Number(ms) - late;
    if (name !== undefined && left > 0) throttle?.close(name, left, held as Held);
  }

  async function share(limit: string, ms: number, held: Held): Promise<void> {
    await learnKey();
    const name = nameOf(limit);
    // Under another key than before, it has another name here as well.
    throttle?.close(name, ms, held);
    await store.tell(CHANNEL, `${self} ${lineOf(name, ms, held)}`);
    if (keeping) return;
    keeping = true;
    clock.schedule(KEEP_EVERY_MS, () => void keep().catch(() => {}));
  }

  async function keep(): Promise<void> {
    keeping = false;
    const pauses = throttle?.pauses(MOST_KEPT) ?? [];
    if (pauses.length === 0) return;
    const lines = pauses.map(({ name, ms, held }) => lineOf(name, ms, held));
    const longest = Math.max(...pauses.map(({ ms }) => ms));
    await store.put(KEPT, [clock.now(), ...lines].join('\n'), longest);
  }

  async function readKept(): Promise<void> {
    const [at, ...lines] = (await store.get(KEPT))?.split('\n') ?? [];
    const late = Math.max(0, clock.now() - Number(at));
    for (const line of lines.slice(0, MOST_KEPT)) hear(line, late);
  }

  return {
    nameOf,
    tell(limit, ms, held) {
      share(limit, ms, held).catch(() => {});
    },
    async join(joined) {
      throttle = joined;
      store.listen(CHANNEL, (message) => {
        const [, from, pause = ''] = /^(\S{1,64}) (.{1,100})$/.exec(message) ?? [];
        if (from !== self) hear(pause);
      });
      await learnKey()
        .then(readKept)
        .catch(() => {});
    },
  };
}

function lineOf(name: string, ms: number, held: Held): string {
  return `${name} ${Math.ceil(ms)} ${held}`;
}
