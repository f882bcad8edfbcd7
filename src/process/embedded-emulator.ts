// The embedded emulator. Starts it when the configuration asks for one, and returns the configuration of a gateway that
// connects to it: its URL, the gateway's registration, and a token for the explorer.
import type { Emulator } from '../../emulator/emulator.ts';
import type { Config, Registration } from '../config/config.ts';
import type { Clock } from '../runtime/clock.ts';
import { seededRandom } from '../runtime/random.ts';
import { demoHeaders } from './ready-message.ts';

/** The seed of the emulator's tenant, which is the same on every machine. */
const EMULATOR_SEED = 20_200_706;

export interface EmulatorSetup {
  /** Null when the gateway connects to a remote Microsoft Graph. */
  readonly emulator: Emulator | null;
  /** The configuration of a gateway that connects to the emulator as to a remote Graph. */
  readonly config: Config;
  /** Headers that the explorer is filled in with. */
  readonly explorerHeaders: Readonly<Record<string, string>>;
}

export async function startEmbeddedEmulator(config: Config, clock: Clock): Promise<EmulatorSetup> {
  if (config.graph.kind === 'remote') return { emulator: null, config, explorerHeaders: {} };
  // Loaded on demand: production does not need it.
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

/** Environment variables that connect another gateway process to the emulator. None for a remote Microsoft Graph. */
export function emulatorVariables({ emulator }: EmulatorSetup): Record<string, string> {
  if (emulator === null) return {};
  const { url, entra } = emulator;
  return {
    GRAPH_BASE_URL: url,
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.gateway.clientId,
    AZURE_CLIENT_SECRET: entra.gateway.clientSecret,
    AZURE_AUTHORITY_HOST: entra.authority,
    // Cleared, because they take precedence over the secret.
    AZURE_FEDERATED_TOKEN_FILE: '',
    AZURE_CLIENT_CERTIFICATE_PATH: '',
  };
}
