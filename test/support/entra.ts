// A Microsoft Entra ID for tests: signing keys, and a token endpoint whose responses the test decides. It signs any claims.
// Its tokens for Microsoft Graph are the emulator's demo tokens, so the emulator's calls show whose token was used.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import { type Environment, readConfig } from '../../src/config/config.ts';
import { startStandalone } from '../../src/process/standalone.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { type Logger, silentLogger } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { type Answer, ask, tokenOf } from './product.ts';

export const TENANT = '11111111-aaaa-4aaa-8aaa-111111111111';
export const OTHER_TENANT = '22222222-bbbb-4bbb-8bbb-222222222222';
/** The client id of the gateway. */
export const GATEWAY = '33333333-cccc-4ccc-8ccc-333333333333';
export const SECRET = 'a-secret-of-the-gateway';
/** The client id of a calling application. */
export const CLIENT = '44444444-dddd-4ddd-8ddd-444444444444';
/** The object id of its service principal. */
export const CLIENT_PRINCIPAL = '55555555-eeee-4eee-8eee-555555555555';

export interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** Creating a key is slow, so tests share keys when they can. */
export async function makeKey(id: string, alg = 'RS256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const { kty, n, e, crv, x, y } = await exportJWK(publicKey);
  const material = kty === 'RSA' ? { n, e } : { crv, x, y };
  return { id, privateKey, jwk: { kty, ...material, use: 'sig', kid: id } as JWK };
}

export interface TokenRequest {
  readonly tenant: string;
  readonly form: Readonly<Record<string, string>>;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `hang` never responds, `reset` breaks the connection. */
export type TokenHandler = (request: TokenRequest) => TokenAnswer | 'hang' | 'reset' | Promise<TokenAnswer>;

export type Claims = Readonly<Record<string, unknown>>;

export interface TestEntra extends AsyncDisposable {
  readonly url: string;
  /** The published keys, by tenant. */
  readonly keys: Map<string, (JWK & { readonly issuer?: string })[]>;
  /** The response in place of the keys. Null sends the keys. */
  keyAnswer: unknown;
  /** `keys` breaks the connections of key requests, `all` those of all requests. */
  down: 'keys' | 'all' | null;
  /** The tenants whose keys were requested, in order. */
  readonly keyRequests: string[];
  readonly tokenRequests: TokenRequest[];
  onToken: TokenHandler;
}

export async function startEntra(key: SigningKey, onToken: TokenHandler): Promise<TestEntra> {
  const server = createServer((request, response) => void serve(entra, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const entra: TestEntra = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: new Map([
      [TENANT, [key.jwk]],
      [OTHER_TENANT, [key.jwk]],
    ]),
    keyAnswer: null,
    down: null,
    keyRequests: [],
    tokenRequests: [],
    onToken,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return entra;
}

async function serve(entra: TestEntra, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, tenant = '', ...path] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  const send = ({ status, body, headers }: TokenAnswer): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  if (path.join('/') === 'discovery/v2.0/keys') {
    entra.keyRequests.push(tenant);
    if (entra.down !== null) return void response.socket?.resetAndDestroy();
    return send({ status: 200, body: entra.keyAnswer ?? { keys: entra.keys.get(tenant) ?? [] } });
  }
  if (path.join('/') !== 'oauth2/v2.0/token') return send({ status: 404, body: {} });
  const form = Object.fromEntries(new URLSearchParams(await text(request)));
  entra.tokenRequests.push({ tenant, form });
  const answer = entra.down === 'all' ? 'reset' : await entra.onToken({ tenant, form });
  if (answer === 'reset') response.socket?.resetAndDestroy();
  else if (answer !== 'hang') send(answer);
}

/** Signs the claims unchanged. */
export function sign(
  key: SigningKey,
  claims: Claims,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.id, ...header })
    .sign(key.privateKey);
}

/** The claims of a user's version 2 token for the gateway. `changes` replaces claims; undefined removes a claim. */
export function userClaims(entra: { readonly url: string }, oid: string, changes: Claims = {}): Claims {
  const now = Math.floor(systemClock.now() / 1000);
  return {
    aud: GATEWAY,
    iss: `${entra.url}/${TENANT}/v2.0`,
    iat: now,
    nbf: now,
    exp: now + 3600,
    azp: CLIENT,
    oid,
    sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
    tid: TENANT,
    ver: '2.0',
    scp: 'Phones.ReadWrite',
    ...changes,
  };
}

/** The same for an application token. */
export function appClaims(
  entra: { readonly url: string },
  roles: readonly string[],
  changes: Claims = {},
): Claims {
  const { scp, ...claims } = userClaims(entra, CLIENT_PRINCIPAL);
  return { ...claims, sub: CLIENT_PRINCIPAL, idtyp: 'app', roles, ...changes };
}

export function tokenAnswer(token: string, expiresIn = 3600): TokenAnswer {
  const body = { token_type: 'Bearer', scope: 'User.ReadWrite', expires_in: expiresIn, access_token: token };
  return { status: 200, body };
}

export function refusal(error: string, rest: Claims = {}, status = 400): TokenAnswer {
  const body = {
    error,
    error_description: 'AADSTS99999: words that hold canary-description, a name or worse.',
    error_codes: [99999],
    timestamp: '2020-07-08 12:00:00Z',
    trace_id: '66666666-ffff-4fff-8fff-666666666666',
    correlation_id: '77777777-ffff-4fff-8fff-777777777777',
    ...rest,
  };
  return { status, body };
}

/** The user whose token is the assertion. */
export function personIn({ form }: TokenRequest): string {
  const payload = (form['assertion'] ?? '').split('.')[1] ?? '';
  return String(JSON.parse(Buffer.from(payload, 'base64url').toString()).oid);
}

export interface EntraProduct extends AsyncDisposable {
  readonly url: string;
  readonly adminUrl: string;
  readonly emulator: Emulator;
  readonly entra: TestEntra;
  /** A valid token of one of the emulator's demo users. */
  userToken(name: string, changes?: Claims): Promise<string>;
  appToken(roles: readonly string[], changes?: Claims): Promise<string>;
  ask(query: string, token: string | null, variables?: Record<string, unknown>): Promise<Answer>;
  /** Advances the time of the gateway only. */
  pass(ms: number): void;
}

export interface EntraProductOptions {
  readonly key: SigningKey;
  readonly environment?: Environment;
  readonly logger?: Logger;
  /** Another gateway whose Microsoft Graph and Entra ID this one uses too. Must be closed after this one. */
  readonly beside?: EntraProduct;
  /** A factor for its timeouts. More than 1 keeps a busy machine from looking like a slow Redis. */
  readonly patience?: number;
}

/** Exchanges the token of a user for the demo token of that user. */
function startEntraFor(emulator: Emulator, key: SigningKey): Promise<TestEntra> {
  return startEntra(key, (request) => {
    if (request.form['grant_type'] === 'client_credentials')
      return tokenAnswer(tokenOf(emulator, 'service-writer'));
    const person = personIn(request);
    const demo = emulator.tokens.find((known) => known.person === person);
    return demo === undefined ? refusal('invalid_grant') : tokenAnswer(demo.token);
  });
}

/** A gateway with the emulator as Microsoft Graph and the Entra ID of this file. */
export async function startEntraProduct(options: EntraProductOptions): Promise<EntraProduct> {
  const { key, environment = {}, logger = silentLogger, beside, patience = 1 } = options;
  let passed = 0;
  const clock = {
    ...systemClock,
    now: () => systemClock.now() + passed,
    elapsed: () => systemClock.elapsed() + passed,
    schedule: (ms: number, run: () => void) => systemClock.schedule(ms * patience, run),
  };
  const emulator = beside?.emulator ?? (await startEmulator({ clock, random: seededRandom(20_200_706) }));
  const entra = beside?.entra ?? (await startEntraFor(emulator, key));

  const { config, problems } = readConfig({
    PORT: '0',
    ADMIN_PORT: '0',
    GRAPH_BASE_URL: emulator.url,
    AUTH_MODE: 'entra',
    AZURE_AUTHORITY_HOST: entra.url,
    AZURE_TENANT_ID: TENANT,
    AZURE_CLIENT_ID: GATEWAY,
    AZURE_CLIENT_SECRET: SECRET,
    ...environment,
  });
  if (config === null) throw new Error(`the configuration is wrong: ${JSON.stringify(problems)}`);
  // Replicas with equal random values would take each other's leases for their own.
  const random = seededRandom(beside === undefined ? 1 : 2);
  const product = await startStandalone(config, { clock, random, logger });
  return {
    url: product.url,
    adminUrl: product.adminUrl,
    emulator,
    entra,
    userToken: (name, changes) => sign(key, userClaims(entra, idOf(emulator, name), changes)),
    appToken: (roles, changes) => sign(key, appClaims(entra, roles, changes)),
    ask: (query, token, variables) => ask(product.url, token, query, variables),
    pass(ms) {
      passed += ms;
    },
    async [Symbol.asyncDispose]() {
      await product.close();
      if (beside !== undefined) return;
      await entra[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}

/** The object id of a demo user. */
export function idOf(emulator: Emulator, name: string): string {
  const person = emulator.tokens.find((known) => known.name === name)?.person;
  if (person === undefined) throw new Error(`there is no demo person named ${name}`);
  return person;
}
