// What befalls gateways and Redis while people work, and how all of it comes to rest.
import { systemClock } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import type { Fleet } from '../support/fleet.ts';
import { type History, idle, pickFrom } from './history.ts';

/** Times that everybody asks once more: the first finds what was under way, the next what came to nothing. */
const ROUNDS = 3;

export interface Disturbance {
  /** Ends it. Everything runs then. */
  over(): Promise<void>;
}

/** Goes on until it is told to stop. */
export function disturb(fleet: Fleet, seed: number): Disturbance {
  const random = seededRandom(seed);
  const stop = new AbortController();
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

  async function goOn(): Promise<void> {
    await pause(500);
    while (!stop.signal.aborted) {
      await pickFrom(random, [killOne, killOne, rollOne, freezeRedis, freezeRedis, restartRedis])();
      await pause(1_000);
    }
  }

  const going = goOn();
  return {
    async over() {
      stop.abort();
      await going;
    },
  };
}

/** With all trouble over, every key comes to its phone. Resolves with what is wrong. */
export async function settle(fleet: Fleet, histories: readonly History[]): Promise<readonly string[]> {
  fleet.emulator.faults.clear();
  let open: readonly string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await idle(fleet);
    await fleet.emulatorIdle();
    await fleet.leap();
    open = (await Promise.all(histories.map((history) => history.ask()))).flat();
  }
  return [...open, ...histories.flatMap((history) => history.flaws())];
}
