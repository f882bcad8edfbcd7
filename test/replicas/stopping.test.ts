// A gateway process that is stopped while mutations are in flight: its signals and its exit code. The shutdown itself is
// tested in test/server/stopping.test.ts.
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
  /** Sends a request on a new connection. Null when the port is closed. */
  read(): Promise<Answered | null>;
}

/** A gateway whose mutations take half a second at Microsoft Graph. */
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
      // The rate limit is off, because one caller sends requests as fast as the machine allows.
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

/** Three mutations that wait for Microsoft Graph. */
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

describe('A process that gets SIGTERM', () => {
  it('is not ready, serves requests during the drain delay, completes those in flight, and exits with 0', async () => {
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

  it('skips the drain delay after a second signal, and still completes the requests in flight', async () => {
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
