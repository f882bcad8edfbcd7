// Callers who are refused again and again, by where they come from. With tokens that nobody can check (pass-through)
// each is somebody new, until Microsoft Graph has answered.
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/base/errors.ts';
import { idleEventLoop } from '../../src/base/event-loop.ts';
import { addressKey, createDoor } from '../../src/gateway/door.ts';
import { manualClock } from '../support/emulator.ts';

const HERE = '192.0.2.1';
const THERE = '192.0.2.2';
const CHECKED = { tenantId: 't' };

/** Ten requests of a caller in a minute, and ten refusals from an address. */
function start(requestsPerMinute = 10) {
  const clock = manualClock();
  const door = createDoor({
    requestsPerMinute,
    inFlight: 100,
    eventLoopDelayMs: 0,
    clock,
    eventLoop: idleEventLoop,
  });
  /** One request of a caller; `good` is what Microsoft Graph thinks of the token. */
  const visit = (owner: string, good: boolean, address = HERE, identity: object | null = null): string => {
    const guest = door.arrive(address);
    let refused = !good;
    try {
      guest.admit({ owner, identity });
      return good ? 'answered' : 'refused';
    } catch (error) {
      refused = false;
      return codeOf(error);
    } finally {
      guest.leave(refused, 1);
    }
  };
  /** One request with a token that is refused before anything is asked. */
  const stranger = (address = HERE): string => {
    const guest = door.arrive(address);
    const told = guest.refusal(new GatewayError('UNAUTHENTICATED', 'no'));
    guest.leave(told.code === 'UNAUTHENTICATED', 0);
    return told.code;
  };
  return { clock, door, visit, stranger };
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
    const { visit, stranger } = start();
    for (let at = 0; at < 100; at += 1) stranger();
    expect(visit('known', true, HERE, CHECKED)).toBe('answered');
  });
});

describe('tokens that nobody but Microsoft Graph can check', () => {
  it('go no further from an address where too many were no good', () => {
    const { visit } = start();
    const outcomes = Array.from({ length: 1_000 }, (_, at) => visit(`made up ${at}`, false));
    expect(counts(outcomes)).toEqual({ refused: 10, THROTTLED: 990 });
    expect(visit('somebody', true, THERE)).toBe('answered');
  });

  it('go on being let in once Graph has answered, whatever the neighbours do', () => {
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

describe('places are given back', () => {
  it('whatever came of the visit', () => {
    const { door, visit, stranger } = start();
    for (let at = 0; at < 1_000; at += 1) {
      visit('one', true);
      visit(`made up ${at}`, false);
      stranger();
    }
    expect(door.overload()).toBeNull();
    const guests = Array.from({ length: 100 }, () => door.arrive(HERE));
    expect(door.overload()).not.toBeNull();
    for (const guest of guests) guest.leave(false, 0);
    expect(door.overload()).toBeNull();
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
    const { clock, door } = start();
    const wait = door.holdBack();
    clock.advance(99);
    expect(await isOver(wait)).toBe(false);
    clock.advance(1);
    expect(await isOver(wait)).toBe(true);
  });

  it('is told at once while a thousand others wait for that', async () => {
    const { clock, door } = start();
    const waits = Array.from({ length: 1_000 }, () => door.holdBack());
    expect(await isOver(door.holdBack())).toBe(true);
    clock.advance(100);
    await Promise.all(waits);
    expect(await isOver(door.holdBack())).toBe(false);
  });
});
