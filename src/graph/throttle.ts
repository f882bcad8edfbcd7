// Pauses that Microsoft Graph asks for. Graph goes on counting what is asked of it while it throttles, so that every call
// during a pause makes the pause longer, for all who share the limit. After a 429, calls under the same limit are held
// back until it is over, and then come back a few at a time: a crowd that has waited for the same moment would be
// throttled again.
//
// Which calls share a limit is said in `x-ms-throttle-scope`, where there is one. Without it only the caller who was
// throttled is held back: limits of mailboxes and of people are the likelier ones for profiles, and of what others may
// still do nothing is known. If they may not, each of them finds out with one call; the other way round, one caller who
// asks too much would stop everybody.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { Held, Scope, ThrottleScope } from './failure.ts';

export type Use = Exclude<Held, 'all'>;

/** Whose calls share limits. */
export interface Party {
  readonly owner: string;
  /** Null where nobody but Graph knows of which tenant the token is. */
  readonly identity: { readonly tenantId: string } | null;
}

export interface Throttle {
  /**
   * Milliseconds that a call is to wait; 0 where it may be made now, and then it is counted as made.
   *
   * @param many reads in it
   */
  wait(party: Party, use: Use, many: number): number;
  /** Whether calls are held back, and nothing is let through yet. Counts nothing. */
  isPaused(party: Party, use: Use): boolean;
  /**
   * Graph has throttled a call.
   *
   * @param seconds what it asks for; undefined for nothing
   */
  throttled(party: Party, seconds: number | undefined, scope: ThrottleScope | null): void;
}

export interface ThrottleOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** A pause that Graph asks for has begun, or is longer than was known. */
  readonly closed: (scope: Scope, ms: number, held: Held) => void;
}

/** Milliseconds. Whoever answers a day has made a mistake, as often as not; after this it is seen with a few calls. */
export const LONGEST_MS = 600_000;
/** Milliseconds of the first pause when Graph asks for none in particular; doubled while it goes on, and half by chance. */
const SHORT_MS = 500;
const LONGEST_SHORT_MS = 10_000;
/** After a pause so many reads are let through at once, and twice as many with every step. */
const FIRST = 4;
const STEP_MS = 250;
/** Milliseconds of coming back, after which all is as ever. */
const RETURN_MS = 8 * STEP_MS;
const PAUSES = 10_000;
/** Milliseconds that a pause has to be longer than was told for that to be news: of many answers, each comes a little later. */
const NEWS_MS = 500;

/** A pause of reads, or of writes. */
interface Closure {
  /** In the clock's elapsed milliseconds. */
  until: number;
  /** The end that was told. */
  told: number;
  /** Calls that had to wait, each as often as it had to. */
  waiting: number;
  /** Calls that were let through since it was over. */
  passed: number;
  /** Pauses without a quiet time between them. */
  times: number;
}

/** What is known of a limit. Reads and writes have pauses of their own: those of writes may be long. */
interface Limit {
  reads: Closure | null;
  writes: Closure | null;
}

const BOTH: readonly Use[] = ['reads', 'writes'];

export function createThrottle({ clock, random, closed }: ThrottleOptions): Throttle {
  const limits = new LRUCache<string, Limit>({ max: PAUSES });
  /** When nobody is held back any more, in the clock's elapsed milliseconds. */
  let allOver = 0;

  /** Whether there is nothing to look at, as nearly always. */
  function isQuiet(now: number): boolean {
    if (limits.size > 0 && now >= allOver) limits.clear();
    return limits.size === 0;
  }

  /** Until all who waited have come back. */
  function live(closure: Closure | null | undefined, now: number): Closure | null {
    return closure !== null && closure !== undefined && now < closure.until + RETURN_MS ? closure : null;
  }

  function find(limit: string, use: Use, now: number): Closure | null {
    return live(limits.get(limit)?.[use], now);
  }

  /** Holds back calls under the limit. Returns whether that is to be told. */
  function close(name: string, ms: number, held: Held): boolean {
    const now = clock.elapsed();
    const until = now + Math.min(ms, LONGEST_MS);
    allOver = Math.max(allOver, until + RETURN_MS);
    const limit = limits.get(name) ?? { reads: null, writes: null };
    limits.set(name, limit);
    let isNews = false;
    for (const use of BOTH) {
      if (held !== 'all' && held !== use) continue;
      limit[use] = prolong(live(limit[use], now), now, until);
      isNews = isToBeTold(limit[use]) || isNews;
    }
    return isNews;
  }

  /** How often pauses of what is held have followed each other; null while there is one of all of it. */
  function timesBefore(name: string, held: Held, now: number): number | null {
    let isPaused = true;
    let times = 0;
    for (const use of BOTH) {
      if (held !== 'all' && held !== use) continue;
      const known = live(limits.peek(name)?.[use], now);
      isPaused &&= known !== null && now < known.until;
      times = Math.max(times, known?.times ?? 0);
    }
    return isPaused ? null : times;
  }

  function shortPause(times: number): number {
    return Math.min(LONGEST_SHORT_MS, SHORT_MS * 2 ** times) * (0.5 + random.fraction() / 2);
  }

  return {
    wait(party, use, many) {
      const now = clock.elapsed();
      if (isQuiet(now)) return 0;
      const found = limitsOf(party).map((limit) => find(limit, use, now));
      let wait = 0;
      for (const closure of found) {
        if (closure !== null) wait = Math.max(wait, waitFor(closure, now, many, random));
      }
      if (wait === 0) for (const closure of found) if (closure !== null) closure.passed += many;
      return wait;
    },
    isPaused(party, use) {
      const now = clock.elapsed();
      if (isQuiet(now)) return false;
      return limitsOf(party).some((limit) => (find(limit, use, now)?.until ?? 0) > now);
    },
    throttled(party, seconds, scope) {
      const where = scopeOf(scope, party);
      const name = limitOf(where, party);
      const held = scope?.held ?? 'all';
      const isAsked = seconds !== undefined && seconds > 0;
      const times = timesBefore(name, held, clock.elapsed());
      // Several answers that were under way tell of the same pause.
      if (!isAsked && times === null) return;
      const ms = isAsked ? Math.min(seconds * 1000, LONGEST_MS) : shortPause(times ?? 0);
      if (close(name, ms, held)) closed(where, ms, held);
    },
  };
}

/** The later of two ends; a pause after another one begins anew. */
function prolong(known: Closure | null, now: number, until: number): Closure {
  if (known === null) return { until, told: 0, waiting: 0, passed: 0, times: 1 };
  if (now >= known.until) {
    known.times += 1;
    known.waiting = 0;
    known.passed = 0;
    known.told = 0;
  }
  known.until = Math.max(known.until, until);
  return known;
}

function isToBeTold(closure: Closure): boolean {
  if (closure.until < closure.told + NEWS_MS) return false;
  closure.told = closure.until;
  return true;
}

/** While it is closed, the rest of the pause and, beyond the first few, a random part of the time of coming back. */
function waitFor(closure: Closure, now: number, many: number, random: Random): number {
  const since = now - closure.until;
  if (since < 0) {
    closure.waiting += many;
    return -since + random.fraction() * timeFor(closure.waiting);
  }
  if (closure.passed < FIRST * 2 ** (since / STEP_MS)) return 0;
  return Math.max(1, timeFor(closure.passed + 1) - since + random.fraction() * STEP_MS);
}

/** Milliseconds after a pause until so many reads may have been let through. */
function timeFor(reads: number): number {
  return reads <= FIRST ? 0 : Math.min(RETURN_MS, STEP_MS * Math.log2(reads / FIRST));
}

/** What the caller's calls count towards. */
function limitsOf(party: Party): readonly string[] {
  const own = limitOf('principal', party);
  return party.identity === null ? [own] : [own, limitOf('tenant', party), limitOf('application', party)];
}

function limitOf(scope: Scope, { owner, identity }: Party): string {
  if (scope === 'tenant' && identity !== null) return `tenant ${identity.tenantId}`;
  return scope === 'application' ? 'application' : `principal ${owner}`;
}

/** Upstream, all callers whose tenant is known are this gateway's own application. Of the others nothing is known. */
function scopeOf(scope: ThrottleScope | null, { identity }: Party): Scope {
  return scope === null || identity === null ? 'principal' : scope.of;
}
