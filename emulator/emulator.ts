// A Microsoft Graph of one's own, for the phones of profiles, and the Entra ID that gives out tokens for it: starts both
// on a port of this machine, and hands out the means to watch them, to trouble them and to stop them. Shares no code with
// the gateway but clock and chance.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { EntraHandle } from './entra/control.ts';
import { createEntra } from './entra/entra.ts';
import { createLatency, type LatencyOptions } from './faults/latency.ts';
import type { WeatherOptions } from './faults/random-faults.ts';
import { createWeather } from './faults/random-faults.ts';
import type { Faults } from './faults/rules.ts';
import { createFaults } from './faults/rules.ts';
import { createTokens } from './graph/tokens.ts';
import { createTicker } from './odata/instants.ts';
import type { SourceForm, Variant } from './odata/model.ts';
import { phoneModel } from './odata/model.ts';
import type { Clock } from './runtime/clock.ts';
import type { Random } from './runtime/random.ts';
import type { Call } from './server/calls.ts';
import { createExchange } from './server/exchange.ts';
import { createService } from './server/service.ts';
import type { Cloud } from './tenant/clouds.ts';
import type { DemoToken } from './tenant/demo.ts';
import { openFile } from './tenant/persist.ts';
import { createSeed, LARGEST_TENANT, SMALLEST_TENANT } from './tenant/seed.ts';
import { shareIds } from './tenant/shared-ids.ts';
import type { Store, StoredPhone } from './tenant/tenant.ts';
import { createStore } from './tenant/tenant.ts';

export type { ChallengeForm, ClaimsRequest } from './entra/challenges.ts';
export type { ClientCertificate, EntraHandle } from './entra/control.ts';
export type { TokenOverrides } from './entra/minting.ts';
export type { CannedAnswer, FaultAction, FaultRule, Faults } from './faults/rules.ts';
export type { Scenario } from './faults/scenarios.ts';
export { SCENARIO_GROUPS, SCENARIOS } from './faults/scenarios.ts';
export type { Answer } from './graph/responses.ts';
export type { BatchItemCall, Call } from './server/calls.ts';
export type { Cloud, Issuers } from './tenant/clouds.ts';
export type { DemoToken } from './tenant/demo.ts';
export { CAST } from './tenant/fixtures.ts';
export type { StoredPhone } from './tenant/tenant.ts';

export interface EmulatorOptions {
  /** 0, the default, takes a free one. Listens on 127.0.0.1 only. */
  port?: number;
  clock: Clock;
  /** Ids, the seed, and the order of batch answers. The same source gives the same tenant. */
  random: Random;
  /** Whether the paths of the documentation's early drafts are answered; false when absent. */
  drafts?: boolean;
  /** A JSON file that keeps the tenant between runs. Its folder must exist. */
  file?: string;
  /** How many people, 12 to 100,000; 200 when absent. Not looked at when the file has a tenant. */
  people?: number;
  /** Whether people share the ids of phones, and some numbers and names; false when absent. */
  sharedIds?: boolean;
  /** `usgov` lacks isSearchable and sources, and has one source type where `prod`, the default, has a list. */
  variant?: Variant;
  /**
   * Refuses `source.type` in another form than this one: a text, as the documentation shows it, or a list, as the
   * metadata of `prod` has it. `either`, the default, takes both; `usgov` takes no list in any case.
   */
  sourceForm?: SourceForm;
  /**
   * The deployment whose Entra ID and Graph this stands in for: its tokens name that one's issuers, and Graph takes
   * tokens that name that one's root. When absent, tokens are issued by the emulator itself, for the global root.
   */
  cloud?: Cloud;
  /**
   * What the emulator calls itself as Entra ID, an origin such as `https://login.emulator.invalid`, for clients that
   * come through something that speaks TLS. When absent, its own url.
   */
  authority?: string;
  /** Trouble that comes by chance, beside the scripted faults, as long as it runs; none when absent. */
  weather?: WeatherOptions;
  /** How long every request takes on its way, a batch as long as a single one; no time when absent. */
  latency?: LatencyOptions;
}

export interface DemoPerson {
  readonly id: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string;
  readonly mail: string | null;
  /** How many phones. */
  readonly phones: number;
}

export interface Emulator {
  /** Such as `http://127.0.0.1:4010`; paths begin with `/beta/`. */
  readonly url: string;
  /** Every HTTP request, oldest first; the last 10,000. */
  readonly calls: readonly Call[];
  readonly faults: Faults;
  readonly people: readonly DemoPerson[];
  readonly tokens: readonly DemoToken[];
  /** Entra ID, which gives out signed tokens. */
  readonly entra: EntraHandle;
  /** Copies of a person's phones, oldest first. */
  phonesOf(personId: string): readonly StoredPhone[];
  clearCalls(): void;
  /** Connections that are open, in use or not. */
  connections(): Promise<number>;
  /** The tenant back to what the seed was, no calls, no faults, no challenges. Keys that sign stay. */
  reset(): void;
  /** Ends every connection, and what is still going on with it. Rejects when the file could not be written. */
  close(): Promise<void>;
}

/** @throws TypeError for an option out of range, and whatever listening or reading the file throws */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { clock, random, variant = 'prod', sourceForm = 'either', drafts = false } = options;
  const people = checkPeople(options.people ?? 200);
  const made = createSeed({ clock, random, people });
  const seed = options.sharedIds === true ? shareIds(made) : made;
  const file = options.file === undefined ? undefined : await openFile(options.file, clock);
  const store = createStore(file?.found ?? seed, () => file?.changed(store.snapshot));
  const faults = createFaults(options.weather === undefined ? undefined : createWeather(options.weather));
  const calls: Call[] = [];
  let url = '';
  const entra = createEntra({
    clock,
    random,
    find: store.person,
    url: () => url,
    authority: checkAuthority(options.authority),
    cloud: options.cloud,
  });
  const tokens = createTokens({ find: store.person, signed: entra.signed, challenges: entra.challenges });
  const closing = new AbortController();
  const moment = createTicker(clock, random);
  const world = { store, random, variant, sourceForm, phones: phoneModel(variant), drafts, moment };
  const common = { tokens, faults, clock, random, closing: closing.signal };
  const graph = createService({ ...common, world });
  const latency =
    options.latency === undefined
      ? undefined
      : createLatency(options.latency, { clock, closing: closing.signal });
  const exchange = createExchange({ ...common, graph, entra, calls, latency });
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    exchange(request, response).catch(() => response.destroy());
  });
  if (file?.found === undefined) file?.changed(store.snapshot);
  url = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;

  return {
    url,
    calls,
    faults,
    get people() {
      return demoPeople(store);
    },
    get tokens() {
      return tokens.list();
    },
    entra: entra.handle,
    phonesOf: (personId) => structuredClone(store.phones(personId)),
    clearCalls() {
      calls.length = 0;
    },
    connections: () => promisify(server.getConnections.bind(server))(),
    reset() {
      store.restore(seed);
      faults.clear();
      entra.reset();
      calls.length = 0;
    },
    async close() {
      closing.abort();
      await stop(server);
      await file?.close();
    },
  };
}

function checkPeople(count: number): number {
  if (Number.isInteger(count) && count >= SMALLEST_TENANT && count <= LARGEST_TENANT) return count;
  throw new TypeError(
    `people must be a whole number from ${SMALLEST_TENANT} to ${LARGEST_TENANT}, not ${count}`,
  );
}

function checkAuthority(authority: string | undefined): string | undefined {
  if (authority === undefined || URL.parse(authority)?.origin === authority) return authority;
  throw new TypeError(`authority must be an origin such as https://login.emulator.invalid, not ${authority}`);
}

function demoPeople(store: Store): DemoPerson[] {
  return store.people().map(({ id, displayName, userPrincipalName, mail }) => {
    return { id, displayName, userPrincipalName, mail, phones: store.phones(id).length };
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Without waiting for anybody: a request that hangs would hold it up for ever. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
