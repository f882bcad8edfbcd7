// Entra ID from behind the counter: tokens for whoever is wanted, well made or with a flaw of one's choice, and the
// means to change what it knows and what it demands.

import type { Issuers } from '../tenant/clouds.ts';
import type { StoredPerson } from '../tenant/tenant.ts';
import { registeredCertificate, selfSigned } from './certificate.ts';
import type { ChallengeForm, ClaimsRequest } from './challenges.ts';
import type { TokenOverrides } from './issue-token.ts';
import { issueApplicationToken, issuePlatformToken, issueUserToken, PLATFORM } from './issue-token.ts';
import type { KeyPair } from './jwt.ts';
import { makeKeyPair } from './keys.ts';
import { FOREIGN, HOME } from './registrations.ts';
import type { EntraState } from './state.ts';

export interface ClientCertificate {
  /** Both in PEM. */
  readonly certificate: string;
  readonly privateKey: string;
}

export interface EntraControl {
  /** What Entra ID calls itself, such as `http://127.0.0.1:4010`; tenants and endpoints follow. */
  readonly authority: string;
  /** What stands in `iss` before the tenant, by the version of the token. */
  readonly issuers: Issuers;
  readonly tenantId: string;
  readonly foreignTenantId: string;
  readonly gateway: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly appIdUri: string;
    readonly scope: string;
  };
  /** Client ids. The first two are public clients. */
  readonly clients: { readonly frontEnd: string; readonly unlisted: string; readonly daemon: string };
  readonly daemonSecret: string;

  /**
   * An access token for the gateway, of a person by demo name, name of the cast, user principal name or id.
   *
   * @throws TypeError when there is no such person or tenant
   */
  userToken(name: string, overrides?: TokenOverrides): Promise<string>;
  /** An access token for the gateway, of an application without a person. */
  appToken(roles: readonly string[], overrides?: TokenOverrides): Promise<string>;
  /** An access token for Microsoft Graph, as a front end would get it that calls Graph by itself. */
  graphToken(name: string, overrides?: TokenOverrides): Promise<string>;
  /** The same of an application without a person; `client` is the daemon when absent. */
  graphAppToken(roles: readonly string[], overrides?: TokenOverrides): Promise<string>;

  /** Withdraws the key that signs; the other that is published takes its place, and a new one stands beside it. */
  rotateKeys(): Promise<void>;
  /** Makes a certificate and registers it with the gateway. */
  addCertificate(): Promise<ClientCertificate>;
  /** Registers a certificate that is there already. @param pem without its key */
  trustCertificate(pem: string): void;
  /** The token of a platform that the gateway's registration trusts (workload identity), as its file would hold it. */
  federatedToken(
    overrides?: Pick<TokenOverrides, 'claims' | 'header' | 'alg' | 'expiresInSeconds'>,
  ): Promise<string>;

  /** What a person has consented to for Microsoft Graph: nothing makes an exchange fail. Null for what it was. */
  consent(name: string, permissions: readonly string[] | null): void;
  /**
   * From now on an exchange for this person is refused with these claims, unless the assertion has them. Null ends it.
   * The form is that of the documentation unless another is asked: see ChallengeForm.
   */
  challenge(name: string, claims: ClaimsRequest | null, form?: ChallengeForm): void;
  /**
   * From now on Microsoft Graph answers 401 with these claims to tokens of this person, unless they were got by asking
   * for the claims or with an assertion that has them. Signed tokens without `xms_cc: ['cp1']` are let through: their
   * client could not handle it. Null ends it.
   */
  caeChallenge(name: string, claims: ClaimsRequest | null): void;
}

export function createControl(state: EntraState): EntraControl {
  const { registrations, challenges, directory } = state;
  const { gateway, frontEnd, unlisted, daemon } = registrations;
  let platform: Promise<KeyPair> | undefined;

  const personOf = (name: string): StoredPerson => {
    const person = directory.find(name);
    if (person === undefined) throw new TypeError(`there is nobody called ${name}`);
    return person;
  };

  return {
    get authority() {
      return state.authority();
    },
    get issuers() {
      return state.names().issuers;
    },
    tenantId: HOME.id,
    foreignTenantId: FOREIGN.id,
    gateway: {
      clientId: gateway.clientId,
      clientSecret: gateway.secret,
      appIdUri: gateway.appIdUri,
      scope: gateway.scopes[0] ?? '',
    },
    clients: { frontEnd: frontEnd.clientId, unlisted: unlisted.clientId, daemon: daemon.clientId },
    daemonSecret: daemon.secret,

    userToken: async (name, overrides = {}) => issueUserToken(state, personOf(name), 'gateway', overrides),
    appToken: async (roles, overrides = {}) => issueApplicationToken(state, roles, 'gateway', overrides),
    graphToken: async (name, overrides = {}) => issueUserToken(state, personOf(name), 'graph', overrides),
    graphAppToken: async (roles, overrides = {}) => issueApplicationToken(state, roles, 'graph', overrides),

    rotateKeys: () => state.keys.rotate(),
    async addCertificate() {
      const pair = await makeKeyPair();
      const certificate = selfSigned(gateway.displayName, pair, state.clock.now());
      gateway.certificates.push(registeredCertificate(certificate));
      return { certificate, privateKey: String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })) };
    },
    trustCertificate: (pem) => void gateway.certificates.push(registeredCertificate(pem)),
    async federatedToken(overrides = {}) {
      platform ??= makeKeyPair();
      const pair = await platform;
      const { issuer } = PLATFORM;
      if (!gateway.federatedCredentials.some((known) => known.issuer === issuer))
        gateway.federatedCredentials.push({ ...PLATFORM, publicKey: pair.publicKey });
      return issuePlatformToken(state, pair, overrides);
    },

    consent: (name, permissions) => directory.consent(personOf(name), permissions),
    challenge(name, claims, form = 'interaction_required') {
      const { id } = personOf(name);
      if (claims === null) challenges.signIn.delete(id);
      else challenges.signIn.set(id, { claims, form });
    },
    caeChallenge: (name, claims) => challenges.challengeAccess(personOf(name).id, claims),
  };
}
