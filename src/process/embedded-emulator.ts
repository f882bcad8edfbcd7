// The embedded emulator, where the configuration asks for one, and what the gateway has to know of it: where it is, how
// the gateway is registered with it, and with whose token the explorer begins.

import type { Emulator } from '../../emulator/emulator.ts';
import type { Config, Registration } from '../config/config.ts';
import type { Clock } from '../runtime/clock.ts';
import { seededRandom } from '../runtime/random.ts';
import { demoHeaders } from './ready-message.ts';

/** The emulator's tenant is the same on every machine. */
const EMULATOR_SEED = 20_200_706;

export interface EmulatorSetup {
  /** Null where Microsoft Graph is elsewhere. */
  readonly emulator: Emulator | null;
  /** The same configuration, for a gateway to which the emulator is a server like any other. */
  readonly config: Config;
  /** What the explorer is filled in with. */
  readonly explorerHeaders: Readonly<Record<string, string>>;
}

export async function startEmbeddedEmulator(config: Config, clock: Clock): Promise<EmulatorSetup> {
  if (config.graph.kind === 'remote') return { emulator: null, config, explorerHeaders: {} };
  // Only here, for in production nothing of it is needed.
  const { startEmulator } = await import('../../emulator/emulator.ts');
  const random = seededRandom(EMULATOR_SEED);
  const emulator = await startEmulator({ port: config.graph.port, clock, random });
  const { auth } = config;
  const settled: Config = {
    ...config,
    graph: { kind: 'remote', cloud: 'emulator', root: emulator.url },
    auth: auth.mode === 'entra' ? { ...auth, registration: registrationWith(emulator) } : auth,
  };
  return { emulator, config: settled, explorerHeaders: await demoHeaders(config, emulator) };
}

function registrationWith({ url, entra }: Emulator): Registration {
  return {
    tenantId: entra.tenantId,
    clientId: entra.gateway.clientId,
    credential: { kind: 'secret', secret: entra.gateway.clientSecret },
    authority: { host: entra.authority, issuers: entra.issuers },
    graphScope: `${url}/.default`,
  };
}

/** The variables that lead another gateway process to the emulator; none where Microsoft Graph is elsewhere. */
export function emulatorVariables({ emulator }: EmulatorSetup): Record<string, string> {
  if (emulator === null) return {};
  const { url, entra } = emulator;
  return {
    GRAPH_BASE_URL: url,
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.gateway.clientId,
    AZURE_CLIENT_SECRET: entra.gateway.clientSecret,
    AZURE_AUTHORITY_HOST: entra.authority,
    // They would come before the secret.
    AZURE_FEDERATED_TOKEN_FILE: '',
    AZURE_CLIENT_CERTIFICATE_PATH: '',
  };
}
