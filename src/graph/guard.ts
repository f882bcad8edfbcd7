// Protects Microsoft Graph: combines the pauses that Graph asks for with the circuit breaker. Callers ask `check` before a
// call. The client reports the outcome of each call.
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { type Breaker, type BreakerState, createBreaker, type Verdict } from './circuit-breaker.ts';
import { GraphFailure, type Scope } from './failure.ts';
import { type CallRejected, paused } from './rejected.ts';
import { createThrottle, type Party, type Throttle, type Use } from './throttle.ts';

export interface Guard {
  /**
   * The error for a call that must not be made now. Null when the call may be made; it is then counted as made.
   *
   * @param many number of reads in the call
   */
  check(party: Party, use: Use, many: number): CallRejected | null;
  readonly breaker: Breaker;
  readonly throttle: Throttle;
  /** Starts a pause when the failure of a call, or of an item in a batch, asks for one. */
  noteFailure(party: Party, failure: GraphFailure): void;
  readonly figures: GuardFigures;
}

/** The values behind the metrics. */
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
    closed(scope, ms, affects) {
      figures.pauses[scope] += 1;
      const fields = { scope, affects, ms: Math.round(ms) };
      // A pause of one caller affects nobody else, and there can be thousands.
      if (scope === 'principal') logger.debug(fields, 'Microsoft Graph throttles a caller');
      else logger.warn(fields, 'Microsoft Graph throttles');
    },
  });
  return {
    breaker,
    throttle,
    figures,
    check(party, use, many) {
      const rejection = breaker.rejection();
      if (rejection !== null) {
        figures.rejected += 1;
        return rejection;
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

/** What a failed call shows about Graph. A call that the caller abandoned shows nothing, nor does an error of this program. */
export function verdictOf(error: unknown, hasLeft: boolean): Verdict {
  if (hasLeft || !(error instanceof GraphFailure)) return 'none';
  switch (error.kind) {
    case 'never-sent':
    case 'lost':
    case 'timeout':
    case 'unavailable':
      return 'failed';
    default:
      return 'responded';
  }
}

/** Logs the start and the end of an outage, and not the probes in between. */
function report(logger: Logger, state: BreakerState, failed: number, calls: number): void {
  if (state === 'open' && calls > 0)
    logger.error({ failed, calls }, 'Microsoft Graph is failing, the circuit is open');
  if (state === 'closed') logger.info({}, 'Microsoft Graph responds again, the circuit is closed');
}
