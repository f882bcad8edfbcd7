// The Microsoft Entra ID endpoints of one cloud, and the issuer names in its tokens. An issuer can have another host than
// the endpoints, and depends on the token version. Sources: Microsoft identity platform, "Access tokens" (validate the
// issuer) and "National clouds".

export interface Authority {
  /** The origin of the endpoints, such as `https://login.microsoftonline.com`. */
  readonly host: string;
  /** The origins in the `iss` claim, by token version. The tenant id follows them. */
  readonly issuers: { readonly v1: string; readonly v2: string };
}

/** The `ver` claim of an access token. The registration of the API that the token is for selects the version. */
export type TokenVersion = '1.0' | '2.0';

export function isTokenVersion(value: unknown): value is TokenVersion {
  return value === '1.0' || value === '2.0';
}

/** The exact `iss` claim of a token of this tenant and version. */
export function issuerOf({ issuers }: Authority, tenantId: string, version: TokenVersion): string {
  return version === '1.0' ? `${issuers.v1}/${tenantId}/` : `${issuers.v2}/${tenantId}/v2.0`;
}

/** The tenant's JSON Web Key Set. Its keys sign tokens of both versions. */
export function jwksUri({ host }: Authority, tenantId: string): string {
  return `${host}/${tenantId}/discovery/v2.0/keys`;
}

export function tokenEndpoint({ host }: Authority, tenantId: string): string {
  return `${host}/${tenantId}/oauth2/v2.0/token`;
}

export function authorizationEndpoint({ host }: Authority, tenantId: string): string {
  return `${host}/${tenantId}/oauth2/v2.0/authorize`;
}
