// Date-times as Microsoft Graph writes them: RFC 3339 with seven fraction digits, which are ticks of 100 nanoseconds. A
// JavaScript Date has only three fraction digits. Date-times are therefore stored and compared as strings.
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';

/** Returns a source of date-times in UTC. Each is later than the one before, also within a millisecond. */
export function createTicker(clock: Clock, random: Random): () => string {
  let millis = 0;
  let ticks = -1;
  return () => {
    const now = clock.now();
    const drawn = Math.floor(random.fraction() * 10_000);
    if (now > millis) [millis, ticks] = [now, drawn];
    else if (ticks < 9_999) ticks = Math.max(ticks + 1, now === millis ? drawn : 0);
    else [millis, ticks] = [millis + 1, 0];
    return writeInstant(millis, ticks);
  };
}

/**
 * @param millis milliseconds since 1970
 * @param ticks units of 100 ns within the millisecond: 0 to 9999
 * @param offset the time zone in minutes east of UTC; 0 is written as Z
 */
export function writeInstant(millis: number, ticks: number, offset = 0): string {
  const local = new Date(millis + offset * 60_000).toISOString().slice(0, 23);
  return `${local}${String(ticks).padStart(4, '0')}${offset === 0 ? 'Z' : writeOffset(offset)}`;
}

function writeOffset(minutes: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

/** The same instant in another time zone. */
export function atOffset(instant: string, offset: number): string {
  const [seconds, fraction] = splitInstant(instant);
  const digits = fraction.slice(0, 7);
  return writeInstant(seconds + Number(digits.slice(0, 3)), Number(digits.slice(3)), offset);
}

/** Negative when `a` is earlier, positive when it is later. Null is earlier than any instant. */
export function compareInstants(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  const [aSeconds, aFraction] = splitInstant(a);
  const [bSeconds, bFraction] = splitInstant(b);
  if (aSeconds !== bSeconds) return aSeconds - bSeconds;
  return aFraction < bFraction ? -1 : Number(aFraction > bFraction);
}

const PATTERN = /^(\d{4,}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(Z|[+-]\d\d:\d\d))?$/i;

export function isInstant(text: string): boolean {
  return PATTERN.test(text) && !Number.isNaN(splitInstant(text)[0]);
}

/** The whole seconds, in milliseconds since 1970, and the fraction of a second in twelve digits. */
function splitInstant(instant: string): [number, string] {
  const [, day = '', minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] =
    PATTERN.exec(instant) ?? [];
  return [Date.parse(`${day}T${minutes}:${seconds}${zone.toUpperCase()}`), fraction.padEnd(12, '0')];
}
