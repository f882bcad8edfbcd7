// Entra ID in trouble: without its tokens nothing can be request of Microsoft Graph, without its keys nobody can be known.
import type { FaultAction } from './rules.ts';
import type { Scenario } from './scenario.ts';

function tokens(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: { path: '/oauth2/v2.0/token' }, do: action };
}

function keys(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: { path: '/discovery/v2.0/keys' }, do: action };
}

export const entraScenarios: readonly Scenario[] = [
  tokens('token-500', 'Entra ID answers a request for a token with 500', { status: 500 }),
  tokens('token-unavailable', 'Entra ID answers a request for a token with 503', { status: 503 }),
  tokens('token-throttled', 'Entra ID answers a request for a token with 429, to come back in 7 seconds', {
    status: 429,
    headers: { 'Retry-After': '7' },
  }),
  tokens('token-hang', 'Entra ID does not response a request for a token', { hang: true }),
  tokens('token-html', 'Entra ID answers a request for a token with a page of HTML', { html: 200 }),
  keys('keys-down', 'the keys that tokens are checked by cannot be had', { reset: 'before' }),
  keys(
    'keys-rotated',
    'the keys change as they are request for: what was signed before is signed by none of them',
    {
      rotateKeys: true,
    },
  ),
];
