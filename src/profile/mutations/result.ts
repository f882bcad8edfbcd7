// How a change ended: with a value, or with user errors. What is wrong with the service is neither, and is thrown.
import { GraphFailure } from '../../graph/failure.ts';
import { GatewayError } from '../../runtime/errors.ts';
import type { Facet } from '../facet.ts';
import { type Subject, type UserError, userErrorOf } from '../user-error.ts';

export type Result<T> =
  | { readonly value: T; readonly userErrors: null }
  | { readonly value: null; readonly userErrors: UserError[] };

export function succeed<T>(value: T): Result<T> {
  return { value, userErrors: null };
}

export function fail<T>(...userErrors: UserError[]): Result<T> {
  return { value: null, userErrors };
}

/** Turns a thrown failure that the caller can act on into user errors; others are thrown again. */
export async function withUserErrors<R>(
  facet: Facet,
  subject: Subject,
  work: () => Promise<R>,
): Promise<R | Result<never>> {
  try {
    return await work();
  } catch (error) {
    const found = userErrorOf(facet, error, subject);
    if (found === null) throw error;
    return fail(found);
  }
}

/**
 * A read before a change: when it fails, nothing was sent, whatever the failure is. That the item does not exist, or that
 * the caller may not see it, means the same as if the change itself had met with it.
 */
export async function beforeWrite<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof GraphFailure) || error.kind === 'not-found' || error.kind === 'forbidden')
      throw error;
    throw retold(error, `${error.message} Nothing was changed.`);
  }
}

/** The same failure for the caller, with another message. */
export function retold(error: GatewayError, message: string): GatewayError {
  const { code, retryable, retryAfterSeconds, graph, claims, authorizationUri } = error;
  const options = { retryable, retryAfterSeconds, graph, claims, authorizationUri, cause: error };
  return new GatewayError(code, message, options);
}
