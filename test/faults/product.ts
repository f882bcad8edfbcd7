// The gateway before an emulator in trouble. The emulator's time runs ten times as fast, so that what takes it seconds
// takes a test tenths; what it says of dates stays true. Chance is the same every time, and what the gateway puts off in
// one turn for the same while comes back in one turn: then the reads of a batch are tried again as a batch.

import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { readConfig } from '../../src/config/config.ts';
import { startProduct } from '../../src/main.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';

export interface FaultyProduct extends AsyncDisposable {
  readonly url: string;
  readonly adminUrl: string;
  readonly emulator: Emulator;
  /** Moves the gateway's time on by a day, so that whatever it was to wait for is over. */
  passDay(): void;
}

const DAY_MS = 86_400_000;

const HASTE = 10;

export async function startFaultyProduct(
  deadlineMs: number,
  randomFaults?: EmulatorOptions['randomFaults'],
): Promise<FaultyProduct> {
  const emulator = await startEmulator({
    clock: hasty,
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
  const clock = { ...gathering(), elapsed: () => systemClock.elapsed() + passed };
  const product = await startProduct(config, { clock, random: even, logger: silentLogger });
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

const hasty: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / HASTE, signal),
};

/** Ids as ever, and waits in the middle of what they could be. */
const even: Random = { ...seededRandom(1), fraction: () => 0.5 };

function gathering(): Clock {
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
