// The command line: reads the environment and the arguments, and runs one process or a pool of workers. No other file of
// the gateway reads process.env.
import cluster from 'node:cluster';
import { readDocuments } from './app.ts';
import { readCredential } from './auth/credential.ts';
import { type Config, type Environment, readConfig } from './config/config.ts';
import { setEngineFlags } from './process/engine-flags.ts';
import { runStandalone } from './process/standalone.ts';
import { startProblems } from './process/start-problems.ts';
import { countWorkers } from './process/worker-shares.ts';

/** Rejects with a CredentialError when the credential cannot be read. */
async function checkCredential({ auth }: Config): Promise<void> {
  if (auth.mode === 'entra' && auth.registration !== 'emulator')
    await readCredential(auth.registration.credential);
}

/** The members of the configuration that are secret. */
const SECRETS: ReadonlySet<string> = new Set(['secret', 'password']);

/** The parsed configuration as JSON, with its secrets masked. */
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

/** Prints the problems that an operator can fix, and exits with 1. Rethrows any other error. */
function exitFor(error: unknown): never {
  const lines = startProblems(error);
  if (lines === null) throw error;
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

async function run(): Promise<void> {
  setEngineFlags();
  if (cluster.isWorker) {
    const { runWorker } = await import('./process/worker.ts');
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
    // Loaded on demand, because a single process does not need it.
    const { runPrimary } = await import('./process/primary.ts');
    await runPrimary(config, workers).catch(exitFor);
    return;
  }
  await runStandalone(config).catch(exitFor);
}

if (import.meta.main) await run();
