// What Entra ID knows beforehand: two tenants, and the applications that are registered in the first. All of it is made
// up and the same on every machine; the secrets open nothing but this emulator.
import { createHash, type KeyObject } from 'node:crypto';

export interface Tenant {
  readonly id: string;
  readonly displayName: string;
  readonly domains: readonly string[];
}

/** Where the people of the emulator are. */
export const HOME: Tenant = {
  id: '7e000000-0000-4000-8000-000000000001',
  displayName: 'Contoso',
  domains: ['contoso.com', 'contoso.onmicrosoft.com'],
};
/** Another organization, which never installed the gateway: its tokens are well signed all the same. */
export const FOREIGN: Tenant = {
  id: '7e000000-0000-4000-8000-000000000002',
  displayName: 'Fabrikam',
  domains: ['fabrikam.com', 'fabrikam.onmicrosoft.com'],
};

/** By id or domain, whatever the case. */
export function findTenant(name: string): Tenant | undefined {
  const key = name.toLowerCase();
  return [HOME, FOREIGN].find(({ id, domains }) => id === key || domains.includes(key));
}

/** What stands in a path in place of a tenant where it makes no difference which. */
export const SHARED: ReadonlySet<string> = new Set(['common', 'organizations']);

/** A key that signs client assertions in place of a secret. */
export interface RegisteredCertificate {
  readonly publicKey: KeyObject;
  /** Base64url, of the whole certificate, by the header that names it. */
  readonly thumbprints: { readonly x5t: string; readonly 'x5t#S256': string };
}

/** Somebody else's tokens that an application takes for its own credential (workload identity federation). */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
}

export interface Application {
  /** What the recorded calls say in place of its tokens. */
  readonly name: string;
  readonly clientId: string;
  readonly displayName: string;
  /** Absent for a public client. */
  readonly secret?: string;
  /** What tokens for this application may be asked by, besides its client id. */
  readonly appIdUri?: string;
  /** Delegated permissions that it offers. */
  readonly scopes: readonly string[];
  /** Application permissions it was given: for Microsoft Graph, and for the gateway. */
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
  /** Takes away every certificate and federation. */
  reset(): void;
}

/** As they are at the start, with no certificate and no federation. */
export function createRegistrations(): Registrations {
  const gateway = { ...GATEWAY, ...keyless() };
  const frontEnd = { ...publicClient('frontEnd', 2, 'Phone Book'), ...keyless() };
  const unlisted = { ...publicClient('unlisted', 3, 'Unlisted App'), ...keyless() };
  const daemon = { ...DAEMON, ...keyless() };
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

function keyless(): Pick<Application, 'certificates' | 'federatedCredentials'> {
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

/** A GUID that is always the same for the same text: ids of what the emulator keeps no record of. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
