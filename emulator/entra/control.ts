// Controls Entra ID from outside its protocol: issues tokens, valid or with chosen defects, and changes credentials,
// consent and challenges.

import type { Issuers } from '../tenant/clouds.ts';
import type { StoredUser } from '../tenant/tenant.ts';
import { registeredCertificate, selfSigned } from './certificate.ts';
import type { ChallengeForm, ClaimsRequest } from './challenges.ts';
import type { TokenOverrides } from './issue-token.ts';
import { issueApplicationToken, issuePlatformToken, issueUserToken, PLATFORM } from './issue-token.ts';
import type { KeyPair } from './jwt.ts';
import { makeKeyPair } from './keys.ts';
import { FOREIGN, HOME } from './registrations.ts';
import type { EntraState } from './state.ts';

export interface ClientCertificate {
  /** Both in PEM format. */
  readonly certificate: string;
  readonly privateKey: string;
}

export interface EntraControl {
  /** The origin of the authority, such as `http://127.0.0.1:4010`. Tenants and endpoints are paths below it. */
  readonly authority: string;
  /** The part of `iss` before the tenant, by token version. */
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
   * An access token for the gateway, for a user by demo name, fixture name, user principal name or id.
   *
   * @throws TypeError for an unknown user or tenant
   */
  userToken(name: string, overrides?: TokenOverrides): Promise<string>;
  /** An access token for the gateway, for an application without a user. */
  appToken(roles: readonly string[], overrides?: TokenOverrides): Promise<string>;
  /** An access token for Microsoft Graph, as a front end that calls Graph directly would get it. */
  graphToken(name: string, overrides?: TokenOverrides): Promise<string>;
  /** An access token for Microsoft Graph, for an application without a user. Default of `client`: the daemon. */
  graphAppToken(roles: readonly string[], overrides?: TokenOverrides): Promise<string>;

  /** Withdraws the current signing key. The next key takes its place, and a new one is published beside it. */
  rotateKeys(): Promise<void>;
  /** Creates a certificate and registers it for the gateway. */
  addCertificate(): Promise<ClientCertificate>;
  /**
   * Registers an existing certificate for the gateway.
   * @param pem the certificate, without its private key
   */
  trustCertificate(pem: string): void;
  /**
   * A token of the platform that the gateway's registration trusts (workload identity federation), as its token file
   * would contain it.
   */
  federatedToken(
    overrides?: Pick<TokenOverrides, 'claims' | 'header' | 'alg' | 'expiresInSeconds'>,
  ): Promise<string>;

  /**
   * Sets the Microsoft Graph permissions that a user has consented to. With an empty list, token requests fail. Null
   * restores the initial permissions.
   */
  consent(name: string, permissions: readonly string[] | null): void;
  /**
   * Token requests for this user fail with these claims, unless the assertion has them. Null removes the challenge.
   *
   * @param form see ChallengeForm; `interaction_required` by default
   */
  challenge(name: string, claims: ClaimsRequest | null, form?: ChallengeForm): void;
  /**
   * Microsoft Graph answers 401 with these claims to tokens of this user, unless a token was issued for a request
   * with the claims or for an assertion that has them (continuous access evaluation). Signed tokens without `xms_cc:
   * ['cp1']` are accepted, since their client cannot handle a challenge. Null removes the challenge.
   */
  caeChallenge(name: string, claims: ClaimsRequest | null): void;
}

export function createControl(state: EntraState): EntraControl {
  const { registrations, challenges, directory } = state;
  const { gateway, frontEnd, unlisted, daemon } = registrations;
  let platformKeys: Promise<KeyPair> | undefined;

  const userOf = (name: string): StoredUser => {
    const user = directory.find(name);
    if (user === undefined) throw new TypeError(`there is no user named ${name}`);
    return user;
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

    userToken: async (name, overrides = {}) => issueUserToken(state, userOf(name), 'gateway', overrides),
    appToken: async (roles, overrides = {}) => issueApplicationToken(state, roles, 'gateway', overrides),
    graphToken: async (name, overrides = {}) => issueUserToken(state, userOf(name), 'graph', overrides),
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
      platformKeys ??= makeKeyPair();
      const pair = await platformKeys;
      const { issuer } = PLATFORM;
      if (!gateway.federatedCredentials.some((known) => known.issuer === issuer))
        gateway.federatedCredentials.push({ ...PLATFORM, publicKey: pair.publicKey });
      return issuePlatformToken(state, pair, overrides);
    },

    consent: (name, permissions) => directory.consent(userOf(name), permissions),
    challenge(name, claims, form = 'interaction_required') {
      const { id } = userOf(name);
      if (claims === null) challenges.signIn.delete(id);
      else challenges.signIn.set(id, { claims, form });
    },
    caeChallenge: (name, claims) => challenges.challengeAccess(userOf(name).id, claims),
  };
}
