// Checks error responses, which have the same shape on every path: JSON, at least one error, and a code of the contract.
import { expect } from 'vitest';

/** Every `errors[].extensions.code` of the contract. */
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

/** Checks the status and shape of an error response. Returns its codes. */
export async function refusalOf(response: Response, status: number): Promise<Code[]> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/(json|graphql-response\+json)(;|$)/);
  return codesOf(text);
}

/** Checks the shape of an error body. Returns its codes. */
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
