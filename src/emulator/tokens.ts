// Who calls: demo tokens, and the principal behind each. They are plain names, not JWTs, and open nothing anywhere
// else. Whatever other tokens the emulator may come to accept (signed ones, for a start) are read in `principalOf`.
import { CAST } from './cast.ts';
import type { StoredPerson } from './store.ts';

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

export type Principal =
  | {
      readonly kind: 'delegated';
      readonly name: string;
      readonly person: StoredPerson;
      readonly permissions: ReadonlySet<string>;
    }
  | {
      readonly kind: 'application';
      readonly name: string;
      readonly application: { readonly displayName: string; readonly id: string };
      readonly permissions: ReadonlySet<string>;
    };

export interface Tokens {
  /** Those whose person is in the tenant. */
  list(): readonly DemoToken[];
  principalOf(token: string): Principal | 'unknown' | 'expired';
  /** The name to record for a token, also for an expired one; null for one that is unknown. */
  nameOf(token: string): string | null;
}

const APPLICATIONS: Readonly<Record<string, string>> = {
  service: 'c0ffee00-0000-4000-8000-000000000001',
  'service-writer': 'c0ffee00-0000-4000-8000-000000000002',
};

/** @param find a person by user principal name, as the tenant is at the moment */
export function createTokens(find: (upn: string) => StoredPerson | undefined): Tokens {
  const scripts = new Map(DEMO.map((script) => [script.token, script]));
  return {
    list: () => DEMO.flatMap((script) => demoToken(script, find)),
    principalOf(token) {
      const script = scripts.get(token);
      return script === undefined ? 'unknown' : principalOf(script, find);
    },
    nameOf: (token) => scripts.get(token)?.name ?? null,
  };
}

type Find = (upn: string) => StoredPerson | undefined;

function demoToken({ upn, ...token }: Script, find: Find): DemoToken[] {
  if (upn === undefined) return [token];
  const person = find(upn);
  return person === undefined ? [] : [{ ...token, person: person.id }];
}

function principalOf(script: Script, find: Find): Principal | 'unknown' | 'expired' {
  const { name, upn } = script;
  if (name === 'expired') return 'expired';
  const permissions = new Set([...script.scopes, ...script.roles]);
  if (upn === undefined) {
    const application = { displayName: `Demo ${name}`, id: APPLICATIONS[name] ?? name };
    return { kind: 'application', name, application, permissions };
  }
  const person = find(upn);
  return person === undefined ? 'unknown' : { kind: 'delegated', name, person, permissions };
}

interface Script extends Omit<DemoToken, 'person'> {
  readonly upn?: string;
}

function script(name: string, of: Partial<Script>, description: string): Script {
  return { name, token: `demo-token-${name}`, scopes: [], roles: [], ...of, description };
}

const DEMO: readonly Script[] = [
  script(
    'innocenty',
    { upn: CAST.innocenty, scopes: ['User.ReadWrite', 'User.ReadBasic.All'] },
    'Innocenty Popov: reads everybody, writes their own phones',
  ),
  script(
    'namesake',
    { upn: CAST.namesake, scopes: ['User.ReadWrite', 'User.ReadBasic.All'] },
    'the other Innocenty Popov, with the same permissions',
  ),
  script(
    'admin',
    { upn: CAST.admin, scopes: ['User.ReadWrite.All', 'User.Read.All'] },
    'Grace Okafor: reads and writes everybody',
  ),
  script(
    'reader',
    { upn: CAST.reader, scopes: ['User.Read'] },
    'Lukas Brandt: reads nobody but themselves, writes nothing',
  ),
  script('service', { roles: ['User.Read.All'] }, 'an application on its own that reads everybody'),
  script('service-writer', { roles: ['User.ReadWrite.All'] }, 'an application on its own that also writes'),
  script('expired', { upn: CAST.innocenty, scopes: ['User.ReadWrite'] }, 'refused: its time is over'),
];
