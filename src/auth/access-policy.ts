// Decides whether the holder of a valid access token may use the gateway: by tenant, by application, and by permission.
// For a user, Microsoft Graph also checks the user's own permissions. For app-only access, Graph sees only the
// permissions of the gateway, so the application roles checked here are the only limit for the calling application.
import { GatewayError } from '../runtime/errors.ts';
import type { AccessLevel } from '../runtime/principal.ts';
import type { TokenClaims } from './token-validation.ts';

export interface AccessPolicy {
  /** Ids of the tenants that may call. */
  readonly tenants: readonly string[];
  /** Client ids of the applications that may call. Null allows any application. */
  readonly clients: readonly string[] | null;
  /** The delegated permission (`scp`) that a user's token needs. */
  readonly requiredScope: string;
  /** Whether app-only tokens are accepted. */
  readonly appOnly: boolean;
  /** The full name of the required scope, as clients request it from Entra ID. */
  readonly scope: string;
}

export const READ_ROLE = 'Phones.Read.All';
export const WRITE_ROLE = 'Phones.ReadWrite.All';

/** @throws GatewayError FORBIDDEN */
export function authorize(claims: TokenClaims, policy: AccessPolicy): AccessLevel {
  const { tenantId, clientId, kind, scopes, roles } = claims;
  if (!policy.tenants.includes(tenantId))
    throw forbidden(
      'This gateway does not accept tokens of your organization. Ask its operator to add the tenant to ALLOWED_TENANTS.',
    );
  if (policy.clients !== null && !policy.clients.includes(clientId))
    throw forbidden(
      'This gateway does not accept tokens of this application. Ask its operator to add the client id to ALLOWED_CLIENTS.',
    );
  if (kind === 'user') {
    if (scopes.includes(policy.requiredScope)) return 'user';
    throw forbidden(
      `The access token lacks the scope ${policy.requiredScope}. Request a token with the scope ${policy.scope}.`,
    );
  }
  if (!policy.appOnly)
    throw forbidden('This gateway does not accept app-only tokens. Send a token on behalf of a user.');
  if (roles.includes(WRITE_ROLE)) return 'app-write';
  if (roles.includes(READ_ROLE)) return 'app-read';
  throw forbidden(
    `The application has neither the role ${READ_ROLE} nor the role ${WRITE_ROLE}. Ask an administrator of your organization to assign one.`,
  );
}

function forbidden(message: string): GatewayError {
  return new GatewayError('FORBIDDEN', message);
}
