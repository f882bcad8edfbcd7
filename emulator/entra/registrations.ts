// The two tenants of Entra ID, and the applications registered in the first. They are fixed, and their secrets are
// valid for this emulator only.
import { createHash, type KeyObject } from 'node:crypto';

export interface Tenant {
  readonly id: string;
  readonly displayName: string;
  readonly domains: readonly string[];
}

/** The tenant of the emulator's people. */
export const HOME: Tenant = {
  id: '7e000000-0000-4000-8000-000000000001',
  displayName: 'Contoso',
  domains: ['contoso.com', 'contoso.onmicrosoft.com'],
};
/** Another organization, in which the gateway is not installed. Its tokens have valid signatures. */
export const FOREIGN: Tenant = {
  id: '7e000000-0000-4000-8000-000000000002',
  displayName: 'Fabrikam',
  domains: ['fabrikam.com', 'fabrikam.onmicrosoft.com'],
};

/** Finds a tenant by id or domain, case-insensitively. */
export function findTenant(name: string): Tenant | undefined {
  const key = name.toLowerCase();
  return [HOME, FOREIGN].find(({ id, domains }) => id === key || domains.includes(key));
}

/** The path segments that stand for any tenant. */
export const SHARED: ReadonlySet<string> = new Set(['common', 'organizations']);

/** The certificate of a client that signs assertions instead of using a secret. */
export interface RegisteredCertificate {
  readonly publicKey: KeyObject;
  /** Thumbprints of the certificate in base64url, by header name. */
  readonly thumbprints: { readonly x5t: string; readonly 'x5t#S256': string };
}

/** An external token issuer that an application trusts (a federated identity credential). */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
}

export interface Application {
  /** The name in the recorded calls. */
  readonly name: string;
  readonly clientId: string;
  readonly displayName: string;
  /** Absent for public clients. */
  readonly secret?: string;
  /** An alternative to the client id in the scopes of token requests. */
  readonly appIdUri?: string;
  /** The delegated permissions that it offers. */
  readonly scopes: readonly string[];
  /** The application permissions that it was granted: for Microsoft Graph, and for the gateway. */
  readonly graphRoles: readonly string[];
  readonly gatewayRoles: readonly string[];
  readonly certificates: RegisteredCertificate[];
  readonly federatedCredentials: FederatedCredential[];
}

export interface Registrations {
  readonly gateway: Application & { readonly secret: string; readonly appIdUri: string };
  readonly frontEnd: Application;
  readonly unlisted: Application;
  readonly daemon: Application & { readonly secret: string };
  find(clientId: unknown): Application | undefined;
  /** Removes all certificates and federated credentials. */
  reset(): void;
}

/** The initial registrations, without certificates and federated credentials. */
export function createRegistrations(): Registrations {
  const gateway = { ...GATEWAY, ...noCredentials() };
  const frontEnd = { ...publicClient('frontEnd', 2, 'Phone Book'), ...noCredentials() };
  const unlisted = { ...publicClient('unlisted', 3, 'Unlisted App'), ...noCredentials() };
  const daemon = { ...DAEMON, ...noCredentials() };
  const all: readonly Application[] = [gateway, frontEnd, unlisted, daemon];
  return {
    gateway,
    frontEnd,
    unlisted,
    daemon,
    find: (id) => all.find((app) => app.clientId === String(id).toLowerCase()),
    reset() {
      for (const { certificates, federatedCredentials } of all) {
        certificates.length = 0;
        federatedCredentials.length = 0;
      }
    },
  };
}

function noCredentials(): Pick<Application, 'certificates' | 'federatedCredentials'> {
  return { certificates: [], federatedCredentials: [] };
}

function publicClient(name: string, index: number, displayName: string) {
  return { name, clientId: clientId(index), displayName, scopes: [], graphRoles: [], gatewayRoles: [] };
}

function clientId(index: number): string {
  return `a9900000-0000-4000-8000-00000000000${index}`;
}

const GATEWAY = {
  name: 'gateway',
  clientId: clientId(1),
  displayName: 'Profile Phones',
  secret: 'emulator-secret-of-the-gateway',
  appIdUri: `api://${clientId(1)}`,
  scopes: ['Phones.ReadWrite'],
  graphRoles: ['User.Read.All', 'User.ReadWrite.All'],
  gatewayRoles: [],
} as const;
const DAEMON = {
  name: 'daemon',
  clientId: clientId(4),
  displayName: 'Nightly Sync',
  secret: 'emulator-secret-of-the-daemon',
  scopes: [],
  graphRoles: ['User.Read.All'],
  gatewayRoles: ['Phones.Read.All', 'Phones.ReadWrite.All'],
} as const;

/** A GUID derived from a text: the id of an object that the emulator does not store. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
