// The operations that the fault tests send to the gateway, and a short notation for their upstream requests.
import { type Emulator, FIXTURES, type Scenario } from '../../emulator/emulator.ts';

export type Name = 'me' | 'users' | 'directory' | 'addPhone' | 'updatePhone' | 'deletePhone';
export type Read = 'me' | 'users';
export type Write = Exclude<Name, Read | 'directory'>;

export const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
export const CAR = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';
export const ADDED = '+1 425 555 0196';
export const CHANGED = '+1 425 555 0198';

/**
 * A read of one person is a GET; the four reads of two people are a batch. The directory query reads the second page.
 */
export const QUERIES: Readonly<Record<Name, string>> = {
  me: '{ me { phones { graphId number } } }',
  users: 'query ($ids: [ID!]!) { users(ids: $ids) { displayName phones { id number } } }',
  directory:
    'query ($after: String) { directory(first: 5, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
  addPhone: `mutation { addPhone(input: {number: "${ADDED}"}) { phone { number } userErrors { code } } }`,
  updatePhone: `mutation { updatePhone(input: {id: "${CAR}", number: "${CHANGED}"}) { phone { number } userErrors { code } } }`,
  deletePhone: `mutation { deletePhone(input: {id: "${INNOCENTY}/${CAR}"}) { deletedPhoneId userErrors { code } } }`,
};

export const METHODS: Readonly<Record<Write, string>> = {
  addPhone: 'POST',
  updatePhone: 'PATCH',
  deletePhone: 'DELETE',
};

/** Two people whose phones fit on one page. */
export function peopleOf(emulator: Emulator): readonly string[] {
  const other = emulator.people.find(({ userPrincipalName }) => userPrincipalName === FIXTURES.namesake);
  if (other === undefined) throw new Error('the second person is missing');
  return [INNOCENTY, other.id];
}

/**
 * The requests that a scenario affects: for a read, all that match; for a write, the write itself and not the reads
 * after it.
 */
export function matchOf(scenario: Scenario, operation: Name): Scenario['on'] {
  return operation === 'me' || operation === 'users' || operation === 'directory'
    ? scenario.on
    : { ...scenario.on, method: METHODS[operation] };
}

/** The methods of the upstream requests, such as `GET GET`. A batch is BATCH. */
export function callsOf({ calls }: Emulator): string {
  return calls
    .map(({ method, path }) => (path.endsWith('/$batch') ? 'BATCH' : method))
    .join(' ')
    .trim();
}

/** The same with counts, such as `GET ×3`. */
export function countedCalls(calls: string): string {
  const runs: { readonly method: string; count: number }[] = [];
  for (const method of calls.split(' ')) {
    const last = runs.at(-1);
    if (last?.method === method) last.count += 1;
    else runs.push({ method, count: 1 });
  }
  return runs.map(({ method, count }) => (count === 1 ? method : `${method} ×${count}`)).join(', ');
}
