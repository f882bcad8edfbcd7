// Admission: decides which requests to the GraphQL endpoint run. It applies the rate limit of each caller, the request
// slots, and the limit on rejected tokens of each address. Explorer pages, CORS preflights and health checks bypass it.
//
// The rate limit counts requests by principal. A rejected token has no principal, because an attacker can make up a new
// token for every request. Such requests are counted by address.
// - With AUTH_MODE=entra the gateway validates tokens itself and counts the tokens that it rejects.
// - With AUTH_MODE=pass-through only Microsoft Graph can validate a token. A token is unverified until Graph accepts it.
//   Each request with an unverified token is charged to its address before its body is read. The charge is refunded when
//   Graph accepts the token, so it stays after an error, a timeout, a disconnect, or a request that never reaches Graph.
//   Requests with verified tokens are not charged, so other clients at the same address cannot lock them out.
import { LRUCache } from 'lru-cache';
import type { TokenVerdict } from '../graphql/context.ts';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { EventLoop } from '../runtime/event-loop.ts';
import { createOverload, type Overload } from './overload.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

export interface LoadLimits {
  /** Requests of one principal in a minute. 0 means no limit. */
  readonly requestsPerMinute: number;
  readonly inFlight: number;
  /** 0 means no limit. */
  readonly eventLoopDelayMs: number;
}

export interface AdmissionOptions extends LoadLimits {
  readonly clock: Clock;
  readonly eventLoop: EventLoop;
}

/** The part of a caller that admission needs. */
export interface AdmissionCaller {
  readonly owner: string;
  /** Null when the gateway does not validate tokens. */
  readonly identity: object | null;
}

export interface Admission {
  /** Why no request is admitted now. Null when requests are admitted. */
  overload(): string | null;
  /**
   * Charges a request with an unverified token to its address.
   *
   * @param owner the owner of the token, which nobody has verified. Null for a request without a token
   * @returns null when the token is verified: nothing is charged
   * @throws GatewayError with code THROTTLED when the allowance of the address is used up
   */
  charge(address: string, owner: string | null): Charge | null;
  /**
   * Takes a slot for a request. The caller of this function must release it.
   *
   * @param address the client's address
   * @param charge what the request was charged. Null or absent when it was not charged
   * @throws GatewayError with code OVERLOADED
   */
  acquire(address: string, charge?: Charge | null): RequestSlot;
  /**
   * Resolves when a THROTTLED response may be sent. The delay keeps a client that repeats at once from occupying the event
   * loop with rejections. A delayed request holds no slot.
   */
  delayRejection(): Promise<void>;
}

/** What a request with an unverified token has taken from the allowance of its address. Without a refund it stays spent. */
export interface Charge {
  refund(): void;
}

/** The slot of one request, held until `release`. */
export interface RequestSlot {
  /**
   * Assigns the slot to its caller.
   *
   * @throws GatewayError with code THROTTLED or OVERLOADED
   */
  admit(caller: AdmissionCaller): void;
  /** The error to send for a request that failed authentication: `error`, or THROTTLED after too many of them. */
  errorFor(error: GatewayError): GatewayError;
  release(verdict: TokenVerdict): void;
}

/** Principals that the rate limit remembers. */
const PRINCIPALS = 100_000;
/** Addresses that the rate limit remembers. */
const ADDRESSES = 20_000;
/** Milliseconds between a rejection and its response. */
const REJECTION_DELAY_MS = 100;
/** Rejections that are delayed at the same time. More are sent at once. */
const MAX_DELAYED_REJECTIONS = 1_000;

export function createAdmission(options: AdmissionOptions): Admission {
  const { requestsPerMinute, clock } = options;
  const overload = createOverload(options);
  const state: AdmissionState = {
    clock,
    overload,
    rate: createRateLimit(requestsPerMinute, PRINCIPALS),
    addresses: createRateLimit(addressAllowance(requestsPerMinute), ADDRESSES),
    verified: new LRUCache({ max: PRINCIPALS }),
  };
  let delayed = 0;
  return {
    overload: () => overload.reason(),
    charge: (address, owner) => charge(state, address, owner),
    acquire(address, charge = null) {
      try {
        overload.acquire();
      } catch (error) {
        // The overload has nothing to do with the token.
        charge?.refund();
        throw error;
      }
      return new Slot(state, address, charge);
    },
    async delayRejection() {
      if (delayed >= MAX_DELAYED_REJECTIONS) return;
      delayed += 1;
      await clock.sleep(REJECTION_DELAY_MS);
      delayed -= 1;
    },
  };
}

/**
 * Requests with rejected or unverified tokens that one address may send in a minute: a tenth of the rate limit of a
 * principal, and at least 10. With the default rate limit that is 300, refilled at 5 a second.
 *
 * A request with a valid new token holds its charge until Graph answers, some 0.3 s. Suppose 200 users share one address
 * and each browser opens with 6 queries under a new token. They reach 300 only if all of them start within 1.2 seconds.
 */
function addressAllowance(requestsPerMinute: number): number {
  return requestsPerMinute === 0 ? 0 : Math.max(10, Math.ceil(requestsPerMinute / 10));
}

interface AdmissionState {
  readonly clock: Clock;
  readonly overload: Overload;
  /** By principal. */
  readonly rate: RateLimit;
  /** By address: requests whose token is rejected or unverified. */
  readonly addresses: RateLimit;
  /** Owners of tokens that Microsoft Graph has accepted. Empty when the gateway validates tokens itself. */
  readonly verified: LRUCache<string, true>;
}

function charge(
  { clock, addresses, verified }: AdmissionState,
  address: string,
  owner: string | null,
): Charge | null {
  if (owner !== null && verified.has(owner)) return null;
  const key = addressKey(address);
  const wait = addresses.take(key, clock.elapsed());
  if (wait > 0) throw throttled(wait);
  return { refund: () => addresses.refund(key, clock.elapsed()) };
}

class Slot implements RequestSlot {
  readonly #state: AdmissionState;
  readonly #address: string;
  readonly #charge: Charge | null;
  #caller: AdmissionCaller | null = null;
  #isAssigned = false;

  constructor(state: AdmissionState, address: string, charge: Charge | null) {
    this.#state = state;
    this.#address = address;
    this.#charge = charge;
  }

  admit(caller: AdmissionCaller): void {
    const { clock, rate, overload } = this.#state;
    this.#caller = caller;
    const wait = rate.take(caller.owner, clock.elapsed());
    if (wait > 0) throw throttled(wait);
    overload.assign(caller.owner);
    this.#isAssigned = true;
  }

  errorFor(error: GatewayError): GatewayError {
    if (error.code !== 'UNAUTHENTICATED' && error.code !== 'FORBIDDEN') return error;
    if (this.#charge !== null) return error;
    const { addresses, clock } = this.#state;
    const wait = addresses.wait(addressKey(this.#address), clock.elapsed());
    return wait > 0 ? throttled(wait) : error;
  }

  release(verdict: TokenVerdict): void {
    const owner = this.#caller?.owner ?? null;
    this.#state.overload.release(this.#isAssigned ? owner : null);
    if (owner !== null && this.#caller?.identity === null) this.#settleCharge(owner, verdict);
    else if (verdict === 'refused' && this.#charge === null) this.#countRejectedToken();
  }

  /**
   * Updates what is known of a token that only Graph can validate. A verified token that Graph rejects has expired: it
   * was no guess, so it is not counted, but it is unverified from now on.
   */
  #settleCharge(owner: string, verdict: TokenVerdict): void {
    const { verified } = this.#state;
    if (verdict === 'refused') verified.delete(owner);
    else if (verdict === 'accepted') verified.set(owner, true);
    // Another request may have verified the token in the meantime.
    if (verified.has(owner)) this.#charge?.refund();
  }

  #countRejectedToken(): void {
    const { addresses, clock } = this.#state;
    addresses.take(addressKey(this.#address), clock.elapsed());
  }
}

function throttled(wait: number): GatewayError {
  const retryAfterSeconds = Math.ceil(wait / 1000);
  const message = 'Too many requests in a short time. Wait retryAfterSeconds, then try again.';
  return new GatewayError('THROTTLED', message, { retryable: true, retryAfterSeconds });
}

/**
 * The key under which an address is counted. It is the whole of an IPv4 address, and the first 64 bits of an IPv6 address,
 * because one subscriber usually has all addresses of a /64. Some proxies append the port of the connection, for example
 * Azure Application Gateway (`203.0.113.6:40000`). The port is removed.
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
