// Microsoft Entra ID of one cloud: where it is, and what it calls itself in the tokens it signs. The two differ, and
// the second depends on the version of the token. Sources: Microsoft identity platform, "Access tokens" (validate the
// issuer) and "National clouds".

export interface Authority {
  /** The origin that gives out tokens and keys, such as `https://login.microsoftonline.com`. */
  readonly host: string;
  /** The origins that stand in `iss`, before the tenant. */
  readonly issuers: { readonly v1: string; readonly v2: string };
}

/** `ver` of an access token: which of the two it is, is set in the registration of the application that it is for. */
export type TokenVersion = '1.0' | '2.0';

export function isTokenVersion(value: unknown): value is TokenVersion {
  return value === '1.0' || value === '2.0';
}

/** Who has to have signed a token of this tenant and version, to the letter. */
export function issuerOf({ issuers }: Authority, tenantId: string, version: TokenVersion): string {
  return version === '1.0' ? `${issuers.v1}/${tenantId}/` : `${issuers.v2}/${tenantId}/v2.0`;
}

/** The keys of a tenant; tokens of both versions are signed with them. */
export function keysUrl({ host }: Authority, tenantId: string): string {
  return `${host}/${tenantId}/discovery/v2.0/keys`;
}

export function tokenUrl({ host }: Authority, tenantId: string): string {
  return `${host}/${tenantId}/oauth2/v2.0/token`;
}

/** Where a person signs in. */
export function authorizeUrl({ host }: Authority, tenantId: string): string {
  return `${host}/${tenantId}/oauth2/v2.0/authorize`;
}
