// How the gateway says no over HTTP, the same on every path: JSON, at least one error, and a code of the closed set.
import { expect } from 'vitest';

/** Every `errors[].extensions.code` that the contract knows. */
const CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'LIMIT_EXCEEDED',
  'THROTTLED',
  'OVERLOADED',
  'TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_BAD_RESPONSE',
  'INTERNAL_SERVER_ERROR',
] as const;

export type Code = (typeof CODES)[number];

/** Checks that this is a refusal with this status, in the shape that all of them have, and gives its codes. */
export async function refusalOf(response: Response, status: number): Promise<Code[]> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/(json|graphql-response\+json)(;|$)/);
  return codesOf(text);
}

/** The codes of a body that has the shape of a refusal. */
export function codesOf(text: string): Code[] {
  const body: unknown = JSON.parse(text);
  expect(body).toEqual({ errors: expect.any(Array) });
  const { errors } = body as { readonly errors: readonly unknown[] };
  expect(errors).not.toHaveLength(0);
  return errors.map((error) => {
    expect(error).toMatchObject({
      message: expect.stringMatching(/\S/),
      extensions: { code: expect.toBeOneOf([...CODES]) },
    });
    return (error as { readonly extensions: { readonly code: Code } }).extensions.code;
  });
}
