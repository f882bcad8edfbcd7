// Callers who are refused again and again, by where they come from. With tokens that nobody can check (pass-through)
// each is somebody new, until Microsoft Graph has accepted the token.
import { describe, expect, it } from 'vitest';
import type { TokenVerdict } from '../../src/graphql/context.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import { idleEventLoop } from '../../src/runtime/event-loop.ts';
import { addressKey, createAdmission } from '../../src/server/admission.ts';
import { manualClock } from '../support/emulator.ts';

const HERE = '192.0.2.1';
const THERE = '192.0.2.2';
const CHECKED = { tenantId: 't' };

/** Ten requests of a caller in a minute, and ten refusals from an address. */
function start(requestsPerMinute = 10) {
  const clock = manualClock();
  const admission = createAdmission({
    requestsPerMinute,
    inFlight: requestsPerMinute > 100 ? 2_000 : 100,
    eventLoopDelayMs: 0,
    clock,
    eventLoop: idleEventLoop,
  });
  /** The first half of a request with a token that nobody has checked; what ends it. */
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
  /** One request of a caller; `good` is what Microsoft Graph thinks of the token. */
  const visit = (owner: string, good: boolean, address = HERE): string => {
    try {
      begin(owner, address)(good ? 'accepted' : 'refused');
      return good ? 'answered' : 'refused';
    } catch (error) {
      return codeOf(error);
    }
  };
  /** One request with a token that the gateway has checked. */
  const checked = (owner: string, verdict: TokenVerdict): void => {
    const slot = admission.acquire(HERE);
    slot.admit({ owner, identity: CHECKED });
    slot.release(verdict);
  };
  /** One request with a token that is refused before anything is asked. */
  const stranger = (address = HERE): string => {
    const slot = admission.acquire(address);
    const told = slot.errorFor(new GatewayError('UNAUTHENTICATED', 'no'));
    slot.release(told.code === 'UNAUTHENTICATED' ? 'refused' : 'unknown');
    return told.code;
  };
  return { clock, admission, begin, visit, checked, stranger };
}

function codeOf(error: unknown): string {
  return error instanceof GatewayError ? error.code : String(error);
}

function counts(outcomes: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const outcome of outcomes) counted[outcome] = (counted[outcome] ?? 0) + 1;
  return counted;
}

describe('those who are refused at the door', () => {
  it.each([
    ['IPv4', (port: number) => `203.0.113.6:${port}`],
    ['IPv6', (port: number) => `[2001:db8::6]:${port}`],
  ])('are known by their address, whatever port a proxy writes behind it: %s', (_kind, address) => {
    const { stranger } = start();
    const told = Array.from({ length: 100 }, (_, at) => stranger(address(40_000 + at)));
    expect(counts(told)).toEqual({ UNAUTHENTICATED: 10, THROTTLED: 90 });
  });

  it('are told to wait after so many times from one address', () => {
    const { clock, stranger } = start();
    expect(counts(Array.from({ length: 100 }, () => stranger()))).toEqual({
      UNAUTHENTICATED: 10,
      THROTTLED: 90,
    });
    expect(stranger(THERE)).toBe('UNAUTHENTICATED');
    clock.advance(6_000);
    expect([stranger(), stranger()]).toEqual(['UNAUTHENTICATED', 'THROTTLED']);
  });

  it('do not keep out others at the same address whose tokens were checked', () => {
    const { checked, stranger } = start();
    for (let at = 0; at < 100; at += 1) stranger();
    expect(() => checked('known', 'accepted')).not.toThrow();
  });
});

describe('tokens that nobody but Microsoft Graph can check', () => {
  it('go no further from an address where too many were no good', () => {
    const { visit } = start();
    const outcomes = Array.from({ length: 1_000 }, (_, at) => visit(`made up ${at}`, false));
    expect(counts(outcomes)).toEqual({ refused: 10, THROTTLED: 990 });
    expect(visit('somebody', true, THERE)).toBe('answered');
  });

  it('go on being let in once Graph has accepted them, whatever the neighbours do', () => {
    const { visit } = start();
    visit('good', true);
    for (let at = 0; at < 1_000; at += 1) visit(`made up ${at}`, false);
    expect([visit('good', true), visit('new', true)]).toEqual(['answered', 'THROTTLED']);
  });

  it('are strangers again once Graph has refused them', () => {
    const { visit } = start();
    visit('good', true);
    visit('good', false);
    for (let at = 0; at < 1_000; at += 1) visit(`made up ${at}`, false);
    expect(visit('good', true)).toBe('THROTTLED');
  });

  it('are not held back where there is no limit', () => {
    const { visit } = start(0);
    const outcomes = Array.from({ length: 1_000 }, (_, at) => visit(`made up ${at}`, false));
    expect(counts(outcomes)).toEqual({ refused: 1_000 });
  });
});

describe('a request with an unproven token counts', () => {
  it.each<TokenVerdict>(['refused', 'unknown'])('when the token ends as %s', (verdict) => {
    const { begin, visit } = start();
    for (let at = 0; at < 10; at += 1) begin(`made up ${at}`)(verdict);
    expect(visit('new', true)).toBe('THROTTLED');
  });

  it('while it is under way, so that no more begin together than may end', () => {
    const { begin, visit } = start();
    for (let at = 0; at < 10; at += 1) begin(`made up ${at}`);
    expect(visit('new', true)).toBe('THROTTLED');
  });

  it('when nothing more comes of it than its head', () => {
    const { admission, visit } = start();
    for (let at = 0; at < 10; at += 1) admission.charge(HERE, `made up ${at}`);
    expect([visit('new', true), visit('new', true, THERE)]).toEqual(['THROTTLED', 'answered']);
  });

  it('without a token too', () => {
    const { admission, visit } = start();
    for (let at = 0; at < 10; at += 1) admission.charge(HERE, null);
    expect(visit('new', true)).toBe('THROTTLED');
  });

  it('not when the gateway itself is too busy to look at it', () => {
    const { admission, visit } = start();
    const slots = Array.from({ length: 100 }, () => admission.acquire(THERE));
    for (let at = 0; at < 1_000; at += 1)
      expect(() => admission.acquire(HERE, admission.charge(HERE, `new ${at}`))).toThrow(/overloaded/);
    for (const slot of slots) slot.release('unknown');
    expect(visit('new', true)).toBe('answered');
  });
});

describe('a new token that is good', () => {
  it('costs its address nothing once Graph has accepted it', () => {
    const { visit } = start();
    const outcomes = Array.from({ length: 1_000 }, (_, at) => visit(`person ${at}`, true));
    expect(counts(outcomes)).toEqual({ answered: 1_000 });
  });

  it('gets back what all requests cost that began before it was proven, also those that asked nothing of Graph', () => {
    const { begin, visit } = start();
    const ends = Array.from({ length: 6 }, () => begin('browser'));
    for (const [at, end] of ends.entries()) end(at === 0 ? 'accepted' : 'unknown');
    const strangers = Array.from({ length: 11 }, (_, at) => visit(`made up ${at}`, false));
    expect(counts(strangers)).toEqual({ refused: 10, THROTTLED: 1 });
  });

  it('is not counted when it runs out, however many requests hear of it at once', () => {
    const { begin, visit } = start();
    visit('hourly', true);
    const ends = Array.from({ length: 4 }, () => begin('hourly'));
    for (const end of ends) end('refused');
    const strangers = Array.from({ length: 11 }, (_, at) => visit(`made up ${at}`, false));
    expect(counts(strangers)).toEqual({ refused: 10, THROTTLED: 1 });
  });
});

describe('the default allowance of an address, 300 requests and 5 more a second, leaves room', () => {
  /** People behind one address open 6 queries each, evenly over some time, and Graph takes 300 ms. How many are refused? */
  const refusedOf = (people: number, seconds: number): number => {
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

  it('for an office of 200 whose tokens are all new within a few seconds', () => {
    expect(refusedOf(200, 3)).toBe(0);
  });

  it('for 5,000 behind a proxy that nobody trusts, after a restart, within two minutes', () => {
    expect(refusedOf(5_000, 120)).toBe(0);
  });

  it('for a service whose one token is renewed while it has 250 requests under way', () => {
    const { begin } = start(3_000);
    const ends = Array.from({ length: 250 }, () => begin('service'));
    for (const end of ends) end('accepted');
    expect(() => begin('service')).not.toThrow();
  });
});

describe('places are given back', () => {
  it('whatever came of the visit', () => {
    const { admission, visit, stranger } = start();
    for (let at = 0; at < 1_000; at += 1) {
      visit('one', true);
      visit(`made up ${at}`, false);
      stranger();
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

describe('whoever is to slow down', () => {
  const isOver = async (wait: Promise<void>): Promise<boolean> => {
    let over = false;
    void wait.then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    return over;
  };

  it('is told after a tenth of a second', async () => {
    const { clock, admission } = start();
    const wait = admission.delayRejection();
    clock.advance(99);
    expect(await isOver(wait)).toBe(false);
    clock.advance(1);
    expect(await isOver(wait)).toBe(true);
  });

  it('is told at once while a thousand others wait for that', async () => {
    const { clock, admission } = start();
    const waits = Array.from({ length: 1_000 }, () => admission.delayRejection());
    expect(await isOver(admission.delayRejection())).toBe(true);
    clock.advance(100);
    await Promise.all(waits);
    expect(await isOver(admission.delayRejection())).toBe(false);
  });
});
