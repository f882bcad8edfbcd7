// What befalls gateways and Redis while people work, and how all of it comes to rest.
import { systemClock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { type Fleet, looking } from '../support/fleet.ts';
import { type Calmly, type History, idle, pickFrom } from './history.ts';

/** Times that everybody asks once more: the first finds what was under way, the next what came to nothing. */
const ROUNDS = 3;

export interface Disturbance {
  /** Without trouble for as long as it takes. */
  readonly calmly: Calmly;
  /** Ends it. Everything runs then. */
  over(): Promise<void>;
}

/** Begins once somebody has been told of a phone, and goes on until it is told to stop. */
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

  /** Trouble and calm take turns. */
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

/** With all trouble over, every key comes to its phone. Resolves with what is wrong. */
export async function settle(fleet: Fleet, histories: readonly History[]): Promise<readonly string[]> {
  fleet.emulator.faults.clear();
  // Of those who died in the middle there is nothing left but what they wrote down, and what they sent may still come.
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
