// `POST /emulator/token`: signed tokens for whoever asks, which Entra ID has nothing like. It is what `npm run token`
// talks to. The emulator listens on this machine only, and the tokens open nothing but it and a gateway that trusts it.

import type { Payload } from '../graph/request.ts';
import type { EmulatorResponse } from '../graph/responses.ts';
import { json } from '../graph/responses.ts';
import { DEMO_TOKENS } from '../tenant/demo.ts';
import type { EntraControl } from './control.ts';
import type { TokenOverrides } from './issue-token.ts';

export const DEMO_PATH = '/emulator/token';

export interface DemoRequest {
  readonly name?: string;
  /** `gateway` when absent. */
  readonly for?: string;
}

/** Answers `{token, name, for}`, or an error with the names that there are. */
export async function handleDemoRequest(
  entra: EntraControl,
  method: string,
  request: DemoRequest,
): Promise<EmulatorResponse> {
  if (method !== 'POST') return json(405, { error: 'only POST is known here' }, { Allow: 'POST' });
  const { name, for: target = 'gateway' } = request;
  if (target !== 'gateway' && target !== 'graph') return json(400, { error: 'for is gateway or graph' });
  if (name === undefined) return json(400, { error: 'say whose token, by name', names: NAMES });
  const token = await tokenFor(entra, name, target);
  if (token === undefined) return json(404, { error: `there is nobody called ${name}`, names: NAMES });
  return json(200, { token, name, for: target });
}

const NAMES = DEMO_TOKENS.map(({ name, description }) => ({ name, description }));
/** What the applications on their own may do at the gateway. */
const GATEWAY_ROLES: Readonly<Record<string, readonly string[]>> = {
  service: ['Phones.Read.All'],
  'service-writer': ['Phones.ReadWrite.All'],
};

async function tokenFor(
  entra: EntraControl,
  name: string,
  target: 'gateway' | 'graph',
): Promise<string | undefined> {
  const gatewayRoles = Object.hasOwn(GATEWAY_ROLES, name) ? GATEWAY_ROLES[name] : undefined;
  if (gatewayRoles !== undefined) {
    const graphRoles = DEMO_TOKENS.find((demo) => demo.name === name)?.roles ?? [];
    return target === 'gateway' ? entra.appToken(gatewayRoles) : entra.graphAppToken(graphRoles);
  }
  const overrides: TokenOverrides = name === 'expired' ? { expiresInSeconds: -60 } : {};
  const person = name === 'expired' ? 'innocenty' : name;
  const make = target === 'gateway' ? entra.userToken : entra.graphToken;
  return make(person, overrides).catch((error: unknown) => {
    if (error instanceof TypeError) return undefined;
    throw error;
  });
}

/** What can be read of a request; anything else in it is not looked at. */
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
