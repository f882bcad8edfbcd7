// Every check of the caller's token. Each token is valid except for one thing and is rejected. Nothing is sent to
// Microsoft Graph, and only the keys are requested from Entra ID.
import { createHmac } from 'node:crypto';
import { importPKCS8 } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { InvalidTokenReason } from '../../src/auth/token-validation.ts';
import {
  appClaims,
  CLIENT,
  type Claims,
  GATEWAY,
  idOf,
  makeKey,
  OTHER_TENANT,
  type SigningKey,
  sign,
  startEntraProduct,
  TENANT,
  userClaims,
} from '../support/entra.ts';
import { type Attempt, recordAttempt } from '../support/record.ts';

const STRANGER = '99999999-9999-4999-8999-999999999999';
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad';
const key = await makeKey('key-1');
const lines: string[] = [];
const product = await startEntraProduct({
  key,
  environment: {
    ALLOWED_TENANTS: `${TENANT}, ${OTHER_TENANT.toUpperCase()}`,
    ALLOWED_CLIENTS: CLIENT,
    APP_ONLY: 'on',
  },
  logger: pino({ level: 'debug' }, { write: (line) => void lines.push(line) }),
});
const { entra, emulator } = product;
const stolen = await makeKey(key.id);
const personal = await makeKey('personal-accounts');
entra.keys.get(TENANT)?.push({ ...personal.jwk, issuer: `${entra.url}/${PERSONAL}/v2.0` });
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(() => {
  emulator.clearCalls();
  entra.tokenRequests.length = 0;
  lines.length = 0;
});

const QUERY = '{ me { displayName } }';
const now = Math.floor(Date.now() / 1000);
const person = idOf(emulator, 'innocenty');

const user = (changes: Claims = {}): Claims => userClaims(entra, person, changes);
const app = (changes: Claims = {}): Claims => appClaims(entra, ['Phones.Read.All'], changes);
const v1 = (changes: Claims = {}): Claims =>
  user({
    ver: '1.0',
    iss: `https://sts.windows.net/${TENANT}/`,
    aud: `api://${GATEWAY}`,
    azp: undefined,
    appid: CLIENT,
    ...changes,
  });
const signed = (claims: Claims, by: SigningKey = key, header = {}) => sign(by, claims, header);

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (header: object) => `${part({ typ: 'JWT', kid: key.id, ...header })}.${part(user())}`;

async function withTail(change: (parts: string[]) => string): Promise<string> {
  return change((await signed(user())).split('.'));
}

describe('a valid token is accepted', () => {
  it.each<[string, () => Promise<string>]>([
    ['of version 2', () => signed(user())],
    ['of version 1, for the App ID URI', () => signed(v1())],
    ['of version 1, for the client id', () => signed(v1({ aud: GATEWAY }))],
    [
      'of another tenant that is allowed',
      () => signed(user({ tid: OTHER_TENANT, iss: `${entra.url}/${OTHER_TENANT}/v2.0` })),
    ],
    ['with more scopes than the one needed', () => signed(user({ scp: 'User.Read Phones.ReadWrite' }))],
    ['that says that it is of a user', () => signed(user({ idtyp: 'user' }))],
    [
      'that ended within the tolerance',
      () => signed(user({ iat: now - 3600, nbf: now - 3600, exp: now - 30 })),
    ],
    ['that begins within the tolerance', () => signed(user({ nbf: now + 30 }))],
    ['of an application by itself', () => signed(app())],
    [
      'of an application by itself that has no idtyp but is its own subject',
      () => signed(app({ idtyp: undefined })),
    ],
  ])('%s', async (_what, token) => {
    const { status, body } = await product.ask(`{ user(id: "${person}") { displayName } }`, await token());
    expect([status, body]).toEqual([200, { data: { user: { displayName: 'Innocenty Popov' } } }]);
    expect(emulator.calls).toHaveLength(1);
  });
});

const REFUSED: readonly [string, InvalidTokenReason, () => Promise<string> | string][] = [
  ['nothing of a JWT', 'malformed', () => 'demo-token-innocenty'],
  ['two parts', 'malformed', () => withTail(([header, payload]) => `${header}.${payload}`)],
  ['four parts', 'malformed', () => withTail((parts) => [...parts, parts[2]].join('.'))],
  ['no signature', 'signature', () => withTail(([header, payload]) => `${header}.${payload}.`)],
  [
    'a signature cut short',
    'signature',
    () => withTail(([header, payload, tail]) => `${header}.${payload}.${tail?.slice(0, -8)}`),
  ],
  [
    'another payload under the signature',
    'signature',
    () => withTail(([header, , tail]) => `${header}.${part(user({ oid: STRANGER }))}.${tail}`),
  ],
  [
    'another header over the signature',
    'signature',
    () =>
      withTail(
        ([, payload, tail]) => `${part({ alg: 'RS256', kid: key.id, typ: 'jwt' })}.${payload}.${tail}`,
      ),
  ],
  ['algorithm none', 'algorithm', () => `${unsigned({ alg: 'none' })}.`],
  [
    'algorithm None, with a signature',
    'algorithm',
    () => withTail((parts) => `${unsigned({ alg: 'None' })}.${parts[2]}`),
  ],
  [
    'HS256 with the public key for a secret',
    'algorithm',
    () => {
      const input = unsigned({ alg: 'HS256' });
      return `${input}.${createHmac('sha256', JSON.stringify(key.jwk)).update(input).digest('base64url')}`;
    },
  ],
  [
    'PS256 by the right key',
    'algorithm',
    async () => signed(user(), await sibling('PS256'), { alg: 'PS256' }),
  ],
  [
    'RS512 by the right key',
    'algorithm',
    async () => signed(user(), await sibling('RS512'), { alg: 'RS512' }),
  ],
  ['another key under the same id', 'signature', () => signed(user(), stolen)],
  ['a key that is not published', 'signature', () => signed(user(), { ...stolen, id: 'made-up' })],
  ['no key id', 'malformed', () => signed(user(), key, { kid: undefined })],
  ['a key of another tenant', 'signature', () => signed(user(), personal)],
  ['a key it brings along', 'signature', () => signed(user(), stolen, { kid: 'made-up', jwk: stolen.jwk })],
  [
    'a key it says where to get',
    'signature',
    () => signed(user(), stolen, { kid: 'made-up', jku: `${entra.url}/keys` }),
  ],
  ['a critical header nobody knows', 'malformed', () => signedByHand({ crit: ['exp'], exp: now })],
  [
    'the issuer of another tenant',
    'issuer',
    () => signed(user({ iss: `${entra.url}/${OTHER_TENANT}/v2.0` })),
  ],
  [
    'the issuer of another host',
    'issuer',
    () => signed(user({ iss: `https://login.microsoftonline.com/${TENANT}/v2.0` })),
  ],
  ['the issuer without its version', 'issuer', () => signed(user({ iss: `${entra.url}/${TENANT}/` }))],
  ['the issuer with a slash too many', 'issuer', () => signed(user({ iss: `${entra.url}/${TENANT}/v2.0/` }))],
  [
    'the issuer of version 2 in version 1',
    'issuer',
    () => signed(v1({ iss: `${entra.url}/${TENANT}/v2.0` })),
  ],
  ['no issuer', 'issuer', () => signed(user({ iss: undefined }))],
  ['a tenant that is not the issuer’s', 'issuer', () => signed(user({ tid: OTHER_TENANT }))],
  ['a tenant that is no id', 'malformed', () => signed(user({ tid: 'common' }))],
  ['no tenant', 'malformed', () => signed(user({ tid: undefined }))],
  [
    'the audience of Microsoft Graph',
    'audience',
    () => signed(user({ aud: '00000003-0000-0000-c000-000000000000' })),
  ],
  [
    'the audience of Microsoft Graph, of version 1',
    'audience',
    () => signed(v1({ aud: 'https://graph.microsoft.com' })),
  ],
  ['the App ID URI in version 2', 'audience', () => signed(user({ aud: `api://${GATEWAY}` }))],
  ['an audience that only begins right', 'audience', () => signed(v1({ aud: `api://${GATEWAY}/x` }))],
  ['no audience', 'audience', () => signed(user({ aud: undefined }))],
  ['an end that has passed', 'expired', () => signed(user({ exp: now - 61 }))],
  ['no end', 'claims', () => signed(user({ exp: undefined }))],
  ['an end that is text', 'claims', () => signed(user({ exp: String(now + 3600) }))],
  ['a beginning that has not come', 'not yet valid', () => signed(user({ nbf: now + 90 }))],
  ['no time of issue', 'claims', () => signed(user({ iat: undefined }))],
  ['no object id', 'claims', () => signed(user({ oid: undefined }))],
  ['an object id that is none', 'claims', () => signed(user({ oid: '..' }))],
  ['no version', 'malformed', () => signed(user({ ver: undefined }))],
  ['a version that does not exist', 'malformed', () => signed(user({ ver: '3.0' }))],
  ['no calling application', 'claims', () => signed(user({ azp: undefined }))],
  [
    'the calling application of the other version',
    'claims',
    () => signed(v1({ appid: undefined, azp: CLIENT })),
  ],
  [
    'an ID token: no scope, no application',
    'claims',
    () => signed(user({ scp: undefined, azp: undefined, nonce: 'n', roles: ['Phones.ReadWrite.All'] })),
  ],
  [
    'roles of a person, and no scope',
    'claims',
    () => signed(user({ scp: undefined, roles: ['Phones.ReadWrite.All'] })),
  ],
  [
    'roles of a user, and an empty scope',
    'claims',
    () => signed(user({ scp: '', roles: ['Phones.ReadWrite.All'] })),
  ],
  ['a kind of token nobody knows', 'claims', () => signed(user({ idtyp: 'device' }))],
  [
    'claims that are no object',
    'malformed',
    () => withTail(([header, , tail]) => `${header}.${part([1])}.${tail}`),
  ],
];

/** Signs what jose refuses to sign. */
async function signedByHand(header: object): Promise<string> {
  const input = `${part({ alg: 'RS256', kid: key.id, ...header })}.${part(user())}`;
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key.privateKey, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

async function sibling(alg: string): Promise<SigningKey> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key.privateKey);
  const pem = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(pkcs8).toString('base64')}\n-----END PRIVATE KEY-----`;
  return { ...key, privateKey: await importPKCS8(pem, alg) };
}

describe('an invalid token is rejected with 401, and nothing is sent', () => {
  it.each(REFUSED)('for %s', async (what, reason, make) => {
    const token = await make();
    const start = performance.now();
    const { status, headers, body } = await product.ask(QUERY, token);
    noted('Tokens with a flaw', what, start, status, body);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toEqual({
      errors: [{ message: expect.stringMatching(/\S/), extensions: { code: 'UNAUTHENTICATED' } }],
    });
    nothingHappened(token, body);
    expect(lines.flatMap((line) => JSON.parse(line).reason ?? [])).toEqual([reason]);
  });

  it('and the message names the scope, or says that a new token is needed', async () => {
    const messageFor = async (token: string | null) =>
      (await product.ask(QUERY, token)).body.errors[0].message as string;
    const scope = `api://${GATEWAY}/Phones.ReadWrite`;
    expect(await messageFor(null)).toContain(scope);
    expect(await messageFor(await signed(v1({ aud: 'https://graph.microsoft.com' })))).toContain(scope);
    expect(await messageFor(await signed(user({ exp: now - 100 })))).toMatch(/expired/);
  });
});

const FORBIDDEN: readonly [string, () => Promise<string>][] = [
  [
    'a tenant that is not on the list',
    () => signed(user({ tid: STRANGER, iss: `${entra.url}/${STRANGER}/v2.0` })),
  ],
  ['an application that is not on the list', () => signed(user({ azp: STRANGER }))],
  ['an application that is not on the list, in version 1', () => signed(v1({ appid: STRANGER }))],
  ['another scope', () => signed(user({ scp: 'Phones.Read' }))],
  ['the scope in another case', () => signed(user({ scp: 'phones.readwrite' }))],
  ['a scope that only begins right', () => signed(user({ scp: 'Phones.ReadWrite.All' }))],
  ['a person’s scope in an application’s token', () => signed(app({ scp: 'Phones.ReadWrite', roles: [] }))],
  ['an application without roles', () => signed(app({ roles: undefined }))],
  ['an application with other roles', () => signed(app({ roles: ['Phones.Read', 'User.Read.All'] }))],
  ['roles that are no list', () => signed(app({ roles: 'Phones.Read.All' }))],
];

describe('a valid token that the access policy rejects gets 403, and nothing is sent', () => {
  it.each(FORBIDDEN)('for %s', async (what, make) => {
    const token = await make();
    const start = performance.now();
    const { status, headers, body } = await product.ask(QUERY, token);
    noted('Good tokens of somebody who may not come in', what, start, status, body);
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toBeNull();
    expect(body).toEqual({
      errors: [{ message: expect.stringMatching(/\S/), extensions: { code: 'FORBIDDEN' } }],
    });
    nothingHappened(token, body);
  });
});

function noted(kind: Attempt['kind'], what: string, start: number, status: number, body: Refused): void {
  const codes = body.errors.map(({ extensions }) => extensions.code);
  const calls = emulator.calls.length + entra.tokenRequests.length;
  recordAttempt({ kind, what, start, status, codes, calls });
}

interface Refused {
  readonly errors: readonly { readonly extensions: { readonly code: string } }[];
}

function nothingHappened(token: string, body: unknown): void {
  expect(emulator.calls).toEqual([]);
  expect(entra.tokenRequests).toEqual([]);
  expect(entra.keyRequests.filter((tenant) => tenant !== TENANT && tenant !== OTHER_TENANT)).toEqual([]);
  const said = lines.join('') + JSON.stringify(body);
  for (const piece of token.split('.').filter((text) => text.length > 6)) expect(said).not.toContain(piece);
  expect(said).not.toContain(person);
  expect(said).not.toContain(STRANGER);
}
