// The gateway in one process: the application, the admin port and, when configured, the embedded emulator. Handles signals.
import type { Emulator } from '../../emulator/emulator.ts';
import { type AppDependencies, startApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import { createLog } from '../observability/logger.ts';
import { systemClock } from '../runtime/clock.ts';
import { disableCodeGeneration } from '../runtime/code-generation.ts';
import { watchEventLoop } from '../runtime/event-loop.ts';
import { systemRandom } from '../runtime/random.ts';
import { startAdmin } from '../server/admin.ts';
import type { Store } from '../store/store.ts';
import { startEmbeddedEmulator } from './embedded-emulator.ts';
import { createProcessExit } from './exit.ts';
import { drainTime, handleFatalErrors } from './fatal-errors.ts';
import { readyMessage } from './ready-message.ts';

export interface Standalone {
  readonly url: string;
  readonly adminUrl: string;
  /** Null when the gateway connects to a remote Microsoft Graph. */
  readonly emulator: Emulator | null;
  /** Opens the audit file again, after a log rotation has renamed it. */
  reopenAudit(): void;
  close(): Promise<void>;
}

/**
 * Starts the gateway. Resolves when it listens.
 *
 * @param dependencies a `store`, if given, replaces the configured one. The caller closes it
 */
export async function startStandalone(
  config: Config,
  dependencies: AppDependencies & { readonly store?: Store },
): Promise<Standalone> {
  const { random } = dependencies;
  const {
    emulator,
    config: settled,
    explorerHeaders,
  } = await startEmbeddedEmulator(config, dependencies.clock);
  const secrets = { principals: random.bytes(32), audit: random.bytes(32) };
  const app = await startApp(settled, dependencies, {
    store: dependencies.store ?? null,
    ...secrets,
    explorerHeaders,
  });
  const admin = await startAdmin({ host: config.host, port: config.adminPort, ...app });
  async function closeRest(): Promise<void> {
    await admin.close();
    await emulator?.close();
  }
  let closed: Promise<void> | null = null;
  return {
    url: app.url,
    adminUrl: admin.url,
    emulator,
    reopenAudit: app.reopenAudit,
    async close() {
      await app.close();
      closed ??= closeRest();
      await closed;
    },
  };
}

/** Runs until a signal stops it. Rejects when it cannot start. */
export async function runStandalone(config: Config): Promise<void> {
  const log = createLog(config.logLevel, null, systemClock);
  const processExit = createProcessExit(process, {
    clock: systemClock,
    log,
    timeoutMs: drainTime(config),
    exit: (code) => process.exit(code),
  });
  const dependencies = {
    clock: systemClock,
    random: systemRandom,
    logger: log.logger,
    lostLogLines: log.lost,
    eventLoop: watchEventLoop(systemClock),
  };
  const gateway = await startStandalone(config, dependencies);
  disableCodeGeneration();
  handleFatalErrors(process, { logger: log.logger, processExit, drain: gateway.close });
  if (config.audit?.to.kind === 'file') process.on('SIGHUP', () => gateway.reopenAudit());
  const stop = async (): Promise<void> => {
    processExit.begin();
    await gateway.close();
    await processExit.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  // The launcher (bin/run.js) has ended. It is the parent where it cannot replace itself with the program.
  process.on('disconnect', () => void stop());
  // Printed last, because a reader of the message may send a signal at once.
  process.stdout.write(readyMessage(config, gateway));
}
