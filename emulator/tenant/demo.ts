// The demo callers, by name: who each is, what each may do, and the plain name that is its token. Such tokens are no
// JWTs, and open nothing anywhere else.
import { FIXTURES, PERSONAL } from './fixtures.ts';

export interface DemoToken {
  /** What the recorded calls say in place of the token. */
  readonly name: string;
  /** Goes into `Authorization: Bearer ...`. */
  readonly token: string;
  /** The id of the person who is signed in; absent for an application on its own. */
  readonly person?: string;
  /** Delegated permissions. */
  readonly scopes: readonly string[];
  /** Application permissions. */
  readonly roles: readonly string[];
  /** One line for people. */
  readonly description: string;
}

export interface DemoDefinition extends Omit<DemoToken, 'person'> {
  readonly upn?: string;
}

/** The ids of the applications on their own. */
export const APPLICATIONS: Readonly<Record<string, string>> = {
  service: 'c0ffee00-0000-4000-8000-000000000001',
  'service-writer': 'c0ffee00-0000-4000-8000-000000000002',
};

function script(name: string, of: Partial<DemoDefinition>, description: string): DemoDefinition {
  return { name, token: `demo-token-${name}`, scopes: [], roles: [], ...of, description };
}

export const DEMO_TOKENS: readonly DemoDefinition[] = [
  script(
    'innocenty',
    { upn: FIXTURES.innocenty, scopes: ['User.ReadWrite', 'User.ReadBasic.All'] },
    'Innocenty Popov: reads everybody, writes their own phones',
  ),
  script(
    'namesake',
    { upn: FIXTURES.namesake, scopes: ['User.ReadWrite', 'User.ReadBasic.All'] },
    'the other Innocenty Popov, with the same permissions',
  ),
  script(
    'admin',
    { upn: FIXTURES.admin, scopes: ['User.ReadWrite.All', 'User.Read.All'] },
    'Grace Okafor: reads and writes everybody',
  ),
  script(
    'reader',
    { upn: FIXTURES.reader, scopes: ['User.Read'] },
    'Lukas Brandt: reads nobody but themselves, writes nothing',
  ),
  script(
    'personal',
    { upn: PERSONAL, scopes: ['User.ReadWrite'] },
    'Amélie Laurent, a personal account: reads and writes their own phones',
  ),
  script('service', { roles: ['User.Read.All'] }, 'an application on its own that reads everybody'),
  script('service-writer', { roles: ['User.ReadWrite.All'] }, 'an application on its own that also writes'),
  script('expired', { upn: FIXTURES.innocenty, scopes: ['User.ReadWrite'] }, 'refused: its time is over'),
];
