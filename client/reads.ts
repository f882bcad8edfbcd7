// Reads: the caller, people by id, and the directory page by page. People that are asked for one by one in one turn of the
// event loop are read with one request.
import {
  DirectoryDocument,
  type DirectoryQuery,
  MeDocument,
  type MeQuery,
  type UserFieldsFragment,
  UsersDocument,
  type UsersQuery,
} from './__generated__/graphql.ts';
import type { Phone } from './changes.ts';
import { PhonesError } from './errors.ts';
import type { Outcome } from './exchange.ts';
import { dataOf, nothingThere, withAll } from './results.ts';
import { type CallOptions, read, type Session } from './session.ts';

export interface User extends UserFieldsFragment {
  readonly phones: readonly Phone[];
}

/** People of one request: 200 reads of Microsoft Graph, of the 2,000 that the gateway allows by default. */
const USERS_AT_ONCE = 100;

export async function me(session: Session, options: CallOptions): Promise<User> {
  const { me: user } = dataOf<MeQuery>(await read(session, MeDocument, {}, options));
  if (user === null || user.phones === null) throw nothingThere();
  return { ...user, phones: user.phones };
}

/** What became of each person, in the order asked: the person, null for nobody, or why they cannot be read. */
export async function users(
  session: Session,
  ids: readonly string[],
  options: CallOptions,
): Promise<readonly (User | null | PhonesError)[]> {
  const found: (User | null | PhonesError)[] = [];
  for (let from = 0; from < ids.length; from += USERS_AT_ONCE) {
    const some = ids.slice(from, from + USERS_AT_ONCE);
    found.push(...eachOf(await read(session, UsersDocument, { ids: some }, options), some.length));
  }
  return found;
}

function eachOf(outcome: Outcome, count: number): (User | null | PhonesError)[] {
  const data = outcome.data as UsersQuery | null;
  if (data?.users.length !== count) {
    dataOf(outcome);
    throw nothingThere();
  }
  return data.users.map((user, place) => {
    const errors = outcome.errors.filter(({ path }) => path[0] !== 'users' || path[1] === place);
    const [first] = errors;
    if (first !== undefined) return withAll(first, errors, user);
    if (user === null) return null;
    return user.phones === null ? nothingThere() : { ...user, phones: user.phones };
  });
}

interface Wanted {
  readonly id: string;
  resolve(user: User | null): void;
  reject(reason: unknown): void;
}

/** Gathers what is wanted in one turn, and asks for each person once. */
export function createUserReader(session: Session): (id: string) => Promise<User | null> {
  let wanted: Wanted[] = [];

  async function flush(): Promise<void> {
    const gathered = wanted;
    wanted = [];
    const ids = [...new Set(gathered.map(({ id }) => id))];
    try {
      const found = new Map((await users(session, ids, {})).map((one, at) => [ids[at], one]));
      for (const { id, resolve, reject } of gathered) {
        const one = found.get(id) ?? null;
        if (one instanceof PhonesError) reject(one);
        else resolve(one);
      }
    } catch (error) {
      for (const { reject } of gathered) reject(error);
    }
  }

  return (id) =>
    new Promise((resolve, reject) => {
      if (wanted.length === 0) session.runtime.schedule(0, () => void flush());
      wanted.push({ id, resolve, reject });
    });
}

export interface DirectoryOptions extends CallOptions {
  /** Only people whose name or mail address begins so. */
  readonly search?: string | undefined;
  /** People of one request, 1 to 999. Default 50. */
  readonly pageSize?: number | undefined;
  /** Whether phones are read, too. Default true. Without, `phones` is an empty list. */
  readonly phones?: boolean | undefined;
  /**
   * Is told of a person whose phones cannot be read, who is then left out. Without it, the iteration ends with that error.
   */
  readonly onError?: ((error: PhonesError, user: UserFieldsFragment) => void) | undefined;
}

/** Everybody, page after page. The budget is that of each page. */
export async function* directory(
  session: Session,
  options: DirectoryOptions,
): AsyncGenerator<User, void, undefined> {
  const { search = null, pageSize: first = 50, phones = true } = options;
  for (let after: string | null = null; ; ) {
    const variables = { first, after, search, phones };
    const outcome: Outcome = await read(session, DirectoryDocument, variables, options);
    const page: Page | null = (outcome.data as DirectoryQuery | null)?.directory ?? null;
    if (page === null) {
      dataOf(outcome);
      throw nothingThere();
    }
    yield* peopleOf(page.nodes, outcome, options);
    if (!page.pageInfo.hasNextPage) return;
    after = page.pageInfo.endCursor;
    if (after === null) throw nothingThere();
  }
}

type Page = NonNullable<DirectoryQuery['directory']>;

function* peopleOf(
  nodes: Page['nodes'],
  outcome: Outcome,
  { phones = true, onError }: DirectoryOptions,
): Generator<User> {
  for (const [place, node] of nodes.entries()) {
    if (!phones) yield { ...node, phones: [] };
    else if (node.phones) yield { ...node, phones: node.phones };
    else report(errorAt(outcome, place), node, onError);
  }
}

function report(error: PhonesError, user: UserFieldsFragment, onError: DirectoryOptions['onError']): void {
  if (onError === undefined) throw error;
  onError(error, user);
}

/** An error of the directory is at `directory.nodes.{place}` or below. */
function errorAt({ errors, data }: Outcome, place: number): PhonesError {
  const found = errors.find(({ path }) => path[2] === place) ?? errors[0] ?? nothingThere();
  return withAll(found, errors, data);
}
