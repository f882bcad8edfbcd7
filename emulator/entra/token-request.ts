// Reads token requests: parses the form and authenticates the client.
import type { Payload } from '../graph/request.ts';
import { ASSERTION_TYPE, checkClientAssertion } from './client-assertion.ts';
import { entraErrors } from './errors.ts';
import type { Application, Registrations, Tenant } from './registrations.ts';
import { HOME } from './registrations.ts';

export type Form = ReadonlyMap<string, string>;

/** Parameters by name. Empty ones count as absent. A body that is not a form has no parameters. */
export function readForm(headers: Readonly<Record<string, string>>, payload: Payload): Form {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded' || payload === undefined || !('text' in payload))
    return new Map();
  return new Map([...new URLSearchParams(payload.text)].filter(([, value]) => value !== ''));
}

/** @throws EntraError when it is absent */
export function requireParameter(form: Form, parameter: string): string {
  const value = form.get(parameter);
  if (value === undefined) throw entraErrors.missing(parameter);
  return value;
}

export interface ClientContext {
  readonly registrations: Registrations;
  readonly tenant: Tenant;
  /** The accepted audiences of client assertions. */
  readonly audiences: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Authenticates the client by a secret, in the form or in the header (RFC 6749, 2.3.1), or by a client assertion. */
export function authenticateClient(
  form: Form,
  authorization: string | undefined,
  { registrations, tenant, audiences, now }: ClientContext,
): Application {
  const basic = readBasic(authorization);
  const clientId = basic?.clientId ?? requireParameter(form, 'client_id');
  const app = registrations.find(clientId);
  if (app === undefined || tenant.id !== HOME.id) throw entraErrors.application(clientId, tenant.displayName);
  const secret = basic?.secret ?? form.get('client_secret');
  const assertion = form.get('client_assertion');
  if (secret === undefined && assertion === undefined) throw entraErrors.noCredential();
  if (app.secret === undefined) throw entraErrors.publicClient();
  if (assertion !== undefined) {
    if (form.get('client_assertion_type') !== ASSERTION_TYPE)
      throw entraErrors.parameter('client_assertion_type');
    checkClientAssertion(app, assertion, audiences, now);
  } else if (secret !== app.secret) throw entraErrors.secret(app.clientId);
  return app;
}

function readBasic(authorization: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [clientId = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  try {
    return { clientId: decodeURIComponent(clientId), secret: decodeURIComponent(secret.join(':')) };
  } catch {
    return undefined;
  }
}
