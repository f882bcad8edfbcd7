// The demo tokens: their names, the caller behind each, and its permissions. A demo token is a plain string, not a JWT,
// and is valid for this emulator only.
import { FIXTURES, PERSONAL } from './fixtures.ts';

export interface DemoToken {
  /** The name in the recorded calls. */
  readonly name: string;
  /** The value after `Authorization: Bearer`. */
  readonly token: string;
  /** The id of the signed-in user. Absent for an application without a user. */
  readonly person?: string;
  /** Delegated permissions. */
  readonly scopes: readonly string[];
  /** Application permissions. */
  readonly roles: readonly string[];
  /** One line of description. */
  readonly description: string;
}

export interface DemoDefinition extends Omit<DemoToken, 'person'> {
  readonly upn?: string;
}

/** The ids of the applications without a user. */
export const APPLICATIONS: Readonly<Record<string, string>> = {
  service: 'c0ffee00-0000-4000-8000-000000000001',
  'service-writer': 'c0ffee00-0000-4000-8000-000000000002',
};

function demo(name: string, of: Partial<DemoDefinition>, description: string): DemoDefinition {
  return { name, token: `demo-token-${name}`, scopes: [], roles: [], ...of, description };
}

export const DEMO_TOKENS: readonly DemoDefinition[] = [
  demo(
    'innocenty',
    { upn: FIXTURES.innocenty, scopes: ['User.ReadWrite', 'User.ReadBasic.All', 'User.Read.All'] },
    'Innocenty Popov: reads everybody, writes their own phones',
  ),
  demo(
    'namesake',
    { upn: FIXTURES.namesake, scopes: ['User.ReadWrite', 'User.ReadBasic.All'] },
    'another Innocenty Popov: reads the basic profiles and the phones of everybody, writes their own phones',
  ),
  demo(
    'admin',
    { upn: FIXTURES.admin, scopes: ['User.ReadWrite.All', 'User.Read.All'] },
    'Grace Okafor: reads and writes everybody',
  ),
  demo(
    'reader',
    { upn: FIXTURES.reader, scopes: ['User.Read'] },
    'Lukas Brandt: reads only their own profile, writes nothing',
  ),
  demo(
    'personal',
    { upn: PERSONAL, scopes: ['User.ReadWrite'] },
    'Amélie Laurent, a personal account: reads and writes their own phones',
  ),
  demo('service', { roles: ['User.Read.All'] }, 'an application without a user: reads everybody'),
  demo(
    'service-writer',
    { roles: ['User.ReadWrite.All'] },
    'an application without a user: reads and writes everybody',
  ),
  demo(
    'expired',
    { upn: FIXTURES.innocenty, scopes: ['User.ReadWrite'] },
    'an expired token, which is rejected',
  ),
];
