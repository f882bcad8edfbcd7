// Who is let in among those who come: the rate of each caller, the places that there are, and those who are refused
// again and again. It sees requests to the GraphQL endpoint only: pages, preflights and probes do not pass here.
//
// Callers are counted by principal. Those who are refused have none that is worth anything, since they can make up a new
// token for every request; they are counted by where they come from. The gateway cannot tell a bad token from a good one
// where tokens are for Microsoft Graph alone (pass-through). There, too many refusals from an address keep new tokens
// from there waiting, and those with which Graph has answered are still let in, so that nobody is locked out by a
// neighbour.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/errors.ts';
import type { EventLoop } from '../base/event-loop.ts';
import { createOverload, type Overload } from './overload.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

export interface LoadLimits {
  /** Requests of one principal in a minute; 0 for no limit. */
  readonly requestsPerMinute: number;
  readonly inFlight: number;
  /** 0 for no limit. */
  readonly eventLoopDelayMs: number;
}

export interface DoorOptions extends LoadLimits {
  readonly clock: Clock;
  readonly eventLoop: EventLoop;
}

/** A caller, as far as the door needs to know. */
export interface Visitor {
  readonly owner: string;
  /** Null where nobody has checked who it is. */
  readonly identity: object | null;
}

export interface Door {
  /** Why nobody is let in now; null when that is not so. */
  overload(): string | null;
  /**
   * @param address where the request comes from
   * @throws GatewayError of OVERLOADED
   */
  arrive(address: string): Visit;
  /**
   * Resolves when somebody can be told to slow down: not at once, since whoever asks again at once would have the others
   * wait for one refusal after the other. They hold no place meanwhile.
   */
  holdBack(): Promise<void>;
}

/** One request, from when it came until it is gone. Whoever arrived has to leave. */
export interface Visit {
  /** Throws a GatewayError of THROTTLED or OVERLOADED. */
  admit(visitor: Visitor): void;
  /** What somebody who is not let in is told: that, or after too many times to wait. */
  refusal(error: GatewayError): GatewayError;
  /**
   * @param refused whether the token was found to be no good, by the gateway or by Microsoft Graph
   * @param upstream requests to Microsoft Graph that were made with it
   */
  leave(refused: boolean, upstream: number): void;
}

/** Callers that are remembered. */
const PRINCIPALS = 100_000;
const ADDRESSES = 20_000;
/** Milliseconds before somebody is told to slow down. */
const HOLD_BACK_MS = 100;
/** Who wait for that at a time; more are told at once. */
const MOST_HELD_BACK = 1_000;

export function createDoor(options: DoorOptions): Door {
  const { requestsPerMinute, clock } = options;
  const overload = createOverload(options);
  const house: House = {
    clock,
    overload,
    rate: createRateLimit(requestsPerMinute, PRINCIPALS),
    refusals: createRateLimit(refusalsPerMinute(requestsPerMinute), ADDRESSES),
    proven: new LRUCache({ max: PRINCIPALS }),
  };
  let heldBack = 0;
  return {
    overload: () => overload.reason(),
    arrive(address) {
      overload.arrive();
      return new OneVisit(house, address);
    },
    async holdBack() {
      if (heldBack >= MOST_HELD_BACK) return;
      heldBack += 1;
      await clock.sleep(HOLD_BACK_MS);
      heldBack -= 1;
    },
  };
}

/** A tenth of what a caller may ask, and ten at least: a few browsers whose tokens have just run out. */
function refusalsPerMinute(requestsPerMinute: number): number {
  return requestsPerMinute === 0 ? 0 : Math.max(10, Math.ceil(requestsPerMinute / 10));
}

interface House {
  readonly clock: Clock;
  readonly overload: Overload;
  /** By principal. */
  readonly rate: RateLimit;
  /** By address. */
  readonly refusals: RateLimit;
  /** Principals that nobody has checked here and to whom Microsoft Graph has answered. */
  readonly proven: LRUCache<string, true>;
}

class OneVisit implements Visit {
  readonly #house: House;
  readonly #address: string;
  #visitor: Visitor | null = null;
  #claimed = false;

  constructor(house: House, address: string) {
    this.#house = house;
    this.#address = address;
  }

  admit(visitor: Visitor): void {
    const { clock, rate, proven, overload } = this.#house;
    this.#visitor = visitor;
    const known = visitor.identity !== null || proven.has(visitor.owner);
    const wait = (known ? 0 : this.#penalty()) || rate.take(visitor.owner, clock.elapsed());
    if (wait > 0) throw slowDown(wait);
    overload.claim(visitor.owner);
    this.#claimed = true;
  }

  refusal(error: GatewayError): GatewayError {
    if (error.code !== 'UNAUTHENTICATED' && error.code !== 'FORBIDDEN') return error;
    const wait = this.#penalty();
    return wait > 0 ? slowDown(wait) : error;
  }

  leave(refused: boolean, upstream: number): void {
    const { clock, overload, refusals, proven } = this.#house;
    const owner = this.#visitor?.owner ?? null;
    overload.leave(this.#claimed ? owner : null);
    if (refused) refusals.take(addressKey(this.#address), clock.elapsed());
    if (owner === null || this.#visitor?.identity !== null) return;
    if (refused) proven.delete(owner);
    else if (upstream > 0) proven.set(owner, true);
  }

  /** Milliseconds that those whom nobody knows have to wait at this address. */
  #penalty(): number {
    const { refusals, clock } = this.#house;
    return refusals.wait(addressKey(this.#address), clock.elapsed());
  }
}

function slowDown(wait: number): GatewayError {
  const retryAfterSeconds = Math.ceil(wait / 1000);
  const message = 'Too many requests in a short time. Wait retryAfterSeconds, then try again.';
  return new GatewayError('THROTTLED', message, { retryable: true, retryAfterSeconds });
}

/** IPv4 as it is; of IPv6 the first 64 bits, since whoever has one such address has all that begin alike. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  if (address.includes('.')) return address.slice(address.lastIndexOf(':') + 1);
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? 0 : tail.split(':').length;
  const missing = tail === undefined ? 0 : 8 - groups.length - rest;
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')];
  return `${all.slice(0, 4).join(':')}::/64`;
}
