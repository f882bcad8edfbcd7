// Sending a write: how long to wait for its response, and whether it may be sent again. Also the reads around a write,
// with their repeats and waits.

import { GraphFailure } from '../../graph/failure.ts';
import type { ItemId, UserKey } from '../../graph/paths.ts';
import type { GraphResponse } from '../../graph/response.ts';
import type { GraphSession, GraphWrite } from '../../graph/session.ts';
import type { Clock } from '../../runtime/clock.ts';
import { GatewayError } from '../../runtime/errors.ts';
import type { Random } from '../../runtime/random.ts';
import { type Facet, itemPath, readItem } from '../facet.ts';
import type { ItemFacet } from '../item-facet.ts';

export interface Timing {
  readonly clock: Clock;
  readonly random: Random;
}

/** The share of the time left that a response is waited for. The rest is for finding out what became of the write. */
const PATIENCE = 0.6;
/** Milliseconds before a write that has not left this machine is sent again; up to twice as many, at random. */
const BACK_OFF_MS = 75;
/** Milliseconds before each read that looks for what was sent: a response may be lost before the work is done. */
export const RECONCILE_DELAYS_MS: readonly number[] = [0, 300, 1_000, 2_000];

/**
 * Sends a write, and leaves time to find out what became of it. A write that was surely not sent is sent once more.
 *
 * @throws GraphFailure, or another GatewayError when nothing was sent
 */
export function sendAndReconcile(
  session: GraphSession,
  timing: Timing,
  write: GraphWrite,
): Promise<GraphResponse> {
  return sendOnce(session, timing, { ...write, patience: PATIENCE });
}

/**
 * Sends a write, and waits for its response to the end: nothing can be found out afterwards. A write that was surely not
 * sent is sent once more, so that it is never sent twice.
 */
export async function sendOnce(
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

/** Whether a write that failed this way may have been carried out. A fault of this program leaves it open. */
export function mayHaveHappened(error: unknown): boolean {
  if (error instanceof GraphFailure) return error.mayHaveHappened;
  return !(error instanceof GatewayError);
}

/**
 * Waits; false when there is no time for it.
 *
 * @param ms 0 or more
 */
export async function waitIfTime(session: GraphSession, { clock }: Timing, ms: number): Promise<boolean> {
  if (session.remainingMs <= ms) return false;
  if (ms > 0) await clock.sleep(ms);
  return true;
}

/** Reads a second time where the first failed and that may help. Nothing was sent yet, so a repeat does no harm. */
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

/** One item of a profile. */
export interface Target {
  readonly user: UserKey;
  readonly id: ItemId;
}

/** An item as it is now; null when there is none. Throws a GraphFailure. */
export async function readTarget<Item extends ItemFacet>(
  session: GraphSession,
  facet: Facet<Item>,
  { user, id }: Target,
): Promise<Item | null> {
  try {
    const item = readItem(facet, await session.read(itemPath(facet, user, id)));
    if (item === null) throw new GraphFailure('bad-response');
    return item;
  } catch (error) {
    if (error instanceof GraphFailure && error.kind === 'not-found') return null;
    throw error;
  }
}

/** A read that failed after a write leaves open what became of the write. */
export function asUnread(error: unknown): 'unread' {
  if (error instanceof GatewayError) return 'unread';
  throw error;
}
