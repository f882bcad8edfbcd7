// Tokens for Microsoft Graph that any replica of this gateway has got, in the store that replicas share: a second level
// below the memory of token-cache.ts. Each is sealed under what only those know who may have it, a person's under the token
// that the person came with. Whoever reads the store has nothing; whoever writes to it can make tokens vanish, and put back
// ones that were there, never another's.
//
// It is a help and no more: what is not there in time, not readable or no longer good counts as not there, and nothing here
// ever rejects.
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { within } from '../runtime/with-timeout.ts';
import type { Store } from '../store/store.ts';
import { createSeal, type Seal } from './seal.ts';

/** Whose token. */
export interface Holder {
  /** Names everything that changes the token. */
  readonly key: string;
  /** What is known to nobody but who may have the token; null for one that is not shared. */
  secret(): Promise<string | null>;
}

/** One that another replica has left. */
export interface Found {
  readonly token: string;
  /** In milliseconds since 1970; not to be given out from then on. */
  readonly ends: number;
  /** Takes this one away, unless another is in its place. */
  drop(): Promise<void>;
}

export interface SharedTokens {
  find(holder: Holder): Promise<Found | null>;
  /** Leaves a token for others, in place of what is there. */
  leave(holder: Holder, token: string, ends: number): Promise<void>;
}

export interface SharedTokensOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
}

/** Milliseconds that a request waits for the store. An exchange takes two or three times as long. */
export const PATIENCE_MS = 50;

export function createSharedTokens({ store, clock, random }: SharedTokensOptions): SharedTokens {
  async function sealOf({ key, secret }: Holder): Promise<Seal | null> {
    const known = await secret();
    return known === null ? null : createSeal(known, key, random);
  }

  const patiently = <T>(work: Promise<T>): Promise<T | null> =>
    within(clock, PATIENCE_MS, work).catch(() => null);

  async function look(holder: Holder): Promise<Found | null> {
    const seal = await sealOf(holder);
    if (seal === null) return null;
    const name = nameOf(seal);
    const sealed = await store.get(name);
    const [, ends, token] = FORM.exec(sealed === null ? '' : (seal.open(sealed) ?? '')) ?? [];
    if (sealed === null || token === undefined || !(Number(ends) > clock.now())) return null;
    return {
      token,
      ends: Number(ends),
      drop: async () => void (await patiently(store.remove(name, sealed))),
    };
  }

  async function put(holder: Holder, token: string, ends: number): Promise<void> {
    const seal = await sealOf(holder);
    const left = ends - clock.now();
    if (seal === null || left < 1) return;
    await store.put(nameOf(seal), seal.seal(`${Math.floor(ends)} ${token}`), left);
  }

  return {
    find: (holder) => patiently(look(holder)),
    leave: (holder, token, ends) => put(holder, token, ends).catch(() => {}),
  };
}

/** The end, and the token: the store forgets it then, and need not be trusted to. */
const FORM = /^(\d{1,15}) ([\x21-\x7e]+)$/;

function nameOf({ name }: Seal): string {
  return `token:${name}`;
}
