// Faults of Entra ID. Without its tokens the gateway cannot call Microsoft Graph; without its keys it cannot validate
// tokens.
import type { FaultAction } from './rules.ts';
import type { Scenario } from './scenario.ts';

function tokenEndpoint(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: { path: '/oauth2/v2.0/token' }, do: action };
}

function keysEndpoint(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: { path: '/discovery/v2.0/keys' }, do: action };
}

export const entraScenarios: readonly Scenario[] = [
  tokenEndpoint('token-500', '500 from the token endpoint of Entra ID', { status: 500 }),
  tokenEndpoint('token-unavailable', '503 from the token endpoint of Entra ID', { status: 503 }),
  tokenEndpoint('token-throttled', '429 from the token endpoint of Entra ID, with Retry-After: 7', {
    status: 429,
    headers: { 'Retry-After': '7' },
  }),
  tokenEndpoint('token-hang', 'no response from the token endpoint of Entra ID', { hang: true }),
  tokenEndpoint('token-html', 'an HTML page with status 200 from the token endpoint of Entra ID', {
    html: 200,
  }),
  keysEndpoint('keys-down', 'a connection reset when the signing keys of Entra ID are requested', {
    reset: 'before',
  }),
  keysEndpoint(
    'keys-rotated',
    'signing keys that are rotated when they are requested, so that earlier tokens are invalid',
    {
      rotateKeys: true,
    },
  ),
];
