// How a change ended: with a result, or with what stood in the way. What is wrong with the service is neither, and is
// thrown.

import { GraphFailure } from '../../graph/failure.ts';
import { GatewayError } from '../../runtime/errors.ts';
import { type Refusal, refusalOf } from '../user-error.ts';

export type Written<T> =
  | { readonly done: T; readonly refused: null }
  | { readonly done: null; readonly refused: Refusal[] };

export function done<T>(result: T): Written<T> {
  return { done: result, refused: null };
}

export function refuse<T>(...refused: Refusal[]): Written<T> {
  return { done: null, refused };
}

/** Turns what a caller can act on into data; the rest goes on as it is. */
export async function guarded<R>(
  subject: 'person' | 'phone',
  work: () => Promise<R>,
): Promise<R | Written<never>> {
  try {
    return await work();
  } catch (error) {
    const refused = refusalOf(error, subject);
    if (refused === null) throw error;
    return refuse(refused);
  }
}

/**
 * A look before a change: when it fails, nothing was sent, however it failed. That there is no such thing, or that the
 * caller may not see it, says as much as if the change itself had met with it.
 */
export async function beforehand<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof GraphFailure) || error.kind === 'not-found' || error.kind === 'forbidden')
      throw error;
    const { code, retryable, retryAfterSeconds, graph, claims, authorizationUri } = error;
    throw new GatewayError(code, `${error.message} Nothing was changed.`, {
      ...(retryable === undefined ? {} : { retryable }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      ...(graph === undefined ? {} : { graph }),
      ...(claims === undefined ? {} : { claims }),
      ...(authorizationUri === undefined ? {} : { authorizationUri }),
      cause: error,
    });
  }
}
