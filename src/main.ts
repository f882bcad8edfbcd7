// The composition root: reads the environment, picks the embedded or a remote Microsoft Graph, listens, handles
// signals. The only file that knows all the others, and the only one that reads process.env.
import cluster from 'node:cluster';
import type { Emulator } from '../emulator/emulator.ts';
import { type Outside, readDocuments, startService } from './app.ts';
import { readCredential } from './auth/credential.ts';
import { type Config, type Environment, readConfig } from './config/config.ts';
import { createLog } from './observability/logger.ts';
import { startSurroundings } from './process/embedded-emulator.ts';
import { tuneEngine } from './process/engine-flags.ts';
import { createEnding } from './process/exit.ts';
import { drainTime, handleFaults } from './process/fatal-errors.ts';
import { greeting } from './process/greeting.ts';
import { startProblems } from './process/start-problems.ts';
import { systemClock } from './runtime/clock.ts';
import { disableCodeGeneration } from './runtime/code-generation.ts';
import { watchEventLoop } from './runtime/event-loop.ts';
import { systemRandom } from './runtime/random.ts';
import { startAdmin } from './server/admin.ts';
import type { Store } from './store/store.ts';
import { countWorkers } from './workers/shares.ts';

export interface Product {
  readonly url: string;
  readonly adminUrl: string;
  /** Null where Microsoft Graph is elsewhere. */
  readonly emulator: Emulator | null;
  /** Goes on with the audit trail in what is now under its name, after the file was moved away. */
  reopenAudit(): void;
  close(): Promise<void>;
}

/**
 * Starts all that the configuration asks for, in this process. Resolves once the gateway listens.
 *
 * @param outside with the store that replicas share, closed by whoever brings it; without one, what the configuration says
 */
export async function startProduct(
  config: Config,
  outside: Outside & { readonly store?: Store },
): Promise<Product> {
  const { random } = outside;
  const { emulator, config: settled, explorerHeaders } = await startSurroundings(config, outside.clock);
  const secrets = { principals: random.bytes(32), audit: random.bytes(32) };
  const service = await startService(settled, outside, {
    store: outside.store ?? null,
    ...secrets,
    explorerHeaders,
  });
  const admin = await startAdmin({ host: config.host, port: config.adminPort, ...service });
  async function closeRest(): Promise<void> {
    await admin.close();
    await emulator?.close();
  }
  let closed: Promise<void> | null = null;
  return {
    url: service.url,
    adminUrl: admin.url,
    emulator,
    reopenAudit: service.reopenAudit,
    async close() {
      await service.close();
      closed ??= closeRest();
      await closed;
    },
  };
}

/** Rejects with a CredentialError when the credential cannot be read. */
async function checkCredential({ auth }: Config): Promise<void> {
  if (auth.mode === 'entra' && auth.registration !== 'emulator')
    await readCredential(auth.registration.credential);
}

/** The members of the configuration that are secret. */
const SECRETS: ReadonlySet<string> = new Set(['secret', 'password']);

/** The configuration as JSON, without its secrets. */
export function describe(config: Config): string {
  const withoutSecrets = (name: string, value: unknown) => (SECRETS.has(name) ? '***' : value);
  return `${JSON.stringify(config, withoutSecrets, 2)}\n`;
}

function configOrExit(environment: Environment): Config {
  const { config, problems } = readConfig(environment);
  if (config !== null) return config;
  for (const { variable, message } of problems) process.stderr.write(`${variable}: ${message}\n`);
  process.exit(1);
}

/** What the person who starts the program can mend is told in words; anything else is a fault of the program. */
function exitFor(error: unknown): never {
  const lines = startProblems(error);
  if (lines === null) throw error;
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

async function run(): Promise<void> {
  tuneEngine();
  if (cluster.isWorker) {
    const { runWorker } = await import('./worker.ts');
    runWorker(process.env);
    return;
  }
  const config = configOrExit(process.env);
  if (process.argv.includes('--check-config')) {
    try {
      readDocuments(config);
      await checkCredential(config);
    } catch (error) {
      exitFor(error);
    }
    process.stdout.write(describe(config));
    return;
  }
  const workers = countWorkers(config);
  if (workers > 1) {
    // Only here, since one process alone needs nothing of it.
    const { runPrimary } = await import('./primary.ts');
    await runPrimary(config, workers).catch(exitFor);
    return;
  }
  const log = createLog(config.logLevel, null, systemClock);
  const ending = createEnding(process, {
    clock: systemClock,
    log,
    patienceMs: drainTime(config),
    exit: (code) => process.exit(code),
  });
  const outside = {
    clock: systemClock,
    random: systemRandom,
    logger: log.logger,
    lostLogLines: log.lost,
    eventLoop: watchEventLoop(systemClock),
  };
  const product = await startProduct(config, outside).catch(exitFor);
  disableCodeGeneration();
  handleFaults(process, { logger: log.logger, ending, drain: product.close });
  if (config.audit?.to.kind === 'file') process.on('SIGHUP', () => product.reopenAudit());
  const leave = async (): Promise<void> => {
    ending.begin();
    await product.close();
    await ending.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void leave());
  // The launcher is gone, which could not go in this process's place (bin/run.js).
  process.on('disconnect', () => void leave());
  // Last: whoever reads it may send a signal at once.
  process.stdout.write(greeting(config, product));
}

if (import.meta.main) await run();
