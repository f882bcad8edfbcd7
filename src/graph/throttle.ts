// The pauses that Microsoft Graph asks for. Graph counts calls while it throttles, so each call during a pause prolongs it
// for all callers under the same limit. After a 429, calls under that limit wait for the end of the pause. They then return
// gradually: if all of them came back at once, Graph would throttle them again.
//
// The header `x-ms-throttle-scope` says which calls share the limit. Without it, only the throttled caller waits. Profiles
// most likely have limits per user or mailbox, and other callers may not be affected. If they are, each of them learns
// so with one call. If all callers waited, one caller with too many calls would stop everybody.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { AffectedCalls, Scope, ThrottleScope } from './failure.ts';

export type Use = Exclude<AffectedCalls, 'all'>;

/** The caller, as far as limits depend on it. */
export interface Party {
  readonly owner: string;
  /** Null when only Graph knows the tenant of the token (pass-through). */
  readonly identity: { readonly tenantId: string } | null;
}

export interface Throttle {
  /**
   * Milliseconds that a call has to wait. 0 when it may be made now; it is then counted as made.
   *
   * @param many number of reads in the call
   */
  wait(party: Party, use: Use, many: number): number;
  /** Whether a pause lasts. Does not count a call. */
  isPaused(party: Party, use: Use): boolean;
  /**
   * Starts a pause after Graph has throttled a call.
   *
   * @param seconds the pause that Graph asks for; undefined when it names none
   */
  throttled(party: Party, seconds: number | undefined, scope: ThrottleScope | null): void;
}

export interface ThrottleOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Called when a pause begins or is prolonged. */
  readonly closed: (scope: Scope, ms: number, affects: AffectedCalls) => void;
}

/** Longest pause in milliseconds. A longer `Retry-After` is probably a mistake; after this time a few calls find out. */
export const LONGEST_MS = 600_000;
/** First pause in milliseconds when Graph names none. It doubles with each further one. Half of it is random. */
const SHORT_MS = 500;
const LONGEST_SHORT_MS = 10_000;
/** Reads admitted right after a pause. The number doubles with each step. */
const FIRST = 4;
const STEP_MS = 250;
/** Milliseconds after a pause until all reads are admitted again. */
const RETURN_MS = 8 * STEP_MS;
const PAUSES = 10_000;
/** A pause is reported again when it grows by this many milliseconds. Responses in flight each prolong it a little. */
const REPORT_STEP_MS = 500;

/** A pause of reads, or of writes. */
interface Closure {
  /** In the clock's elapsed milliseconds. */
  until: number;
  /** The end that was last reported. */
  reported: number;
  /** Number of waits, counting a call each time it waits. */
  waiting: number;
  /** Calls admitted since the end of the pause. */
  passed: number;
  /** Number of pauses in a row. */
  times: number;
}

/** The pauses under one limit. Reads and writes have separate pauses, since those of writes can be long. */
interface Limit {
  reads: Closure | null;
  writes: Closure | null;
}

const BOTH: readonly Use[] = ['reads', 'writes'];

export function createThrottle({ clock, random, closed }: ThrottleOptions): Throttle {
  const limits = new LRUCache<string, Limit>({ max: PAUSES });
  /** When no caller has to wait any more, in the clock's elapsed milliseconds. */
  let allOver = 0;

  /** Whether there are no pauses, which is the usual case. */
  function isQuiet(now: number): boolean {
    if (limits.size > 0 && now >= allOver) limits.clear();
    return limits.size === 0;
  }

  /** The closure, until all waiting calls have returned. */
  function live(closure: Closure | null | undefined, now: number): Closure | null {
    return closure !== null && closure !== undefined && now < closure.until + RETURN_MS ? closure : null;
  }

  function find(limit: string, use: Use, now: number): Closure | null {
    return live(limits.get(limit)?.[use], now);
  }

  /** Starts or prolongs a pause under a limit. @returns whether to report it */
  function close(name: string, ms: number, affects: AffectedCalls): boolean {
    const now = clock.elapsed();
    const until = now + Math.min(ms, LONGEST_MS);
    allOver = Math.max(allOver, until + RETURN_MS);
    const limit = limits.get(name) ?? { reads: null, writes: null };
    limits.set(name, limit);
    let isReported = false;
    for (const use of BOTH) {
      if (affects !== 'all' && affects !== use) continue;
      limit[use] = prolong(live(limit[use], now), now, until);
      isReported = shouldReport(limit[use]) || isReported;
    }
    return isReported;
  }

  /** The number of pauses in a row of the affected calls. Null while all of them are paused. */
  function timesBefore(name: string, affects: AffectedCalls, now: number): number | null {
    let isPaused = true;
    let times = 0;
    for (const use of BOTH) {
      if (affects !== 'all' && affects !== use) continue;
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
      const affects = scope?.affects ?? 'all';
      const isAsked = seconds !== undefined && seconds > 0;
      const times = timesBefore(name, affects, clock.elapsed());
      // Several responses in flight announce the same pause.
      if (!isAsked && times === null) return;
      const ms = isAsked ? Math.min(seconds * 1000, LONGEST_MS) : shortPause(times ?? 0);
      if (close(name, ms, affects)) closed(where, ms, affects);
    },
  };
}

/** Prolongs a pause. After the end of the last pause, starts a new one. */
function prolong(known: Closure | null, now: number, until: number): Closure {
  if (known === null) return { until, reported: 0, waiting: 0, passed: 0, times: 1 };
  if (now >= known.until) {
    known.times += 1;
    known.waiting = 0;
    known.passed = 0;
    known.reported = 0;
  }
  known.until = Math.max(known.until, until);
  return known;
}

function shouldReport(closure: Closure): boolean {
  if (closure.until < closure.reported + REPORT_STEP_MS) return false;
  closure.reported = closure.until;
  return true;
}

/** During a pause: the rest of it, plus a random delay after the first few calls. */
function waitFor(closure: Closure, now: number, many: number, random: Random): number {
  const since = now - closure.until;
  if (since < 0) {
    closure.waiting += many;
    return -since + random.fraction() * timeFor(closure.waiting);
  }
  if (closure.passed < FIRST * 2 ** (since / STEP_MS)) return 0;
  return Math.max(1, timeFor(closure.passed + 1) - since + random.fraction() * STEP_MS);
}

/** Milliseconds after a pause until this many reads are admitted. */
function timeFor(reads: number): number {
  return reads <= FIRST ? 0 : Math.min(RETURN_MS, STEP_MS * Math.log2(reads / FIRST));
}

/** The limits that the caller's calls count towards. */
function limitsOf(party: Party): readonly string[] {
  const own = limitOf('principal', party);
  return party.identity === null ? [own] : [own, limitOf('tenant', party), limitOf('application', party)];
}

function limitOf(scope: Scope, { owner, identity }: Party): string {
  if (scope === 'tenant' && identity !== null) return `tenant ${identity.tenantId}`;
  return scope === 'application' ? 'application' : `principal ${owner}`;
}

/** Callers with a known tenant use the gateway's own application registration. The application of the others is unknown. */
function scopeOf(scope: ThrottleScope | null, { identity }: Party): Scope {
  return scope === null || identity === null ? 'principal' : scope.of;
}
