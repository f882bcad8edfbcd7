// updatePhones and deletePhones: as many people at a time as may be, one phone after the other for one person.
//
// First the phones are looked at, all at once. What is as it was asked to be is done, and what is not there is not asked
// for: so a call that is repeated until all is done gets further each time, however slow answers are.
import type { DeletePhoneInput, UpdatePhoneInput } from '../__generated__/schema-types.ts';
import { type GraphQuery, NO_QUERY } from '../graph/paths.ts';
import type { GraphSession } from '../graph/session.ts';
import type { By } from './add.ts';
import { type Change, change, remove, SEEN } from './change.ts';
import { checkChange } from './input.ts';
import { type Look, lookAtAll } from './look.ts';
import { type Many, manyOf, type ReadAfter, spareFor, type Todo, workOff } from './many.ts';
import { targetOf } from './meant.ts';
import { shows } from './recognise.ts';
import { changedSince, noSuchPhone, type Refusal, refusal } from './refusal.ts';
import type { Target } from './sending.ts';
import { selfOf } from './whose.ts';
import type { Phone } from './wire.ts';
import { beforehand, done, guarded, refuse, type Written } from './written.ts';

/** One change that can be sent. */
interface Item<T> {
  readonly phone: Target;
  readonly expected: string | null;
  /** The outcome where the phone is already as it is to be; null where there is something to do. */
  settled(now: Phone): Written<T> | null;
  work(at: Change): Promise<Written<T>>;
}

export function updateMany(
  session: GraphSession,
  by: By,
  inputs: readonly UpdatePhoneInput[],
  after: ReadAfter,
): Promise<Many<Phone>> {
  return changeAll(
    session,
    by,
    { query: NO_QUERY, after },
    inputs.map((input) => updateOf(session, by, input)),
  );
}

export function deleteMany(
  session: GraphSession,
  by: By,
  inputs: readonly DeletePhoneInput[],
  after: ReadAfter,
): Promise<Many<string>> {
  return changeAll(
    session,
    by,
    { query: SEEN, after },
    inputs.map((input) => deletionOf(session, by, input)),
  );
}

function updateOf(session: GraphSession, { caller }: By, input: UpdatePhoneInput): Item<Phone> | Refusal[] {
  const { body, refusals } = checkChange(input, session.sourceForm);
  const phone = targetOf(session, selfOf(caller), input.id);
  if (refusals !== null || Array.isArray(phone))
    return [...(Array.isArray(phone) ? phone : []), ...(refusals ?? [])];
  return {
    phone,
    expected: input.expectedLastModifiedDateTime ?? null,
    settled: (now) => (shows(now, body) ? done(now) : null),
    work: (at) => change(at, body),
  };
}

function deletionOf(
  session: GraphSession,
  { caller }: By,
  input: DeletePhoneInput,
): Item<string> | Refusal[] {
  const phone = targetOf(session, selfOf(caller), input.id);
  if (Array.isArray(phone)) return phone;
  const expected = input.expectedLastModifiedDateTime ?? null;
  return { phone, expected, settled: () => null, work: remove };
}

/** What is asked of a phone before it is changed, and what is read after all changes. */
interface Reading {
  readonly query: GraphQuery;
  readonly after: ReadAfter;
}

async function changeAll<T>(
  session: GraphSession,
  by: By,
  { query, after }: Reading,
  items: readonly (Item<T> | Refusal[])[],
): Promise<Many<T>> {
  const spareMs = spareFor(after.owners, session);
  const ownerOf = ({ phone }: Item<T>): string =>
    by.deps.whose.knownTarget(session, by.caller, phone.user) ?? phone.user;
  const outcomes = new Array<Written<T> | Error>(items.length);
  const ready: Placed<T>[] = [];
  const named = new Set<string>();
  for (const [place, item] of items.entries()) {
    if (Array.isArray(item)) outcomes[place] = refuse(...item);
    else if (isRepeated(named, `${ownerOf(item)} ${item.phone.id}`)) outcomes[place] = refuse(namedTwice());
    else
      ready.push({
        place,
        item,
        owner: ownerOf(item),
        session: session.isolated({ gathers: true, spareMs }),
      });
  }
  const looks = await lookAtAll(
    session.isolated({ gathers: true }),
    by.deps,
    ready.map(({ item }) => item.phone),
    query,
  );
  await workOff(
    ready.map((one, at) => todoOf(one, by, looks[at] ?? null)),
    outcomes,
  );
  const sessions = new Array<GraphSession | undefined>(items.length);
  for (const { place, session: own } of ready) sessions[place] = own;
  return manyOf(outcomes, sessions);
}

interface Placed<T> {
  readonly place: number;
  readonly item: Item<T>;
  readonly owner: string;
  readonly session: GraphSession;
}

function todoOf<T>({ place, item, owner, session }: Placed<T>, by: By, look: Look): Todo<Written<T>> {
  return {
    place,
    owner,
    isLast: false,
    work: () => guarded('phone', () => carryOut(item, session, by, look)),
  };
}

async function carryOut<T>(
  { phone, expected, settled, work }: Item<T>,
  session: GraphSession,
  { deps, limit }: By,
  look: Look,
): Promise<Written<T>> {
  if (look instanceof Error) return beforehand(() => Promise.reject(look));
  if (look === null) return refuse(noSuchPhone());
  const ended = settled(look);
  if (ended !== null) return ended;
  if (expected !== null && look.lastModifiedDateTime !== expected) return refuse(changedSince());
  limit.check(session);
  return work({ session, timing: deps, limit, phone, expected, seen: look });
}

function isRepeated(named: Set<string>, name: string): boolean {
  if (named.has(name)) return true;
  named.add(name);
  return false;
}

function namedTwice(): Refusal {
  const message = 'An earlier change of this call is to the same phone. Make one change of the two.';
  return refusal('INVALID_INPUT', message, 'id');
}
