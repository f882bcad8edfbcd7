// What an earlier call has added under a key, for a call that is repeated: its id is known, and if more of it is wanted,
// it is read together with all others.

import { GraphFailure } from '../graph/failure.ts';
import { itemId } from '../graph/paths.ts';
import type { GraphSession } from '../graph/session.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Addition } from './add.ts';
import { type Look, lookAtAll } from './look.ts';
import { deletedSince, type Earlier, type Once } from './once.ts';
import type { Refusal } from './refusal.ts';
import type { Target, Timing } from './sending.ts';
import { selecting } from './source.ts';
import { type Phone, readPhone } from './wire.ts';
import { done, refuse, type Written } from './written.ts';

export function isEarlier(one: object): one is Earlier {
  return 'earlier' in one;
}

/** Whether the memory of keys has all that is wanted of a phone. */
export function isKnown(fields: readonly string[]): boolean {
  return fields.every((name) => name === 'id' || name === 'graphId');
}

interface Ended {
  readonly additions: readonly (Addition | Refusal[])[];
  readonly outcomes: readonly (Once | Error)[];
  readonly fields: readonly string[];
}

/** The same outcomes, with the phones that were added before in their places. */
export async function readEarlier(
  session: GraphSession,
  timing: Timing,
  { additions, outcomes, fields }: Ended,
): Promise<(Written<Phone> | Error)[]> {
  const targets = outcomes.map((one, place) => (isEarlier(one) ? targetOf(additions[place], one) : null));
  const wanted = targets.filter((target) => target !== null);
  const looks = isKnown(fields)
    ? wanted.map(({ id }) => readPhone({ id }))
    : await lookAtAll(session.isolated({ gathers: true }), timing, wanted, selecting(fields, session.lacks));
  const found = new Map(wanted.map((target, at) => [target, looks[at] ?? null]));
  return outcomes.map((one, place) => {
    if (!isEarlier(one)) return one;
    const target = targets[place];
    return seenEarlier(target ? (found.get(target) ?? null) : null);
  });
}

/** Null where the memory holds an id that can be none. */
function targetOf(addition: Addition | Refusal[] | undefined, { earlier }: Earlier): Target | null {
  const id = itemId(earlier);
  return id === null || addition === undefined || Array.isArray(addition)
    ? null
    : { user: addition.user, id };
}

function seenEarlier(look: Look): Written<Phone> | Error {
  const isGone = look === null || (look instanceof GraphFailure && look.kind === 'not-found');
  if (isGone) return refuse(deletedSince());
  return look instanceof Error ? notRead(look) : done(look);
}

function notRead(failure: Error): Error {
  if (!(failure instanceof GatewayError)) return failure;
  const message =
    'The phone was added under this key before, and could not be read now. Repeat the call, or ask for its id alone.';
  const { code, retryable, retryAfterSeconds, graph, claims, authorizationUri } = failure;
  const options = { retryable, retryAfterSeconds, graph, claims, authorizationUri, cause: failure };
  return new GatewayError(code, message, options);
}
