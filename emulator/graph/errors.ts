// The errors of Microsoft Graph: the status, code and message of each. Where a real response has been published, the
// message is a copy of it, and the comment names the source. The other messages are written for this emulator.
import { GraphError } from './responses.ts';

const CHALLENGE =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';

function unauthenticated(message: string, challenge = CHALLENGE): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message, { 'WWW-Authenticate': challenge });
}

export const graphErrors = {
  /** msgraph-sample-reactspa#54. */
  noToken: () => unauthenticated('Access token is empty.'),
  /** python-sample-auth#10. */
  unknownToken: () => unauthenticated('CompactToken validation failed with reason code: 80049228.'),
  /** microsofthackathons/tdi#24. The challenge has no claims. */
  expiredToken: () => unauthenticated('Access token has expired or is not yet valid.'),

  /** microsoft-graph-docs#16208. */
  otherAudience: () => unauthenticated('Access token validation failure. Invalid audience.'),
  /**
   * Microsoft identity platform, claims challenges; msgraph-sdk-java#2355. The header has the claims in base64.
   *
   * @param claims as JSON
   */
  insufficientClaims: (claims: string) =>
    unauthenticated(
      'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenCreatedWithOutdatedPolicies',
      `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`,
    ),

  /** Microsoft Graph docs, json-batching. */
  denied: () =>
    new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  /** microsoft-graph-docs-contrib#736: a write to the profile of another user. */
  deniedForRole: () =>
    new GraphError(
      403,
      'ErrorAccessDeniedForRole',
      "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ProfileAccessDeniedException' was thrown.",
    ),
  /** msgraph-sdk-php#1163. */
  meWithoutUser: () => badRequest('/me request is only valid with delegated authentication flow.'),

  noResource: (name: string) =>
    new GraphError(
      404,
      'Request_ResourceNotFound',
      `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  /** microsoft-graph-docs#19704: the profile API's error for an unknown id. */
  noPhone: () => new GraphError(404, 'UnknownError', ''),
  noVersion: (name: string) => new GraphError(404, 'ResourceNotFound', `Invalid version: ${name}`),
  unknownSegment: (name: string) => badRequest(`Resource not found for the segment '${name}'.`),
  /** Microsoft Graph docs, json-batching. */
  method: (allowed: readonly string[]) =>
    new GraphError(
      405,
      'Request_BadRequest',
      'Specified HTTP method is not allowed for the request target.',
      {
        Allow: allowed.join(', '),
      },
    ),

  /** php-connect-rest-sample#29. */
  unreadable: () =>
    badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    ),
  mediaType: (type: string) =>
    new GraphError(415, 'UnsupportedMediaType', `The media type '${type}' is not supported.`),
  /** microsoft-graph-docs#138. */
  mismatch: (property: string) =>
    badRequest(`Property ${property} in payload has a value that does not match schema.`),
  /** msgraph-sdk-python#313. */
  unknownProperty: (property: string, type: string) =>
    new GraphError(
      400,
      'RequestBodyRead',
      `The property '${property}' does not exist on type '${type}'. Make sure to only use property names that are defined by the type or mark the type as open type.`,
    ),
  readOnly: (property: string) => badRequest(`Property ${property} is read-only and cannot be set.`),

  /** microsoft-graph-docs-contrib#4529. */
  select: (property: string, type: string) =>
    badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${property}' on type '${type}'.`,
    ),
  /** microsoft-graph-docs#3044. */
  filter: (reason: string) => badRequest(`Invalid filter clause: ${reason}`),
  option: (name: string) => badRequest(`The query parameter '${name}' is not supported.`),
  optionValue: (name: string, value: string) =>
    badRequest(`Invalid value '${value}' for ${name} query option found.`),
  /** microsoft-graph-docs-contrib#3495. */
  needsEventual: (option: string) =>
    unsupported(
      `Request with ${option} query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'`,
    ),
  /** Microsoft Graph docs, aad-advanced-queries: the error of `/users/$count` without the header. */
  noCount: () => new GraphError(400, 'Request_BadRequest', '$count is not currently supported.'),
  /** Microsoft Graph docs, aad-advanced-queries. */
  needsAdvanced: (operator: string) =>
    unsupported(
      `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
    ),
  /** Microsoft Graph docs, aad-advanced-queries. */
  filterOfProperty: (property: string, resource: string) =>
    unsupported(
      `Unsupported or invalid query filter clause specified for property '${property}' of resource '${resource}'.`,
    ),
  /** microsoft-graph-docs#21098. */
  tooManyOperands: (found: number, max: number) =>
    unsupported(
      `Too many child clauses specified in search filter expression containing 'OR' operators: ${found}. Max allowed: ${max}.`,
    ),
  /** microsoft-graph-docs-contrib#4187. */
  noSorting: () => unsupported('Sorting not supported for current query.'),
  /** microsoft-graph-docs-contrib#1354. */
  sortOfProperty: (property: string, resource: string) =>
    unsupported(`Unsupported sort property '${property}' for '${resource}'.`),
  /** For what Microsoft Graph has, or may have, and the emulator lacks. Graph itself never sends this error. */
  notEmulated: (what: string) =>
    new GraphError(
      501,
      'NotEmulated',
      `The emulator does not have ${what}. Microsoft Graph may answer this.`,
    ),
  unsupported,
  badRequest,
};

function badRequest(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message);
}

function unsupported(message: string): GraphError {
  return new GraphError(400, 'Request_UnsupportedQuery', message);
}
