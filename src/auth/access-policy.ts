// Who may come in, of those whose token is good: tenants and applications on their lists, with the permission it takes.
// Nobody gets anything here that they would not get from Microsoft Graph as a person; an application by itself gets
// what the gateway's own permissions allow, so its roles are all that stands between.
import { GatewayError } from '../runtime/errors.ts';
import type { Standing } from './callers.ts';
import type { Assertion } from './token-validation.ts';

export interface AdmissionRules {
  /** Tenants that may call. */
  readonly tenants: readonly string[];
  /** Applications that may call, by client id; null for any. */
  readonly clients: readonly string[] | null;
  /** The delegated permission that people have to have given the calling application. */
  readonly requiredScope: string;
  /** Whether applications by themselves are served at all. */
  readonly appOnly: boolean;
  /** The same permission as clients ask Entra ID for it. */
  readonly scope: string;
}

export const READ_ROLE = 'Phones.Read.All';
export const WRITE_ROLE = 'Phones.ReadWrite.All';

/** @throws GatewayError of FORBIDDEN */
export function admit(assertion: Assertion, rules: AdmissionRules): Standing {
  const { tenantId, clientId, kind, scopes, roles } = assertion;
  if (!rules.tenants.includes(tenantId))
    throw forbidden('This gateway does not serve your organization. Its operator decides which it serves.');
  if (rules.clients !== null && !rules.clients.includes(clientId))
    throw forbidden(
      'This gateway does not serve the application that calls. Its operator decides which it serves.',
    );
  if (kind === 'user') {
    if (scopes.includes(rules.requiredScope)) return 'person';
    throw forbidden(
      `The access token lacks the scope ${rules.requiredScope}. Get one for the scope ${rules.scope}.`,
    );
  }
  if (!rules.appOnly)
    throw forbidden('This gateway does not serve applications by themselves. Call it on behalf of a person.');
  if (roles.includes(WRITE_ROLE)) return 'app-writes';
  if (roles.includes(READ_ROLE)) return 'app-reads';
  throw forbidden(
    `The application has neither of the roles ${READ_ROLE} and ${WRITE_ROLE}. An administrator can give it one.`,
  );
}

function forbidden(message: string): GatewayError {
  return new GatewayError('FORBIDDEN', message);
}
