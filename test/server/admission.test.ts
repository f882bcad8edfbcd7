// Admission: rejected and unverified tokens are counted by address. With pass-through, a token is unverified until Microsoft
// Graph has accepted it.
import { describe, expect, it } from 'vitest';
import type { TokenVerdict } from '../../src/graphql/context.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import { idleEventLoop } from '../../src/runtime/event-loop.ts';
import { addressKey, createAdmission } from '../../src/server/admission.ts';
import { manualClock } from '../support/emulator.ts';

const HERE = '192.0.2.1';
const THERE = '192.0.2.2';
const CHECKED = { tenantId: 't' };

/** Allows ten requests a minute of a caller, and ten rejected tokens from an address. */
function start(requestsPerMinute = 10) {
  const clock = manualClock();
  const admission = createAdmission({
    requestsPerMinute,
    inFlight: requestsPerMinute > 100 ? 2_000 : 100,
    eventLoopDelayMs: 0,
    clock,
    eventLoop: idleEventLoop,
  });
  /** Begins a request with an unverified token. Returns a function that ends it. */
  const begin = (owner: string, address = HERE): ((verdict: TokenVerdict) => void) => {
    const slot = admission.acquire(address, admission.charge(address, owner));
    try {
      slot.admit({ owner, identity: null });
    } catch (error) {
      slot.release('unknown');
      throw error;
    }
    return (verdict) => slot.release(verdict);
  };
  /** A request with an unverified token. `good` says whether Microsoft Graph accepts the token. */
  const unverified = (owner: string, good: boolean, address = HERE): string => {
    try {
      begin(owner, address)(good ? 'accepted' : 'refused');
      return good ? 'answered' : 'refused';
    } catch (error) {
      return codeOf(error);
    }
  };
  /** A request with a token that the gateway has validated. */
  const validated = (owner: string, verdict: TokenVerdict): void => {
    const slot = admission.acquire(HERE);
    slot.admit({ owner, identity: CHECKED });
    slot.release(verdict);
  };
  /** A request with a token that the gateway rejects. */
  const rejected = (address = HERE): string => {
    const slot = admission.acquire(address);
    const told = slot.errorFor(new GatewayError('UNAUTHENTICATED', 'no'));
    slot.release(told.code === 'UNAUTHENTICATED' ? 'refused' : 'unknown');
    return told.code;
  };
  return { clock, admission, begin, unverified, validated, rejected };
}

function codeOf(error: unknown): string {
  return error instanceof GatewayError ? error.code : String(error);
}

function counts(outcomes: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const outcome of outcomes) counted[outcome] = (counted[outcome] ?? 0) + 1;
  return counted;
}

describe('requests with rejected tokens', () => {
  it.each([
    ['IPv4', (port: number) => `203.0.113.6:${port}`],
    ['IPv6', (port: number) => `[2001:db8::6]:${port}`],
  ])('are counted by address without the port that a proxy appends: %s', (_kind, address) => {
    const { rejected } = start();
    const told = Array.from({ length: 100 }, (_, at) => rejected(address(40_000 + at)));
    expect(counts(told)).toEqual({ UNAUTHENTICATED: 10, THROTTLED: 90 });
  });

  it('are throttled when the allowance of their address is used up', () => {
    const { clock, rejected } = start();
    expect(counts(Array.from({ length: 100 }, () => rejected()))).toEqual({
      UNAUTHENTICATED: 10,
      THROTTLED: 90,
    });
    expect(rejected(THERE)).toBe('UNAUTHENTICATED');
    clock.advance(6_000);
    expect([rejected(), rejected()]).toEqual(['UNAUTHENTICATED', 'THROTTLED']);
  });

  it('do not affect requests with valid tokens from the same address', () => {
    const { validated, rejected } = start();
    for (let at = 0; at < 100; at += 1) rejected();
    expect(() => validated('known', 'accepted')).not.toThrow();
  });
});

describe('tokens that only Microsoft Graph can validate', () => {
  it('are throttled when too many from their address were rejected', () => {
    const { unverified } = start();
    const outcomes = Array.from({ length: 1_000 }, (_, at) => unverified(`made up ${at}`, false));
    expect(counts(outcomes)).toEqual({ refused: 10, THROTTLED: 990 });
    expect(unverified('somebody', true, THERE)).toBe('answered');
  });

  it('are admitted once Graph has accepted them, whatever others at the address send', () => {
    const { unverified } = start();
    unverified('good', true);
    for (let at = 0; at < 1_000; at += 1) unverified(`made up ${at}`, false);
    expect([unverified('good', true), unverified('new', true)]).toEqual(['answered', 'THROTTLED']);
  });

  it('are unverified again once Graph has rejected them', () => {
    const { unverified } = start();
    unverified('good', true);
    unverified('good', false);
    for (let at = 0; at < 1_000; at += 1) unverified(`made up ${at}`, false);
    expect(unverified('good', true)).toBe('THROTTLED');
  });

  it('are not throttled without a limit', () => {
    const { unverified } = start(0);
    const outcomes = Array.from({ length: 1_000 }, (_, at) => unverified(`made up ${at}`, false));
    expect(counts(outcomes)).toEqual({ refused: 1_000 });
  });
});

describe('a request with an unverified token counts', () => {
  it.each<TokenVerdict>(['refused', 'unknown'])('when the token ends as %s', (verdict) => {
    const { begin, unverified } = start();
    for (let at = 0; at < 10; at += 1) begin(`made up ${at}`)(verdict);
    expect(unverified('new', true)).toBe('THROTTLED');
  });

  it('while it is in flight, so that parallel requests cannot exceed the allowance', () => {
    const { begin, unverified } = start();
    for (let at = 0; at < 10; at += 1) begin(`made up ${at}`);
    expect(unverified('new', true)).toBe('THROTTLED');
  });

  it('when only its headers arrive', () => {
    const { admission, unverified } = start();
    for (let at = 0; at < 10; at += 1) admission.charge(HERE, `made up ${at}`);
    expect([unverified('new', true), unverified('new', true, THERE)]).toEqual(['THROTTLED', 'answered']);
  });

  it('also without a token', () => {
    const { admission, unverified } = start();
    for (let at = 0; at < 10; at += 1) admission.charge(HERE, null);
    expect(unverified('new', true)).toBe('THROTTLED');
  });

  it('unless the gateway is overloaded and does not run it', () => {
    const { admission, unverified } = start();
    const slots = Array.from({ length: 100 }, () => admission.acquire(THERE));
    for (let at = 0; at < 1_000; at += 1)
      expect(() => admission.acquire(HERE, admission.charge(HERE, `new ${at}`))).toThrow(/overloaded/);
    for (const slot of slots) slot.release('unknown');
    expect(unverified('new', true)).toBe('answered');
  });
});

describe('a new valid token', () => {
  it('costs its address nothing once Graph has accepted it', () => {
    const { unverified } = start();
    const outcomes = Array.from({ length: 1_000 }, (_, at) => unverified(`person ${at}`, true));
    expect(counts(outcomes)).toEqual({ answered: 1_000 });
  });

  it('has all its charges refunded once verified, including those of requests that did not reach Graph', () => {
    const { begin, unverified } = start();
    const ends = Array.from({ length: 6 }, () => begin('browser'));
    for (const [at, end] of ends.entries()) end(at === 0 ? 'accepted' : 'unknown');
    const later = Array.from({ length: 11 }, (_, at) => unverified(`made up ${at}`, false));
    expect(counts(later)).toEqual({ refused: 10, THROTTLED: 1 });
  });

  it('is not counted when it expires, however many requests Graph rejects at once', () => {
    const { begin, unverified } = start();
    unverified('hourly', true);
    const ends = Array.from({ length: 4 }, () => begin('hourly'));
    for (const end of ends) end('refused');
    const later = Array.from({ length: 11 }, (_, at) => unverified(`made up ${at}`, false));
    expect(counts(later)).toEqual({ refused: 10, THROTTLED: 1 });
  });
});

describe('the default allowance of an address (300 requests, refilled at 5 a second) is enough', () => {
  /** Users behind one address send 6 queries each, evenly over some time. Graph takes 300 ms. Returns the rejections. */
  const rejections = (people: number, seconds: number): number => {
    const { clock, begin } = start(3_000);
    const waiting: { readonly at: number; readonly end: (verdict: TokenVerdict) => void }[] = [];
    let refused = 0;
    for (let person = 0; person < people; person += 1) {
      while (waiting[0] !== undefined && waiting[0].at <= clock.elapsed()) waiting.shift()?.end('accepted');
      for (let query = 0; query < 6; query += 1) {
        try {
          waiting.push({ at: clock.elapsed() + 300, end: begin(`token ${person}`) });
        } catch {
          refused += 1;
        }
      }
      clock.advance((seconds * 1_000) / people);
    }
    return refused;
  };

  it('for an office of 200 users whose tokens are all new within a few seconds', () => {
    expect(rejections(200, 3)).toBe(0);
  });

  it('for 5,000 users behind an untrusted proxy, within two minutes after a restart', () => {
    expect(rejections(5_000, 120)).toBe(0);
  });

  it('for a service that renews its token with 250 requests in flight', () => {
    const { begin } = start(3_000);
    const ends = Array.from({ length: 250 }, () => begin('service'));
    for (const end of ends) end('accepted');
    expect(() => begin('service')).not.toThrow();
  });
});

describe('request slots are released', () => {
  it('however the request ends', () => {
    const { admission, unverified, rejected } = start();
    for (let at = 0; at < 1_000; at += 1) {
      unverified('one', true);
      unverified(`made up ${at}`, false);
      rejected();
    }
    expect(admission.overload()).toBeNull();
    const slots = Array.from({ length: 100 }, () => admission.acquire(HERE));
    expect(admission.overload()).not.toBeNull();
    for (const slot of slots) slot.release('unknown');
    expect(admission.overload()).toBeNull();
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5::', '2001:db8:1:2::/64'],
    ['203.0.113.6:40000', '203.0.113.6'],
    ['[2001:db8:1:2::1]:40000', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
    ['[::ffff:203.0.113.6]:40000', '203.0.113.6'],
    ['[::1]:1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

describe('a THROTTLED response', () => {
  const isOver = async (wait: Promise<void>): Promise<boolean> => {
    let over = false;
    void wait.then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    return over;
  };

  it('is delayed by a tenth of a second', async () => {
    const { clock, admission } = start();
    const wait = admission.delayRejection();
    clock.advance(99);
    expect(await isOver(wait)).toBe(false);
    clock.advance(1);
    expect(await isOver(wait)).toBe(true);
  });

  it('is sent at once while a thousand others are delayed', async () => {
    const { clock, admission } = start();
    const waits = Array.from({ length: 1_000 }, () => admission.delayRejection());
    expect(await isOver(admission.delayRejection())).toBe(true);
    clock.advance(100);
    await Promise.all(waits);
    expect(await isOver(admission.delayRejection())).toBe(false);
  });
});
