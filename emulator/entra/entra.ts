// Microsoft Entra ID, on the same port as Microsoft Graph: discovery, keys, and the token endpoint with the
// on-behalf-of and client credentials grants. Interactive sign-in is not emulated; EntraControl issues the tokens of
// users.
//
// MSAL rejects an authority with plain http (`authority_uri_insecure`, msal-common 16.16.1), and this server has no
// TLS. Tests cover two workarounds. 1. Configure the client with the authority `https://127.0.0.1:PORT/{tenant}`,
// `knownAuthorities: ['127.0.0.1:PORT']`, and `authorityMetadata` whose `token_endpoint` has http. The client then
// skips discovery and uses this endpoint. 2. Start the emulator with `authority: 'https://login.emulator.invalid'`,
// which its documents and issuers then name. The client's `networkClient` sends requests for this host to 127.0.0.1.

import type { EmulatorResponse, Stamp } from '../graph/responses.ts';
import { isGuid, json } from '../graph/responses.ts';
import type { SignedTokens } from '../graph/signed-tokens.ts';
import { createSignedTokens } from '../graph/signed-tokens.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { IncomingRequest, Service } from '../server/service.ts';
import type { Cloud } from '../tenant/clouds.ts';
import { namesOf } from '../tenant/clouds.ts';
import type { StoredUser } from '../tenant/tenant.ts';
import type { Challenges } from './challenges.ts';
import { createChallenges } from './challenges.ts';
import type { EntraControl } from './control.ts';
import { createControl } from './control.ts';
import { DEMO_PATH, handleDemoRequest, readDemoRequest } from './demo-endpoint.ts';
import { createDirectory } from './directory.ts';
import { EntraError } from './errors.ts';
import { createKeys } from './keys.ts';
import { createRegistrations } from './registrations.ts';
import { entraErrorResponse, entraResponseStyle } from './response-style.ts';
import { handleEntraRequest, isEntraPath } from './routes.ts';
import type { EntraState } from './state.ts';
import { withoutSecrets } from './token-endpoint.ts';
import { readForm } from './token-request.ts';

export interface EntraOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Finds a user of the current tenant by user principal name or id. */
  readonly find: (key: string) => StoredUser | undefined;
  /** The url of the emulator, once it listens. */
  readonly url: () => string;
  /** The origin of the authority. Default: the url. */
  readonly authority: string | undefined;
  readonly cloud: Cloud | undefined;
}

export interface Entra extends Service {
  /** Whether the path belongs to this service. */
  serves(url: string): boolean;
  readonly control: EntraControl;
  /** Validates the tokens that it signed, for Microsoft Graph. */
  readonly signed: SignedTokens;
  readonly challenges: Challenges;
  /** Removes registered credentials and challenges, and restores consent. Signing keys are kept. */
  reset(): void;
}

export function createEntra({ clock, random, find, url, authority, cloud }: EntraOptions): Entra {
  const authorityName = (): string => authority ?? url();
  const state: EntraState = {
    clock,
    random,
    keys: createKeys(),
    registrations: createRegistrations(),
    directory: createDirectory(find),
    challenges: createChallenges(),
    url,
    authority: authorityName,
    names: () => namesOf(cloud, url(), authorityName()),
  };
  const control = createControl(state);
  return {
    style: entraResponseStyle,
    serves: (target) => isDemoPath(target) || isEntraPath(target),
    recordedPath: pathOf,
    recordedBody(target, headers, payload) {
      if (payload === undefined || !('text' in payload)) return undefined;
      return isDemoPath(target) ? readDemoRequest(payload) : withoutSecrets(headers, payload.text);
    },
    handle: async (request) => ({ response: await respond(state, control, request), delivery: 'send' }),
    control,
    signed: createSignedTokens(state),
    challenges: state.challenges,
    reset() {
      for (const part of [state.registrations, state.directory, state.challenges]) part.reset();
    },
  };
}

function isDemoPath(target: string): boolean {
  return pathOf(target) === DEMO_PATH;
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? target;
}

async function respond(
  state: EntraState,
  control: EntraControl,
  request: IncomingRequest,
): Promise<EmulatorResponse> {
  const { method, url, headers, payload } = request;
  const stamp = stampFor(request);
  try {
    const response = isDemoPath(url)
      ? await handleDemoRequest(control, method, readDemoRequest(payload))
      : await handleEntraRequest(state, { method, url, headers, payload });
    return entraResponseStyle.withCommonHeaders(response, stamp);
  } catch (error) {
    if (error instanceof EntraError)
      return entraResponseStyle.withCommonHeaders(entraErrorResponse(error, stamp), stamp);
    const message = `The emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    return entraResponseStyle.withCommonHeaders(
      json(500, { error: 'emulator_failure', error_description: message }),
      stamp,
    );
  }
}

/** MSAL sends its client-request-id in the form. */
function stampFor({ headers, payload, stamp }: IncomingRequest): Stamp {
  const sent = readForm(headers, payload).get('client-request-id');
  return sent === undefined || !isGuid(sent) ? stamp : { ...stamp, clientRequestId: sent };
}
