// What is asked of the gateway while something is wrong upstream, and how to say in short what came of it.
import { type Emulator, FIXTURES, type Scenario } from '../../emulator/emulator.ts';

export type Name = 'me' | 'users' | 'directory' | 'addPhone' | 'updatePhone' | 'deletePhone';
export type Read = 'me' | 'users';
export type Write = Exclude<Name, Read | 'directory'>;

export const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
export const CAR = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';
export const ADDED = '+1 425 555 0196';
export const CHANGED = '+1 425 555 0198';

/** A read goes as GET by itself, the four reads of two people as a batch. Of the directory it is the second page. */
export const QUERIES: Readonly<Record<Name, string>> = {
  me: '{ me { phones { id number } } }',
  users: 'query ($ids: [ID!]!) { users(ids: $ids) { displayName phones { id number } } }',
  directory:
    'query ($after: String) { directory(first: 5, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
  addPhone: `mutation { addPhone(input: {number: "${ADDED}"}) { phone { number } userErrors { code } } }`,
  updatePhone: `mutation { updatePhone(input: {id: "${CAR}", number: "${CHANGED}"}) { phone { number } userErrors { code } } }`,
  deletePhone: `mutation { deletePhone(input: {id: "${CAR}"}) { deletedPhoneId userErrors { code } } }`,
};

export const METHODS: Readonly<Record<Write, string>> = {
  addPhone: 'POST',
  updatePhone: 'PATCH',
  deletePhone: 'DELETE',
};

/** Two people with phones, each on one page. */
export function peopleOf(emulator: Emulator): readonly string[] {
  const other = emulator.people.find(({ userPrincipalName }) => userPrincipalName === FIXTURES.namesake);
  if (other === undefined) throw new Error('there is no second person');
  return [INNOCENTY, other.id];
}

/** Where a scenario strikes: all that it can for a read; for a write the write alone, and not the looks after it. */
export function placeOf(scenario: Scenario, operation: Name): Scenario['on'] {
  return operation === 'me' || operation === 'users' || operation === 'directory'
    ? scenario.on
    : { ...scenario.on, method: METHODS[operation] };
}

/** The requests upstream by their methods, such as `GET GET`; those of batches as BATCH. */
export function callsOf({ calls }: Emulator): string {
  return calls
    .map(({ method, path }) => (path.endsWith('/$batch') ? 'BATCH' : method))
    .join(' ')
    .trim();
}

/** The same, counted: `GET ×3`. */
export function counted(calls: string): string {
  const runs: { readonly method: string; count: number }[] = [];
  for (const method of calls.split(' ')) {
    const last = runs.at(-1);
    if (last?.method === method) last.count += 1;
    else runs.push({ method, count: 1 });
  }
  return runs.map(({ method, count }) => (count === 1 ? method : `${method} ×${count}`)).join(', ');
}
