// The identity that calls Microsoft Graph. When Graph rejects its token, the gateway obtains another token once and resends
// the rejected calls. Graph carries out nothing under a rejected token, so resending a write is as safe as resending a read.
import { GatewayError } from '../runtime/errors.ts';
import type { Principal } from '../runtime/principal.ts';
import { GraphFailure } from './failure.ts';

/** The error for a call that requires a signed-in user. */
export function userRequired(): GatewayError {
  const message =
    'An application without a user has no profile of its own, and may only do what its roles allow. Name the user with user(id:), users(ids:) or userId.';
  return new GatewayError('FORBIDDEN', message);
}

/** Whether Graph requires another token: it rejected this one, or asks for claims that are not in it. */
export function needsNewToken(outcome: unknown): outcome is GraphFailure {
  if (!(outcome instanceof GraphFailure)) return false;
  return outcome.kind === 'unauthenticated' || outcome.claims !== undefined;
}

/**
 * Sends items with the principal's token. Resends the items that Graph rejects because of the token, once, with another
 * token.
 *
 * @param send returns the outcome of each item, in order; does not reject
 * @returns the outcome of each item, in order: from `send`, or the error of obtaining another token
 */
export async function withToken<T>(
  principal: Principal,
  items: readonly T[],
  send: (token: string, items: readonly T[]) => Promise<readonly unknown[]>,
): Promise<readonly unknown[]> {
  const given = principal.token();
  const token = typeof given === 'string' ? given : await given;
  const outcomes = await send(token, items);
  const challenge = outcomes.find(needsNewToken);
  if (challenge === undefined) return outcomes;
  const again = async (): Promise<readonly unknown[] | null> => {
    const other = await principal.renew(token, challenge.claims);
    return other === null ? null : send(other, refused);
  };
  const refused = items.filter((_, at) => needsNewToken(outcomes[at]));
  const second = await again().catch((error: unknown) => refused.map(() => error));
  if (second === null) return outcomes;
  const rest = second.values();
  return outcomes.map((outcome) => (needsNewToken(outcome) ? rest.next().value : outcome));
}
