// One gateway in a process of its own, told to go while changes are under way. What happens inside is tested in
// test/server/stopping.test.ts; this is about the process, its signals and its exit code.
import { Agent } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { type Answered, post } from '../support/asking.ts';
import { until } from '../support/emulator.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { tokenOf } from '../support/product.ts';

const KEYS = ['one', 'two', 'three'];
const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { number } userErrors { code } } }`;
const READ = '{ me { displayName } }';

interface System extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly gateway: GatewayProcess;
  add(key: string): Promise<Answered>;
  /** Over a connection of its own. Null where nobody listens any more. */
  read(): Promise<Answered | null>;
}

/** Its changes take half a second at Microsoft Graph. */
async function start(drainDelayMs: number): Promise<System> {
  const emulator = await startEmulator({ clock: systemClock, random: seededRandom(7) });
  emulator.faults.add({ on: { method: 'POST' }, times: Number.POSITIVE_INFINITY, do: { delayMs: 500 } });
  const gateway = await startGatewayProcess({
    environment: {
      NODE_ENV: 'production',
      GRAPH_CLOUD: 'emulator',
      GRAPH_BASE_URL: emulator.url,
      AUTH_MODE: 'pass-through',
      PORT: '0',
      ADMIN_PORT: '0',
      LIMIT_EVENT_LOOP_DELAY_MS: '0',
      DRAIN_DELAY_MS: String(drainDelayMs),
      // One caller asks on and on, faster on a fast machine than one caller may.
      RATE_LIMIT: '0',
    },
  });
  const { url } = gateway;
  const token = tokenOf(emulator, 'innocenty');
  return {
    emulator,
    gateway,
    add(key) {
      const input = { number: numberOf(key), idempotencyKey: key };
      return post({ url, token, query: ADD, variables: { input } });
    },
    async read() {
      let isTaken = false;
      const sent = (): void => {
        isTaken = true;
      };
      const agent = new Agent({ keepAlive: true });
      const answered = await post({ url, token, query: READ, sent, agent });
      agent.destroy();
      return isTaken ? answered : null;
    },
    async [Symbol.asyncDispose]() {
      gateway.signal('SIGKILL');
      await gateway.ended;
      await emulator.close();
    },
  };
}

function numberOf(key: string): string {
  return `+1 425 555 019${KEYS.indexOf(key)}`;
}

async function saysThatItGoes({ adminUrl }: GatewayProcess): Promise<boolean> {
  const response = await fetch(`${adminUrl}/readyz`);
  await response.arrayBuffer();
  return response.status === 503;
}

/** Three changes that have arrived at Microsoft Graph and are not answered. */
async function underWay({ add, emulator }: System): Promise<Promise<Answered>[]> {
  const answers = KEYS.map(add);
  await until(() => emulator.calls.filter(({ method }) => method === 'POST').length === KEYS.length);
  return answers;
}

function expectDone(answers: readonly Answered[], { emulator }: System): void {
  expect(answers.map(({ status, payload }) => [status, payload?.phone?.number])).toEqual(
    KEYS.map((key) => [200, numberOf(key)]),
  );
  const posts = emulator.calls.filter(({ method }) => method === 'POST');
  expect(posts.map(({ status }) => status)).toEqual(KEYS.map(() => 201));
}

describe('A process that is told to go', () => {
  it('is not ready, answers for the time of the delay, finishes what it is at, and exits with 0', async () => {
    await using system = await start(2_500);
    const { gateway } = system;
    const answers = await underWay(system);

    gateway.signal('SIGTERM');
    await until(() => saysThatItGoes(gateway));
    const during: Answered[] = [];
    for (let read = await system.read(); read !== null; read = await system.read()) during.push(read);

    expectDone(await Promise.all(answers), system);
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(during.length).toBeGreaterThan(0);
    expect(during.map(({ status }) => status)).toEqual(during.map(() => 200));
    expect(during[0]?.headers.connection).toBe('close');
  });

  it('is in a hurry when it is told again, and finishes what it is at all the same', async () => {
    await using system = await start(300_000);
    const { gateway } = system;
    const answers = await underWay(system);

    gateway.signal('SIGTERM');
    await until(() => saysThatItGoes(gateway));
    gateway.signal('SIGTERM');

    expectDone(await Promise.all(answers), system);
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });
});
