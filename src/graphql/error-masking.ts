// Decides what an error response contains. Known errors keep their code and message. Every other error becomes
// INTERNAL_SERVER_ERROR with an id that is also in the log. GraphQL's own messages quote the request, which may contain a
// phone number, so they are replaced by messages without values.
import { HeaderMap, type HTTPGraphQLHead } from '@apollo/server';
import { GraphQLError, type GraphQLErrorOptions, type GraphQLFormattedError, Kind } from 'graphql';
import { errorFields } from '../runtime/error-fields.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { type SpanIds, spanFields } from '../runtime/tracing.ts';
import { withoutNames } from './document-names.ts';

/** Codes of rejected requests: those of Apollo Server and that of limits.ts. */
const REQUEST_ERROR_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'LIMIT_EXCEEDED',
]);

/** Most locations in one error. */
const MAX_LOCATIONS = 10;

export interface ErrorMasking {
  /**
   * The public form of a field error.
   *
   * @param span the span of the operation, for the log; null without tracing
   */
  publicError(error: GraphQLError, span: SpanIds | null): GraphQLError;
  /** The public form of an error without data. Its message is public except for unknown names. */
  requestError(error: GraphQLError): GraphQLError;
  /** Apollo Server's formatError, which is called for every error in a response. */
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

export interface ErrorMaskingOptions {
  readonly logger: Logger;
  readonly random: Random;
  /** The names that messages may repeat. Null to allow all names. */
  readonly names?: ReadonlySet<string> | null;
}

export function createErrorMasking(options: ErrorMaskingOptions): ErrorMasking {
  /** Errors that went through publicError. */
  const isPublic = new WeakSet<GraphQLError>();
  const names = options.names ?? null;
  const withKnownNames = (message: string) => (names === null ? message : withoutNames(message, names));
  return {
    publicError(error, span) {
      const known = gatewayErrorIn(error);
      const message = known === null ? argumentError(error) : null;
      const visible =
        known !== null
          ? expected(error, known)
          : message !== null
            ? badInput(error, withKnownNames(message))
            : unexpected(error, options, span);
      isPublic.add(visible);
      return visible;
    },
    requestError(error) {
      const message = withKnownNames(error.message);
      if (message === error.message) return error;
      return withLocations(
        new GraphQLError(message, { ...placeOf(error), extensions: error.extensions }),
        error,
      );
    },
    formatError(formatted, error) {
      if (error instanceof GraphQLError && isPublic.has(error)) return formatted;
      const code = formatted.extensions?.['code'];
      if (error instanceof GraphQLError && REQUEST_ERROR_CODES.has(code)) {
        const locations = formatted.locations?.slice(0, MAX_LOCATIONS);
        const visible = { ...formatted, message: withKnownNames(withoutValues(error)), extensions: { code } };
        return locations === undefined ? visible : { ...visible, locations };
      }
      const cause =
        error instanceof GraphQLError ? error : new GraphQLError('', { originalError: asError(error) });
      const { message, extensions } = unexpected(cause, options, null);
      return { ...formatted, message, extensions };
    },
  };
}

function gatewayErrorIn(error: GraphQLError): GatewayError | null {
  for (let cause: unknown = error; cause instanceof Error; ) {
    if (cause instanceof GatewayError) return cause;
    cause = cause instanceof GraphQLError ? cause.originalError : null;
  }
  return null;
}

/**
 * The message of graphql-js for an argument that a variable makes invalid during execution, without the value. An example is
 * `first: $first`, where `first` has a default and `$first` is null. Null for any other error.
 */
function argumentError(error: GraphQLError): string | null {
  let cause = error;
  while (cause.originalError instanceof GraphQLError) cause = cause.originalError;
  if (cause.originalError !== undefined || cause.nodes === undefined) return null;
  const [, argument, problem] = /^Argument ("\w+") (of|has invalid value) /.exec(cause.message) ?? [];
  if (argument === undefined) return null;
  return problem === 'of' ? cause.message : `Argument ${argument} has a value that does not fit its type.`;
}

function badInput(error: GraphQLError, message: string): GraphQLError {
  return withLocations(
    new GraphQLError(message, { ...placeOf(error), extensions: { code: 'BAD_USER_INPUT' } }),
    error,
  );
}

function expected(error: GraphQLError, known: GatewayError): GraphQLError {
  const extensions = extensionsOf(known);
  if (known.code === 'UNAUTHENTICATED') extensions['http'] = unauthorized(known);
  return withLocations(new GraphQLError(known.message, { ...pathOf(error), extensions }), error);
}

/** Copies the locations. Computing them from the nodes takes time proportional to the lines of the document. */
function withLocations(visible: GraphQLError, original: GraphQLError): GraphQLError {
  if (visible.locations !== undefined || original.locations === undefined) return visible;
  return Object.assign(visible, { locations: original.locations });
}

/** The nodes and the path of an error. */
function placeOf(error: GraphQLError): Pick<GraphQLErrorOptions, 'nodes' | 'path'> {
  return { ...(error.nodes === undefined ? {} : { nodes: error.nodes }), ...pathOf(error) };
}

function pathOf({ path }: GraphQLError): Pick<GraphQLErrorOptions, 'path'> {
  return path === undefined ? {} : { path };
}

export function extensionsOf(error: GatewayError): Record<string, unknown> {
  return {
    code: error.code,
    ...(error.retryable === undefined ? {} : { retryable: error.retryable }),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    ...(error.graph === undefined ? {} : { graph: error.graph }),
    ...(error.claims === undefined ? {} : { claims: error.claims }),
  };
}

/** The value of `WWW-Authenticate` (RFC 6750, section 3), with a claims challenge as Microsoft's identity platform documents it. */
export function challengeOf(error: GatewayError): string {
  const { claims, authorizationUri } = error;
  if (claims === undefined) return 'Bearer';
  const place = authorizationUri === undefined ? '' : `realm="", authorization_uri="${authorizationUri}", `;
  return `Bearer ${place}error="insufficient_claims", claims="${claims}"`;
}

function unauthorized(error: GatewayError): HTTPGraphQLHead {
  return { status: 401, headers: new HeaderMap([['www-authenticate', challengeOf(error)]]) };
}

/** Logs the class of the error and its location in the source. Its message is not logged: it may contain user input. */
function unexpected(
  error: GraphQLError,
  { logger, random }: ErrorMaskingOptions,
  span: SpanIds | null,
): GraphQLError {
  const id = random.uuid();
  const fields = { errorId: id, ...errorFields(error.originalError ?? error), ...spanFields(span) };
  logger.error(fields, 'unexpected error');
  const extensions = { code: 'INTERNAL_SERVER_ERROR', id };
  const message = `The gateway had an internal error. Its log has details under ${id}.`;
  return withLocations(new GraphQLError(message, { ...pathOf(error), extensions }), error);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('a value was thrown that is not an error');
}

const LITERALS: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.LIST,
  Kind.OBJECT,
]);

/** The message of a parse or validation error without the values it quotes. */
function withoutValues(error: GraphQLError): string {
  if (error.message.startsWith('Syntax Error')) {
    return error.message.replaceAll(/(String|BlockString|Int|Float|Name|Comment) "(?:[^"\\]|\\.)*"/g, '$1');
  }
  const aboutValue = error.nodes?.some(({ kind }) => LITERALS.has(kind)) ?? false;
  return aboutValue ? aboutType(error.message) : error.message;
}

/** The message for a value of the wrong type: it names the expected type only. Type and field names come from the schema. */
export function aboutType(message: string): string {
  const required = /Field "[\w.]+" of required type "[^"]+" was not provided/.exec(message)?.[0];
  if (required !== undefined) return `${required}.`;
  const type =
    /(?:Enum ")?(\w+)"? cannot represent/.exec(message)?.[1] ??
    /Expected value of type "([^"]+)"/.exec(message)?.[1] ??
    /Expected (?:non-nullable )?type "([^"]+)"/.exec(message)?.[1] ??
    /in "(\w+)" enum/.exec(message)?.[1];
  if (type !== undefined) return `A value does not fit its type: ${type} is expected.`;
  const owner = /is not defined by type "(\w+)"/.exec(message)?.[1];
  return owner === undefined
    ? 'A value does not fit its type.'
    : `A field is not defined by type "${owner}".`;
}
