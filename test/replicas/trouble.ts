// Faults of gateways and Redis under load, and the recovery from them.
import { systemClock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { type Fleet, looking } from '../support/fleet.ts';
import { type Calmly, type History, idle, pickFrom } from './history.ts';

/** Rounds of repeated calls. The first finds the calls in flight, the next those that had no effect. */
const ROUNDS = 3;

export interface Disturbance {
  /** Runs a function without faults. */
  readonly calmly: Calmly;
  /** Ends the faults. All processes are running then. */
  over(): Promise<void>;
}

/** Starts the faults after the first result, and continues until `stop`. */
export function disturb(fleet: Fleet, histories: readonly History[], seed: number): Disturbance {
  const random = seededRandom(seed);
  const stop = new AbortController();
  let last = Promise.resolve();
  const pause = (most: number): Promise<void> =>
    systemClock.sleep(random.fraction() * most, stop.signal).catch(() => {});

  async function killOne(): Promise<void> {
    const index = Math.floor(random.fraction() * fleet.urls.length);
    await fleet.kill(index);
    await fleet.restart(index);
  }

  async function rollOne(): Promise<void> {
    await fleet.roll(Math.floor(random.fraction() * fleet.urls.length));
  }

  async function freezeRedis(): Promise<void> {
    fleet.redis.freeze();
    await pause(600);
    fleet.redis.thaw();
  }

  async function restartRedis(): Promise<void> {
    await fleet.redis.kill();
    await pause(200);
    await fleet.redis.restart();
  }

  /** Alternates between faults and quiet. */
  const inTurn: Calmly = (run) => {
    const ended = last.then(run);
    last = ended.catch(() => {});
    return ended;
  };

  async function goOn(): Promise<void> {
    await looking(() => stop.signal.aborted || histories.some(({ told }) => told > 0));
    while (!stop.signal.aborted) {
      const one = pickFrom(random, [killOne, killOne, rollOne, freezeRedis, freezeRedis, restartRedis]);
      await inTurn(one);
      await pause(1_000);
    }
  }

  const going = goOn();
  return {
    calmly: inTurn,
    async over() {
      stop.abort();
      await going;
    },
  };
}

/** Resolves every key after the faults. Returns what is wrong. */
export async function settle(fleet: Fleet, histories: readonly History[]): Promise<readonly string[]> {
  fleet.emulator.faults.clear();
  // Only the stored records of killed gateways are left, and the writes that they sent may still arrive.
  await idle(fleet);
  await fleet.endLeases();
  await Promise.all(histories.map((history) => history.ask()));
  let open: readonly string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await idle(fleet);
    await fleet.emulatorIdle();
    await fleet.leap();
    open = (await Promise.all(histories.map((history) => history.ask()))).flat();
  }
  return [...open, ...histories.flatMap((history) => history.flaws())];
}
