// The errors of Entra ID: status, OAuth 2.0 error, AADSTS code and message. Messages are copied from published
// responses, which the comments name. Where none is published, they follow the AADSTS error reference, or else are made
// up.

export type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_resource'
  | 'invalid_tenant'
  | 'invalid_instance'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'interaction_required';

export interface EntraErrorDetails {
  readonly suberror?: string;
  /** A JSON string. Unlike in a WWW-Authenticate header, it is not base64-encoded. */
  readonly claims?: string;
}

/** Thrown by operations of Entra ID; the response has the shape of its errors. */
export class EntraError extends Error {
  override readonly name = 'EntraError';
  readonly status: number;
  readonly error: OAuthError;
  /** The number after `AADSTS`. */
  readonly code: number;
  readonly details: EntraErrorDetails;

  constructor(error: OAuthError, code: number, message: string, details: EntraErrorDetails = {}) {
    super(message);
    this.status = error === 'invalid_client' ? 401 : 400;
    this.error = error;
    this.code = code;
    this.details = details;
  }
}

function entraError(
  error: OAuthError,
  code: number,
  message: string,
  details?: EntraErrorDetails,
): EntraError {
  return new EntraError(error, code, message, details);
}

export const entraErrors = {
  /** azure-tools-for-java#3900 at the token endpoint, windowsupdates-webapplication-sample#6 elsewhere. */
  tenant: (name: string, error: 'invalid_request' | 'invalid_tenant') =>
    entraError(
      error,
      90002,
      `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    ),
  /** For instance discovery by MSAL. */
  instance: () => entraError('invalid_instance', 50049, 'Unknown or invalid instance.'),
  noTenant: () =>
    entraError(
      'invalid_request',
      90019,
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    ),
  method: (method: string) =>
    entraError(
      'invalid_request',
      900561,
      `The endpoint only accepts POST requests. Received a ${method} request.`,
    ),
  missing: (parameter: string) =>
    entraError(
      'invalid_request',
      900144,
      `The request body must contain the following parameter: '${parameter}'.`,
    ),
  parameter: (parameter: string) =>
    entraError('invalid_request', 90023, `The value of the parameter '${parameter}' cannot be used.`),
  grantType: (name: string) =>
    entraError('unsupported_grant_type', 70003, `The app requested an unsupported grant type '${name}'.`),

  application: (clientId: string, tenant: string) =>
    entraError(
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    ),
  /** azure-docs#42817, sap-automation#418. */
  secret: (clientId: string) =>
    entraError(
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    ),
  noCredential: () =>
    entraError(
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  publicClient: () =>
    entraError(
      'invalid_client',
      700025,
      "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ),

  clientToken: () =>
    entraError('invalid_client', 50027, 'Invalid JWT token. The client assertion cannot be read.'),
  clientAlgorithm: (name: string) =>
    entraError(
      'invalid_client',
      5002738,
      `Invalid JWT token. '${name}' is not a supported signature algorithm. Supported signing algorithms are: 'RS256, RS384, RS512, PS256'.`,
    ),
  clientKey: (thumbprint: string) =>
    entraError(
      'invalid_client',
      700027,
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '${thumbprint}']`,
    ),
  /** passport-azure-ad#453. */
  clientSignature: () =>
    entraError(
      'invalid_client',
      700027,
      'Client assertion failed signature validation. [Reason - The key was found, but use of the key to verify the signature failed.]',
    ),
  clientSubject: () =>
    entraError(
      'invalid_client',
      700021,
      "Client assertion application identifier doesn't match 'client_id' parameter.",
    ),
  /** microsoft-identity-web#16. */
  clientAudience: () =>
    entraError('invalid_client', 700023, 'Client assertion audience claim does not match Realm issuer.'),
  /** docker-tools#1310. */
  clientTime: (now: string, from: string, until: string) =>
    entraError(
      'invalid_client',
      700024,
      `Client assertion is not within its valid time range. Current time: ${now}, assertion valid from ${from}, expiry time of assertion ${until}.`,
    ),
  /** azure-workload-identity#1200. */
  federation: (part: 'issuer' | 'audience' | 'subject', value: string) =>
    entraError(
      'invalid_client',
      { issuer: 700211, audience: 700212, subject: 700213 }[part],
      `No matching federated identity record found for presented assertion ${part} '${value}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation`,
    ),

  /** microsoft-authentication-library-for-dotnet#449. */
  scope: (scope: string) =>
    entraError(
      'invalid_scope',
      70011,
      `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    ),
  /** azure-docs#99862. */
  scopeOfClient: (scope: string) =>
    entraError(
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  resources: (scope: string) =>
    entraError(
      'invalid_request',
      28000,
      `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${scope} is not valid.`,
    ),
  resource: (name: string, tenant: string) =>
    entraError(
      'invalid_resource',
      500011,
      `The resource principal named ${name} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    ),

  assertion: () => entraError('invalid_grant', 50027, 'Invalid JWT token. The assertion cannot be read.'),
  /** microsoft-authentication-library-for-dotnet#1317, msgraph-sdk-php#1585. */
  assertionSignature: (
    reason: 'The key was not found.' | 'Key was found, but use of the key to verify the signature failed.',
    kid: string,
  ) =>
    entraError(
      'invalid_grant',
      50013,
      `Assertion failed signature validation. [Reason - ${reason}, Thumbprint of key used by client: '${kid}']`,
    ),
  assertionIssuer: () =>
    entraError(
      'invalid_grant',
      50013,
      'Assertion is invalid. The token issuer does not match the tenant and the version.',
    ),
  /** microsoft-teams-apps-company-communicator#214. */
  assertionAudience: (audience: string, clientId: string, name: string) =>
    entraError(
      'invalid_grant',
      500131,
      `Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '${audience}' and the expected audience is '${clientId}' or one of the Application Uris of this application with App ID '${clientId}'(${name}). The downstream client must request a token for the expected audience (the application that made the OBO request) and this application should use that token as the assertion.`,
    ),
  /** msgraph-sdk-dotnet#2551. */
  assertionTime: (now: string, until: string) =>
    entraError(
      'invalid_grant',
      500133,
      `Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token. Current time: ${now}, expiry time of assertion ${until}.`,
    ),
  /** microsoft-authentication-library-for-dotnet#2130. */
  appOnly: (clientId: string) =>
    entraError(
      'unauthorized_client',
      7000114,
      `Application '${clientId}' is not allowed to make application on-behalf-of calls.`,
    ),
  unknownUser: (tenant: string) =>
    entraError('invalid_grant', 50034, `The user account does not exist in the ${tenant} directory.`),
  /** azure-docs#39189. */
  consent: (clientId: string, name: string) =>
    entraError(
      'invalid_grant',
      65001,
      `The user or administrator has not consented to use the application with ID '${clientId}' named '${name}'. Send an interactive authorization request for this user and resource.`,
      { suberror: 'consent_required' },
    ),
  /** Microsoft identity platform, on-behalf-of flow. */
  interaction: (resource: string, claims: string) =>
    entraError(
      'interaction_required',
      50079,
      `Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multifactor authentication to access '${resource}'.`,
      { claims },
    ),
  /** microsoft-authentication-library-for-js#5491. */
  stepUp: (resource: string, claims: string) =>
    entraError(
      'invalid_grant',
      50076,
      `Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '${resource}'.`,
      { suberror: 'basic_action', claims },
    ),
};
