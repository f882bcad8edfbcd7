// An emulator of Microsoft Graph for the phones of profiles, and of the Entra ID that issues its tokens. Starts both
// services on one local port, and returns an object to inspect, control and close them. Imports nothing of the gateway.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import { createControlApi } from './control/control-api.ts';
import type { EntraControl } from './entra/control.ts';
import { createEntra } from './entra/entra.ts';
import { createLatency, type LatencyOptions } from './faults/latency.ts';
import type { RandomFaultsOptions } from './faults/random-faults.ts';
import { createRandomFaults } from './faults/random-faults.ts';
import type { Faults } from './faults/rules.ts';
import { createFaults } from './faults/rules.ts';
import { createTokens } from './graph/tokens.ts';
import { createTicker } from './odata/instants.ts';
import type { SourceForm, Variant } from './odata/model.ts';
import { phoneModel } from './odata/model.ts';
import { createAdjustableClock } from './runtime/adjustable-clock.ts';
import { type Clock, systemClock } from './runtime/clock.ts';
import { type Random, seededRandom } from './runtime/random.ts';
import type { Call } from './server/calls.ts';
import { createRequestHandler } from './server/request-handler.ts';
import { createGraphService } from './server/service.ts';
import type { Cloud } from './tenant/clouds.ts';
import type { DemoToken } from './tenant/demo.ts';
import { openFile } from './tenant/persist.ts';
import { createSeed, DEFAULT_SEED, LARGEST_TENANT, SMALLEST_TENANT } from './tenant/seed.ts';
import { shareIds } from './tenant/shared-ids.ts';
import type { Store, StoredPhone } from './tenant/tenant.ts';
import { createStore } from './tenant/tenant.ts';

export type { ChallengeForm, ClaimsRequest } from './entra/challenges.ts';
export type { ClientCertificate, EntraControl } from './entra/control.ts';
export type { TokenOverrides } from './entra/issue-token.ts';
export type { FaultAction, FaultRule, Faults, StaticResponse } from './faults/rules.ts';
export type { Scenario } from './faults/scenarios.ts';
export { SCENARIO_GROUPS, SCENARIOS } from './faults/scenarios.ts';
export type { EmulatorResponse } from './graph/responses.ts';
export type { Clock } from './runtime/clock.ts';
export type { Random } from './runtime/random.ts';
export { seededRandom } from './runtime/random.ts';
export type { BatchItemCall, Call } from './server/calls.ts';
export type { Cloud, Issuers } from './tenant/clouds.ts';
export type { DemoToken } from './tenant/demo.ts';
export { FIXTURES } from './tenant/fixtures.ts';
export type { StoredPhone } from './tenant/tenant.ts';

export interface EmulatorOptions {
  /** 0, the default, uses a free port. */
  port?: number;
  /** The address to listen on. Default: 127.0.0.1. Whoever can connect can control the emulator without a token. */
  host?: string;
  /** Default: the system clock. */
  clock?: Clock;
  /**
   * For ids, the initial tenant, and the order of batch responses. The same source produces the same tenant. Default:
   * `seededRandom(2020)`.
   */
  random?: Random;
  /** Whether to serve the paths of the documentation's early drafts. Default: false. */
  drafts?: boolean;
  /** A JSON file that keeps the tenant between runs. Its folder must exist. */
  file?: string;
  /** The number of users, 12 to 100,000. Default: 200. Ignored when the file holds a tenant. */
  people?: number;
  /** Whether users share the ids of phones, and some numbers and names. Default: false. */
  sharedIds?: boolean;
  /** `usgov` lacks isSearchable and sources, and has a single source type where `prod`, the default, has a list. */
  variant?: Variant;
  /**
   * The accepted form of `source.type`: text, as in the documentation, or a list, as in the metadata of `prod`. The
   * other form is rejected. `either`, the default, accepts both. `usgov` never accepts a list.
   */
  sourceForm?: SourceForm;
  /**
   * The Microsoft cloud to stand in for. Tokens name its issuers, and Graph accepts tokens for its root. When absent,
   * the emulator issues tokens in its own name, for the global root.
   */
  cloud?: Cloud;
  /**
   * The authority of Entra ID: an origin such as `https://login.emulator.invalid`, for clients that connect through a
   * TLS proxy. Default: the emulator's url.
   */
  authority?: string;
  /** Random faults, in addition to the fault rules; none when absent. */
  randomFaults?: RandomFaultsOptions;
  /** The latency of every request; a batch counts as one. None when absent. */
  latency?: LatencyOptions;
}

export interface DemoPerson {
  readonly id: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string;
  readonly mail: string | null;
  /** The number of phones. */
  readonly phones: number;
}

export interface Emulator {
  /** Such as `http://127.0.0.1:4010`, with the host of the options. Paths begin with `/beta/`. */
  readonly url: string;
  /** The HTTP requests that were received, oldest first; the last 10,000. */
  readonly calls: readonly Call[];
  readonly faults: Faults;
  readonly people: readonly DemoPerson[];
  readonly tokens: readonly DemoToken[];
  /** Controls Entra ID, and issues signed tokens. */
  readonly entra: EntraControl;
  /** Copies of a user's phones, oldest first. */
  phonesOf(userId: string): readonly StoredPhone[];
  clearCalls(): void;
  /** Advances the clock of the emulator by `ms` milliseconds, and ends the delays whose time has passed. */
  advanceClock(ms: number): void;
  /** The number of open connections, active or idle. */
  connections(): Promise<number>;
  /** Restores the initial tenant, and removes calls, faults and challenges. Keeps the signing keys and the clock. */
  reset(): void;
  /** Closes every connection and aborts requests in progress. Rejects when the file could not be written. */
  close(): Promise<void>;
}

/** @throws TypeError for an option out of range, and any error of listening or of reading the file */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = createAdjustableClock(options.clock ?? systemClock);
  const { random = seededRandom(DEFAULT_SEED), host = '127.0.0.1' } = options;
  const { variant = 'prod', sourceForm = 'either', drafts = false } = options;
  const people = checkPeople(options.people ?? 200);
  const made = createSeed({ clock, random, people });
  const seed = options.sharedIds === true ? shareIds(made) : made;
  const file = options.file === undefined ? undefined : await openFile(options.file, clock);
  const store = createStore(file?.found ?? seed, () => file?.changed(store.snapshot));
  const faults = createFaults(
    options.randomFaults === undefined ? undefined : createRandomFaults(options.randomFaults),
  );
  const calls: Call[] = [];
  let url = '';
  const entra = createEntra({
    clock,
    random,
    find: store.user,
    url: () => url,
    authority: checkAuthority(options.authority),
    cloud: options.cloud,
  });
  const tokens = createTokens({ find: store.user, signed: entra.signed, challenges: entra.challenges });
  const closing = new AbortController();
  const moment = createTicker(clock, random);
  const state = { store, random, variant, sourceForm, phones: phoneModel(variant), drafts, moment };
  const shared = { tokens, faults, clock, random, closing: closing.signal };
  const graph = createGraphService({ ...shared, state });
  const latency =
    options.latency === undefined
      ? undefined
      : createLatency(options.latency, { clock, closing: closing.signal });
  const clearCalls = (): void => {
    calls.length = 0;
  };
  const reset = (): void => {
    store.restore(seed);
    faults.clear();
    entra.reset();
    clearCalls();
  };
  const control = createControlApi({ faults, calls, clock, clearCalls, reset });
  const handleRequest = createRequestHandler({ ...shared, graph, entra, control, calls, latency });
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    handleRequest(request, response).catch(() => response.destroy());
  });
  if (file?.found === undefined) file?.changed(store.snapshot);
  url = `http://${isIPv6(host) ? `[${host}]` : host}:${await listen(server, options.port ?? 0, host)}`;

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
    entra: entra.control,
    phonesOf: (userId) => structuredClone(store.phones(userId)),
    clearCalls,
    advanceClock: clock.advance,
    connections: () => promisify(server.getConnections.bind(server))(),
    reset,
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
  return store.users().map(({ id, displayName, userPrincipalName, mail }) => {
    return { id, displayName, userPrincipalName, mail, phones: store.phones(id).length };
  });
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Does not wait for requests in progress, since one that hangs would never end. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
