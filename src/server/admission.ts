// Who is let in among those who come: the rate of each caller, the places that there are, and those who are refused
// again and again. It sees requests to the GraphQL endpoint only: pages, preflights and probes do not pass here.
//
// Callers are counted by principal. A caller whose token is refused has no principal that counts, since it can make up a
// new token for every request; it is counted by its address. With AUTH_MODE=entra the gateway checks tokens itself, and
// counts the refusals. With pass-through only Microsoft Graph can tell a good token from a bad one. There a token is
// unproven until Graph has given it an answer that a bad token would not get. Each request with an unproven token takes
// one from the allowance of its address before its body is read, and gets it back when the token turns out to be good.
// So it counts however it ends: with an error, a timeout, a hang-up, or without a question to Graph. Proven tokens never
// count, so a neighbour cannot lock anybody out.
import { LRUCache } from 'lru-cache';
import type { TokenVerdict } from '../graphql/context.ts';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { EventLoop } from '../runtime/event-loop.ts';
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
   * Charges a request with an unproven token to its address.
   *
   * @param owner of the token, which nobody has checked; null for a request without a token
   * @returns null when the token is proven, and nothing is charged
   * @throws GatewayError of THROTTLED when the address has no allowance left
   */
  charge(address: string, owner: string | null): Charge | null;
  /**
   * @param address where the request comes from
   * @param charge of the request; null or absent for none
   * @throws GatewayError of OVERLOADED
   */
  arrive(address: string, charge?: Charge | null): Visit;
  /**
   * Resolves when somebody can be told to slow down: not at once, since whoever asks again at once would have the others
   * wait for one refusal after the other. They hold no place meanwhile.
   */
  holdBack(): Promise<void>;
}

/** What a request with an unproven token has taken from the allowance of its address. Whoever drops it has paid. */
export interface Charge {
  refund(): void;
}

/** One request, from when it came until it is gone. Whoever arrived has to leave. */
export interface Visit {
  /** Throws a GatewayError of THROTTLED or OVERLOADED. */
  admit(visitor: Visitor): void;
  /** What somebody who is not let in is told: that, or after too many times to wait. */
  refusal(error: GatewayError): GatewayError;
  leave(verdict: TokenVerdict): void;
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
    addresses: createRateLimit(addressAllowance(requestsPerMinute), ADDRESSES),
    proven: new LRUCache({ max: PRINCIPALS }),
  };
  let heldBack = 0;
  return {
    overload: () => overload.reason(),
    charge: (address, owner) => charge(house, address, owner),
    arrive(address, charge = null) {
      try {
        overload.arrive();
      } catch (error) {
        // The gateway does not do this for any token, so it says nothing of this one.
        charge?.refund();
        throw error;
      }
      return new OneVisit(house, address, charge);
    },
    async holdBack() {
      if (heldBack >= MOST_HELD_BACK) return;
      heldBack += 1;
      await clock.sleep(HOLD_BACK_MS);
      heldBack -= 1;
    },
  };
}

/**
 * Refused and unproven requests of one address in a minute, which it can also have under way at a time: a tenth of what a
 * caller may ask, and ten at least. By default that is 300, and 5 more a second. Good tokens hold one for as long as Graph
 * takes to answer, some 0.3 s. So 200 people behind one address, whose browsers each open with 6 queries under a new
 * token, need 300 only if all of them do so within the same 1.2 seconds.
 */
function addressAllowance(requestsPerMinute: number): number {
  return requestsPerMinute === 0 ? 0 : Math.max(10, Math.ceil(requestsPerMinute / 10));
}

interface House {
  readonly clock: Clock;
  readonly overload: Overload;
  /** By principal. */
  readonly rate: RateLimit;
  /** Of requests whose token is refused or unproven, by address. */
  readonly addresses: RateLimit;
  /** Owners of tokens that only Microsoft Graph can check, and has accepted. */
  readonly proven: LRUCache<string, true>;
}

function charge({ clock, addresses, proven }: House, address: string, owner: string | null): Charge | null {
  if (owner !== null && proven.has(owner)) return null;
  const key = addressKey(address);
  const wait = addresses.take(key, clock.elapsed());
  if (wait > 0) throw slowDown(wait);
  return { refund: () => addresses.giveBack(key, clock.elapsed()) };
}

class OneVisit implements Visit {
  readonly #house: House;
  readonly #address: string;
  readonly #charge: Charge | null;
  #visitor: Visitor | null = null;
  #claimed = false;

  constructor(house: House, address: string, charge: Charge | null) {
    this.#house = house;
    this.#address = address;
    this.#charge = charge;
  }

  admit(visitor: Visitor): void {
    const { clock, rate, overload } = this.#house;
    this.#visitor = visitor;
    const wait = rate.take(visitor.owner, clock.elapsed());
    if (wait > 0) throw slowDown(wait);
    overload.claim(visitor.owner);
    this.#claimed = true;
  }

  refusal(error: GatewayError): GatewayError {
    if (error.code !== 'UNAUTHENTICATED' && error.code !== 'FORBIDDEN') return error;
    if (this.#charge !== null) return error;
    const { addresses, clock } = this.#house;
    const wait = addresses.wait(addressKey(this.#address), clock.elapsed());
    return wait > 0 ? slowDown(wait) : error;
  }

  leave(verdict: TokenVerdict): void {
    const owner = this.#visitor?.owner ?? null;
    this.#house.overload.leave(this.#claimed ? owner : null);
    if (owner !== null && this.#visitor?.identity === null) this.#leaveUnchecked(owner, verdict);
    else if (verdict === 'refused' && this.#charge === null) this.#countRefusal();
  }

  /** A proven token that Graph refuses has run out. It was no guess and is not counted, but it is unproven from now on. */
  #leaveUnchecked(owner: string, verdict: TokenVerdict): void {
    const { proven } = this.#house;
    if (verdict === 'refused') proven.delete(owner);
    else if (verdict === 'accepted') proven.set(owner, true);
    // It may also have been proven by another request meanwhile.
    if (proven.has(owner)) this.#charge?.refund();
  }

  #countRefusal(): void {
    const { addresses, clock } = this.#house;
    addresses.take(addressKey(this.#address), clock.elapsed());
  }
}

function slowDown(wait: number): GatewayError {
  const retryAfterSeconds = Math.ceil(wait / 1000);
  const message = 'Too many requests in a short time. Wait retryAfterSeconds, then try again.';
  return new GatewayError('THROTTLED', message, { retryable: true, retryAfterSeconds });
}

/**
 * IPv4 as it is; of IPv6 the first 64 bits, since whoever has one such address has all that begin alike. Without the port
 * that some proxies write (Azure Application Gateway: `203.0.113.6:40000`), which is another for each connection.
 */
export function addressKey(written: string): string {
  const address = /^\[([^\]]*)\](?::\d+)?$/.exec(written)?.[1] ?? written.replace(/^([\d.]+):\d+$/, '$1');
  if (!address.includes(':')) return address;
  if (address.includes('.')) return address.slice(address.lastIndexOf(':') + 1);
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? 0 : tail.split(':').length;
  const missing = tail === undefined ? 0 : 8 - groups.length - rest;
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')];
  return `${all.slice(0, 4).join(':')}::/64`;
}
