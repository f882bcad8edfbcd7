// What stands between this gateway and Microsoft Graph in trouble: the pauses that Graph asks for, and the breaker that
// leaves it alone when it fails. Whoever is about to call asks `hold`; the client tells what came of every call.
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { type Breaker, type BreakerState, createBreaker, type Verdict } from './circuit-breaker.ts';
import { GraphFailure, type Scope } from './failure.ts';
import { type HeldBack, paused } from './rejected.ts';
import { createThrottle, type Party, type Throttle, type Use } from './throttle.ts';

export interface Guard {
  /** Why a call is not to be made now; null where it may be, which is then to be done. @param many reads in it */
  hold(party: Party, use: Use, many: number): HeldBack | null;
  readonly breaker: Breaker;
  readonly throttle: Throttle;
  /** Looks whether a failure, of a call or of one in a batch, asks for a pause. */
  noteFailure(party: Party, failure: GraphFailure): void;
  readonly figures: GuardFigures;
}

/** For those who watch. */
export interface GuardFigures {
  readonly breaker: BreakerState;
  /** Calls that the open circuit breaker rejected. */
  readonly rejected: number;
  /** Calls that were delayed or rejected during a throttling pause. */
  readonly throttled: number;
  /** Pauses that this process was told, by how far they reach. */
  readonly pauses: Readonly<Record<Scope, number>>;
}

export interface GuardOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export function createGuard({ clock, random, logger }: GuardOptions): Guard {
  const breaker = createBreaker({ clock, changed: (...change) => report(logger, ...change) });
  const figures = {
    get breaker() {
      return breaker.state;
    },
    rejected: 0,
    throttled: 0,
    pauses: { principal: 0, tenant: 0, application: 0 },
  };
  const throttle = createThrottle({
    clock,
    random,
    closed(scope, ms, held) {
      figures.pauses[scope] += 1;
      const fields = { scope, held, ms: Math.round(ms) };
      // One caller's pause is that caller's own, and there may be thousands.
      if (scope === 'principal') logger.debug(fields, 'Microsoft Graph throttles a caller');
      else logger.warn(fields, 'Microsoft Graph throttles');
    },
  });
  return {
    breaker,
    throttle,
    figures,
    hold(party, use, many) {
      const refusal = breaker.refusal();
      if (refusal !== null) {
        figures.rejected += 1;
        return refusal;
      }
      const wait = throttle.wait(party, use, many);
      if (wait === 0) return null;
      figures.throttled += 1;
      return paused(wait);
    },
    noteFailure(party, { kind, retryAfterSeconds, scope }) {
      const asks = kind === 'throttled' || (kind === 'unavailable' && retryAfterSeconds !== undefined);
      if (asks) throttle.throttled(party, retryAfterSeconds, scope);
    },
  };
}

/** What a call that failed says of the upstream. A caller who left says nothing, and neither does a fault of this program. */
export function verdictOf(error: unknown, hasLeft: boolean): Verdict {
  if (hasLeft || !(error instanceof GraphFailure)) return 'none';
  switch (error.kind) {
    case 'never-sent':
    case 'lost':
    case 'timeout':
    case 'unavailable':
      return 'failed';
    default:
      return 'answered';
  }
}

/** One line for each outage, and one for its end; not one for each look in between. */
function report(logger: Logger, state: BreakerState, failed: number, calls: number): void {
  if (state === 'open' && calls > 0)
    logger.error({ failed, calls }, 'Microsoft Graph fails and is left alone');
  if (state === 'closed') logger.info({}, 'Microsoft Graph answers again');
}
