// Tokens for Microsoft Graph that have been given out, and those that are being asked for: one exchange at a time for
// each key, whoever waits for it. A key names everything that changes the token, the caller's own token first of all,
// so nobody ever meets another's.
//
// A failure is for those who waited for it; whoever comes later tries again. Only when Entra ID says how long to leave it
// alone, this key leaves it alone for that long, and for a few seconds when it says no: whoever asks again and again with
// a token that was refused would have Entra ID slow down the gateway for everybody. Other keys do not notice.
//
// Where replicas share a store, what one has got serves all: it is looked for there before Entra ID is asked. Exchanges at
// the same time in two replicas are two; either token is good.
import type { Clock } from '../runtime/clock.ts';
import { type ErrorCode, GatewayError, type GatewayErrorOptions } from '../runtime/errors.ts';
import { createExpiringCache } from './expiring-cache.ts';
import type { Found, Holder, SharedTokens } from './shared-tokens.ts';

/** A token as it was given out. */
export interface Issued {
  readonly token: string;
  /** Milliseconds that it is good for, from when it was asked for. */
  readonly lifetimeMs: number;
}

/** One token that is wanted. */
export interface Wanted extends Holder {
  /** When whatever the token stands on ends, in milliseconds since 1970; infinity when on nothing. */
  readonly ends: number;
  /** @param claims what the token has to satisfy beyond the usual, as JSON; null for nothing */
  exchange(claims: string | null): Promise<Issued>;
}

export interface TokenCache {
  /** The token, given out before or now. */
  get(wanted: Wanted): Promise<string>;
  /** Another than the refused one: the one that has taken its place, or one that is asked for now. */
  renew(wanted: Wanted, refused: string, claims: string | null): Promise<string>;
}

export interface TokenCacheOptions {
  readonly clock: Clock;
  /** Tokens that are kept at most. */
  readonly capacity: number;
  /** Null where there are no replicas to share with. */
  readonly shared: SharedTokens | null;
}

interface Entry {
  readonly token: string;
}

/**
 * What a failure said, and for how long. Not the error: its stack and its cause keep alive whatever they have seen, the
 * session of the request and all that MSAL makes for one exchange.
 */
interface Pause {
  readonly code: ErrorCode;
  readonly message: string;
  readonly options: Omit<GatewayErrorOptions, 'cause'>;
}

/** Milliseconds before its end that a token is no longer given out: it has to last for the request it goes into. */
export const SKEW_MS = 60_000;
/** Milliseconds that a refusal stands: long for a program in a loop, short for a person who signs in again. */
export const REFUSED_MS = 5_000;
/** Milliseconds that a key is left alone at most, whatever Entra ID asks for. */
export const LONGEST_PAUSE_MS = 5 * 60_000;

export function createTokenCache({ clock, capacity, shared }: TokenCacheOptions): TokenCache {
  const entries = createExpiringCache<Entry>(capacity, clock);
  const pauses = createExpiringCache<Pause>(capacity, clock);
  const flights = new Map<string, Promise<string>>();
  const lookups = new Map<string, Promise<string>>();

  function checkPause(key: string): void {
    const pause = pauses.get(key);
    if (pause !== undefined) throw stillSo(pause, pauses.left(key));
  }

  async function fly(wanted: Wanted, claims: string | null): Promise<string> {
    const { key, ends } = wanted;
    const asked = clock.elapsed();
    try {
      const { token, lifetimeMs } = await wanted.exchange(claims);
      const own = asked + Math.max(lifetimeMs - SKEW_MS, lifetimeMs / 2);
      const until = Math.min(own, asked + (ends - clock.now()));
      entries.set(key, { token }, until - clock.elapsed());
      void shared?.leave(wanted, token, clock.now() + (until - clock.elapsed()));
      return token;
    } catch (error) {
      if (error instanceof GatewayError) {
        const ms = pauseAfter(error);
        if (ms > 0) pauses.set(key, pauseOf(error), ms);
      }
      throw error;
    }
  }

  /** Whoever comes while an exchange of the same kind is under way waits for that one. */
  async function exchange(wanted: Wanted, claims: string | null): Promise<string> {
    const name = claims === null ? wanted.key : `${wanted.key} ${claims}`;
    const flight = flights.get(name);
    if (flight !== undefined) return flight;
    checkPause(wanted.key);
    const started = fly(wanted, claims).finally(() => flights.delete(name));
    flights.set(name, started);
    return started;
  }

  /** Keeps what another replica has left. Its end is no later than that of what it stands on, which is the same there. */
  function adopt({ key }: Wanted, { token, ends }: Found): string {
    entries.set(key, { token }, ends - clock.now());
    return token;
  }

  async function lookUp(wanted: Wanted, among: SharedTokens): Promise<string> {
    const found = await among.find(wanted);
    const entry = entries.get(wanted.key);
    if (entry !== undefined) return entry.token;
    return found === null ? exchange(wanted, null) : adopt(wanted, found);
  }

  /**
   * In flight apart from exchanges: a renewal joins an exchange that is under way, and must not join a look that may find
   * the very token that was refused.
   */
  function obtain(wanted: Wanted): Promise<string> {
    if (shared === null) return exchange(wanted, null);
    const lookup = lookups.get(wanted.key);
    if (lookup !== undefined) return lookup;
    const started = lookUp(wanted, shared).finally(() => lookups.delete(wanted.key));
    lookups.set(wanted.key, started);
    return started;
  }

  /** What has taken the place of a refused token elsewhere; a refused one that is still there is taken away. */
  async function successor(wanted: Wanted, refused: string, among: SharedTokens): Promise<string | null> {
    const found = await among.find(wanted);
    const entry = entries.get(wanted.key);
    if (entry !== undefined && entry.token !== refused) return entry.token;
    if (found !== null && found.token !== refused) return adopt(wanted, found);
    await found?.drop();
    return null;
  }

  return {
    async get(wanted) {
      return entries.get(wanted.key)?.token ?? obtain(wanted);
    },
    async renew(wanted, refused, claims) {
      const entry = entries.get(wanted.key);
      if (entry !== undefined && entry.token !== refused) return entry.token;
      entries.delete(wanted.key);
      const other = shared === null ? null : await successor(wanted, refused, shared);
      return other ?? exchange(wanted, claims);
    },
  };
}

/** Milliseconds to leave a key alone. What nobody asked to wait for may be over with the next try. */
function pauseAfter({ code, retryable, retryAfterSeconds }: GatewayError): number {
  if (retryAfterSeconds !== undefined) return Math.min(LONGEST_PAUSE_MS, retryAfterSeconds * 1000);
  return code === 'UNAUTHENTICATED' || retryable === false ? REFUSED_MS : 0;
}

function pauseOf(error: GatewayError): Pause {
  const { code, message, retryable, retryAfterSeconds, graph, claims, authorizationUri } = error;
  return { code, message, options: { retryable, retryAfterSeconds, graph, claims, authorizationUri } };
}

/** The same failure, with the wait that is left of it where it has one. */
function stillSo({ code, message, options }: Pause, leftMs: number): GatewayError {
  const { retryAfterSeconds } = options;
  const left = retryAfterSeconds === undefined ? undefined : Math.ceil(leftMs / 1000);
  return new GatewayError(code, message, { ...options, retryAfterSeconds: left });
}
