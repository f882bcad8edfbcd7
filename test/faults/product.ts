// Starts the gateway with an emulator that injects faults. Delays of the emulator are ten times shorter; its dates are
// not changed. The random source is constant. Timers that the gateway sets in one turn for the same delay fire in one
// turn, so that the reads of a batch are retried as one batch.

import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { readConfig } from '../../src/config/config.ts';
import { startStandalone } from '../../src/process/standalone.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';

export interface FaultyProduct extends AsyncDisposable {
  readonly url: string;
  readonly adminUrl: string;
  readonly emulator: Emulator;
  /** Advances the gateway's clock by a day, so that every pause is over. */
  passDay(): void;
}

const DAY_MS = 86_400_000;

const SPEEDUP = 10;

export async function startFaultyProduct(
  deadlineMs: number,
  randomFaults?: EmulatorOptions['randomFaults'],
): Promise<FaultyProduct> {
  const emulator = await startEmulator({
    clock: fastClock,
    random: seededRandom(2020),
    people: 12,
    ...(randomFaults === undefined ? {} : { randomFaults }),
  });
  const { config, problems } = readConfig({
    PORT: '0',
    ADMIN_PORT: '0',
    GRAPH_BASE_URL: emulator.url,
    REQUEST_DEADLINE_MS: String(deadlineMs),
  });
  if (config === null) throw new Error(`the configuration is wrong: ${JSON.stringify(problems)}`);
  let passed = 0;
  const clock = { ...coalescingClock(), elapsed: () => systemClock.elapsed() + passed };
  const product = await startStandalone(config, { clock, random: constantRandom, logger: silentLogger });
  return {
    url: product.url,
    adminUrl: product.adminUrl,
    emulator,
    passDay() {
      passed += DAY_MS;
    },
    async [Symbol.asyncDispose]() {
      await product.close();
      await emulator.close();
    },
  };
}

const fastClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / SPEEDUP, signal),
};

/** Ids as usual, and the middle of the range for every random delay. */
const constantRandom: Random = { ...seededRandom(1), fraction: () => 0.5 };

function coalescingClock(): Clock {
  const now = new Map<number, (() => void)[]>();
  return {
    ...systemClock,
    schedule(ms, run) {
      let isOff = false;
      const unlessOff = () => {
        if (!isOff) run();
      };
      const others = now.get(ms);
      if (others !== undefined) others.push(unlessOff);
      else {
        const all = [unlessOff];
        now.set(ms, all);
        queueMicrotask(() => now.delete(ms));
        systemClock.schedule(ms, () => {
          for (const one of all) one();
        });
      }
      return () => {
        isOff = true;
      };
    },
  };
}
