// One process that is all of it: the embedded emulator where the configuration asks for one, the application and the admin
// port. It handles the signals of an operator.
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
  /** Null where Microsoft Graph is elsewhere. */
  readonly emulator: Emulator | null;
  /** Continues the audit trail in the file that now has its name, after the old one was moved away. */
  reopenAudit(): void;
  close(): Promise<void>;
}

/**
 * Starts everything that the configuration asks for. Resolves once the gateway listens.
 *
 * @param outside its `store`, where given, is used instead of the configured one; the caller closes it
 */
export async function startStandalone(
  config: Config,
  outside: AppDependencies & { readonly store?: Store },
): Promise<Standalone> {
  const { random } = outside;
  const { emulator, config: settled, explorerHeaders } = await startEmbeddedEmulator(config, outside.clock);
  const secrets = { principals: random.bytes(32), audit: random.bytes(32) };
  const service = await startApp(settled, outside, {
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

/** Runs until a signal ends it. Rejects when it cannot start. */
export async function runStandalone(config: Config): Promise<void> {
  const log = createLog(config.logLevel, null, systemClock);
  const ending = createProcessExit(process, {
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
  const product = await startStandalone(config, outside);
  disableCodeGeneration();
  handleFatalErrors(process, { logger: log.logger, ending, drain: product.close });
  if (config.audit?.to.kind === 'file') process.on('SIGHUP', () => product.reopenAudit());
  const leave = async (): Promise<void> => {
    ending.begin();
    await product.close();
    await ending.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void leave());
  // The launcher has ended, which could not put the program in its own place (bin/run.js).
  process.on('disconnect', () => void leave());
  // Printed last: a reader of the message may send a signal at once.
  process.stdout.write(readyMessage(config, product));
}
