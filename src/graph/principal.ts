// Who reads and writes, as far as Microsoft Graph is concerned; and what is done when Graph refuses the token: another
// is got, once, and what was refused is sent again with it. Nothing was carried out under a refused token, so that is as
// safe for a write as for a read.
import { GatewayError } from '../runtime/errors.ts';
import type { Principal } from '../runtime/principal.ts';
import { GraphFailure } from './failure.ts';

/** The refusal of what only a person can do. */
export function noSelf(): GatewayError {
  const message =
    'An application by itself is nobody in Microsoft Graph, and may do no more than its roles say. Name the person, with user(id:), users(ids:) or userId.';
  return new GatewayError('FORBIDDEN', message);
}

/** Whether Graph wants another token: it refused this one, or asks for claims that are not in it. */
export function wantsOtherToken(outcome: unknown): outcome is GraphFailure {
  if (!(outcome instanceof GraphFailure)) return false;
  return outcome.kind === 'unauthenticated' || outcome.claims !== undefined;
}

/**
 * Sends things under the principal's token; those that Graph refuses for the sake of the token are sent once more under
 * another.
 *
 * @param send gives the outcome of each thing in the same order; does not reject
 * @returns an outcome for each: what `send` gave, or why there is no other token
 */
export async function underToken<T>(
  principal: Principal,
  things: readonly T[],
  send: (token: string, things: readonly T[]) => Promise<readonly unknown[]>,
): Promise<readonly unknown[]> {
  const given = principal.token();
  const token = typeof given === 'string' ? given : await given;
  const outcomes = await send(token, things);
  const challenge = outcomes.find(wantsOtherToken);
  if (challenge === undefined) return outcomes;
  const again = async (): Promise<readonly unknown[] | null> => {
    const other = await principal.renew(token, challenge.claims);
    return other === null ? null : send(other, refused);
  };
  const refused = things.filter((_, at) => wantsOtherToken(outcomes[at]));
  const second = await again().catch((error: unknown) => refused.map(() => error));
  if (second === null) return outcomes;
  const rest = second.values();
  return outcomes.map((outcome) => (wantsOtherToken(outcome) ? rest.next().value : outcome));
}
