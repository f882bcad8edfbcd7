// The emulator in its own process. The parent can start faults of all kinds at a rate, and request tokens and the numbers of
// all phones.

import { SCENARIOS, startEmulator } from '../emulator/emulator.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { type Random, seededRandom } from '../src/runtime/random.ts';

export interface Facts {
  readonly url: string;
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly people: readonly string[];
}

export type Question =
  | { readonly id: number; readonly kind: 'facts' }
  | { readonly id: number; readonly kind: 'token'; readonly person: string }
  | { readonly id: number; readonly kind: 'faults'; readonly on: boolean }
  | { readonly id: number; readonly kind: 'numbers' };

const [percent = '0'] = process.argv.slice(2);
let isTroubled = false;
const chance = seededRandom(2020);
/** A fault is injected when a random fraction is below the rate. In quiet phases the rate is 0. */
const random: Random = { ...chance, fraction: () => (isTroubled ? chance.fraction() : 1) };
/** All faults but the one that throttles a user for ten minutes. Soon no user could send requests. */
const scenarios = SCENARIOS.filter(({ name }) => name !== 'throttled-huge');
const randomFaults = { scenarios, rate: Number(percent) / 100, random };
const emulator = await startEmulator({ clock: systemClock, random: seededRandom(2020), randomFaults });

function facts(): Facts {
  const { url, entra, people } = emulator;
  return {
    url,
    authority: entra.authority,
    tenantId: entra.tenantId,
    clientId: entra.gateway.clientId,
    clientSecret: entra.gateway.clientSecret,
    people: people.map(({ id }) => id),
  };
}

async function answer(question: Question): Promise<unknown> {
  switch (question.kind) {
    case 'facts':
      return facts();
    case 'token':
      return emulator.entra.userToken(question.person);
    case 'faults':
      isTroubled = question.on;
      return isTroubled;
    case 'numbers':
      return emulator.people.flatMap(({ id }) => emulator.phonesOf(id).flatMap(({ number }) => number ?? []));
  }
}

process.on('message', (question: Question) => {
  answer(question).then((value) => process.send?.({ id: question.id, value }));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
