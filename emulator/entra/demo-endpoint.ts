// `POST /emulator/token`: issues signed tokens without authentication, for `npm run token`. Entra ID has no such
// endpoint. By default the emulator listens on 127.0.0.1 only, and the tokens are valid only for it and for a gateway
// that trusts it.

import type { Payload } from '../graph/request.ts';
import type { EmulatorResponse } from '../graph/responses.ts';
import { json } from '../graph/responses.ts';
import { DEMO_TOKENS } from '../tenant/demo.ts';
import type { EntraControl } from './control.ts';
import type { TokenOverrides } from './issue-token.ts';

export const DEMO_PATH = '/emulator/token';

export interface DemoRequest {
  readonly name?: string;
  /** Default: `gateway`. */
  readonly for?: string;
}

/** Returns `{token, name, for}`, or an error with the known names. */
export async function handleDemoRequest(
  control: EntraControl,
  method: string,
  request: DemoRequest,
): Promise<EmulatorResponse> {
  if (method !== 'POST') return json(405, { error: 'the method must be POST' }, { Allow: 'POST' });
  const { name, for: target = 'gateway' } = request;
  if (target !== 'gateway' && target !== 'graph') return json(400, { error: 'for must be gateway or graph' });
  if (name === undefined) return json(400, { error: 'name is required', names: NAMES });
  const token = await tokenFor(control, name, target);
  if (token === undefined) return json(404, { error: `there is no user named ${name}`, names: NAMES });
  return json(200, { token, name, for: target });
}

const NAMES = DEMO_TOKENS.map(({ name, description }) => ({ name, description }));
/** The roles at the gateway of the applications without a user. */
const GATEWAY_ROLES: Readonly<Record<string, readonly string[]>> = {
  service: ['Phones.Read.All'],
  'service-writer': ['Phones.ReadWrite.All'],
};

async function tokenFor(
  control: EntraControl,
  name: string,
  target: 'gateway' | 'graph',
): Promise<string | undefined> {
  const gatewayRoles = Object.hasOwn(GATEWAY_ROLES, name) ? GATEWAY_ROLES[name] : undefined;
  if (gatewayRoles !== undefined) {
    const graphRoles = DEMO_TOKENS.find((demo) => demo.name === name)?.roles ?? [];
    return target === 'gateway' ? control.appToken(gatewayRoles) : control.graphAppToken(graphRoles);
  }
  const overrides: TokenOverrides = name === 'expired' ? { expiresInSeconds: -60 } : {};
  const user = name === 'expired' ? 'innocenty' : name;
  const issue = target === 'gateway' ? control.userToken : control.graphToken;
  return issue(user, overrides).catch((error: unknown) => {
    if (error instanceof TypeError) return undefined;
    throw error;
  });
}

/** The known members of a request; others are ignored. */
export function readDemoRequest(payload: Payload): DemoRequest {
  const { name, for: target } = parse(payload);
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof target === 'string' ? { for: target } : {}),
  };
}

function parse(payload: Payload): { name?: unknown; for?: unknown } {
  if (payload === undefined || !('text' in payload)) return {};
  try {
    const value: unknown = JSON.parse(payload.text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
