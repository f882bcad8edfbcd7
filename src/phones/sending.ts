// Sending a change: how long to wait for its answer, and whether it may be sent again.

import { GraphFailure } from '../graph/failure.ts';
import type { ItemId, UserKey } from '../graph/paths.ts';
import type { GraphResponse } from '../graph/response.ts';
import type { GraphSession, GraphWrite } from '../graph/session.ts';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Random } from '../runtime/random.ts';
import { phonePath } from './source.ts';
import { type Phone, readPhone } from './wire.ts';

export interface Timing {
  readonly clock: Clock;
  readonly random: Random;
}

/** The rest of the time is for finding out what became of the change. */
const PATIENCE = 0.6;
/** Milliseconds before a change is sent that has not left this machine yet; up to twice as many, by chance. */
const BACK_OFF_MS = 75;
/** Milliseconds before each look at what became of a change: an answer may be lost faster than the work is done. */
export const LOOKS: readonly number[] = [0, 300, 1_000, 2_000];

/**
 * Sends a change, leaving time to find out what became of it. What has surely not been sent is sent once more.
 *
 * @throws GraphFailure, or another GatewayError when nothing was sent
 */
export async function sendPatiently(
  session: GraphSession,
  timing: Timing,
  write: GraphWrite,
): Promise<GraphResponse> {
  return sendOnceMore(session, timing, { ...write, patience: PATIENCE });
}

/** Sends a change of which nothing can be found out afterwards: its answer is waited for to the end. */
export function sendBlindly(
  session: GraphSession,
  timing: Timing,
  write: GraphWrite,
): Promise<GraphResponse> {
  return sendOnceMore(session, timing, write);
}

async function sendOnceMore(
  session: GraphSession,
  { clock, random }: Timing,
  write: GraphWrite,
): Promise<GraphResponse> {
  try {
    return await session.write(write);
  } catch (error) {
    const wait = BACK_OFF_MS * (1 + random.fraction());
    const wasSent = !(error instanceof GraphFailure && error.kind === 'never-sent');
    if (wasSent || session.ended || session.remainingMs <= 2 * wait || !session.mayTryAgain()) throw error;
    await clock.sleep(wait);
    return session.write(write);
  }
}

/** Whether a change that failed this way may have been carried out all the same. A fault of this program leaves it open. */
export function mayHaveHappened(error: unknown): boolean {
  if (error instanceof GraphFailure) return error.mayHaveHappened;
  return !(error instanceof GatewayError);
}

/**
 * Waits before another look; false when there is no time for one.
 *
 * @param ms 0 or more
 */
export async function waitToLook(session: GraphSession, { clock }: Timing, ms: number): Promise<boolean> {
  if (session.remainingMs <= ms) return false;
  if (ms > 0) await clock.sleep(ms);
  return true;
}

/** Reads twice where the first time failed and the second may help: nothing was sent yet, and nothing is lost by it. */
export async function readTwice<T>(
  session: GraphSession,
  { clock, random }: Timing,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof GraphFailure) || error.retryable !== true) throw error;
    const wait = Math.max((error.retryAfterSeconds ?? 0) * 1000, BACK_OFF_MS * (1 + random.fraction()));
    if (session.ended || wait * 2 > session.remainingMs) throw error;
    await clock.sleep(wait);
    return read();
  }
}

/** One phone of a profile. */
export interface Target {
  readonly user: UserKey;
  readonly id: ItemId;
}

/** A phone as it is now; null when it is not there. Throws a GraphFailure. */
export async function readPhoneOrNull(session: GraphSession, { user, id }: Target): Promise<Phone | null> {
  try {
    const phone = readPhone(await session.read(phonePath(user, id)));
    if (phone === null) throw new GraphFailure('bad-response');
    return phone;
  } catch (error) {
    if (error instanceof GraphFailure && error.kind === 'not-found') return null;
    throw error;
  }
}

/** What cannot be read is as unknown as before. */
export function asUnseen(error: unknown): 'unseen' {
  if (error instanceof GatewayError) return 'unseen';
  throw error;
}
