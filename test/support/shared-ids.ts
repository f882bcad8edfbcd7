// Starts the gateway with a tenant in which phones of several users have the same id, and some the same numbers and names.
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import { type Environment, readConfig } from '../../src/config/config.ts';
import { startStandalone } from '../../src/process/standalone.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { type Answer, ask, tokenOf } from './product.ts';

export interface SharedIds extends AsyncDisposable {
  readonly url: string;
  readonly emulator: Emulator;
  /** The token of a user who may change the phones of all users. */
  readonly token: string;
  /** Three users who each have a phone with this Graph id and a different number. */
  readonly people: readonly SharingPerson[];
  readonly graphId: string;
  /** Sends an operation with that token. */
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>;
}

export interface SharingPerson {
  readonly id: string;
  readonly number: string;
}

export async function startSharedIds(environment: Environment = {}): Promise<SharedIds> {
  const random = seededRandom(12);
  const emulator = await startEmulator({ clock: systemClock, random, people: 60, sharedIds: true });
  const { config } = readConfig({
    PORT: '0',
    ADMIN_PORT: '0',
    GRAPH_BASE_URL: emulator.url,
    AUTH_MODE: 'pass-through',
    RATE_LIMIT: '0',
    ...environment,
  });
  if (config === null) throw new Error('the configuration is wrong');
  const product = await startStandalone(config, { clock: systemClock, random, logger: silentLogger });
  const token = tokenOf(emulator, 'admin');
  return {
    url: product.url,
    emulator,
    token,
    ...sharing(emulator),
    ask: (query, variables) => ask(product.url, token, query, variables),
    async [Symbol.asyncDispose]() {
      await product.close();
      await emulator.close();
    },
  };
}

function sharing(emulator: Emulator): Pick<SharedIds, 'people' | 'graphId'> {
  const graphId = emulator.phonesOf(emulator.people[0]?.id ?? '')[0]?.id ?? '';
  const people: SharingPerson[] = [];
  for (const { id } of emulator.people) {
    const number = emulator.phonesOf(id).find((phone) => phone.id === graphId)?.number ?? null;
    const isOther = people.every((known) => known.number !== number);
    if (number !== null && number !== '' && isOther) people.push({ id, number });
  }
  return { people: people.slice(0, 3), graphId };
}
