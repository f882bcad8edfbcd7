// Finding one's own phone again, after a POST whose answer was lost: what was sent, not there before, created since, by
// this application where that is known, and no other key's. Exactly one such phone is the one; nothing is ever deleted to
// get there.

import { readCollections } from '../../graph/paging.ts';
import { type GraphQuery, graphPath, graphQuery, NO_QUERY, type UserKey } from '../../graph/paths.ts';
import type { JsonObject } from '../../graph/response.ts';
import type { GraphSession } from '../../graph/session.ts';
import { sameValue } from '../../phones/inputs.ts';
import { type Phone, readPhone } from '../item-facet.ts';
import { phonesOf } from '../loader.ts';
import type { KeySlot, Sent } from './idempotency.ts';
import { asUnseen, type Timing, waitToLook } from './send.ts';

export interface Search {
  readonly session: GraphSession;
  readonly user: UserKey;
  readonly body: JsonObject;
  readonly slot: KeySlot;
  readonly timing: Timing;
  /** The application that phones are created by; null where that is not known. */
  readonly clientId: string | null;
}

export type Found =
  | { readonly kind: 'found'; readonly phone: Phone }
  /** More than one that could be it. */
  | { readonly kind: 'several' }
  /** It is not there; these are. */
  | { readonly kind: 'none'; readonly ids: readonly string[] }
  /** The list could not be read. */
  | { readonly kind: 'unseen' };

/** Milliseconds by which clocks may differ: Microsoft Graph's, and those of this machine and whoever sent it. */
const SKEW_MS = 5 * 60 * 1000;
const ONLY_IDS = graphQuery([['$select', 'id']]);

/**
 * Looks until the phone is there, once after each of `delays` as far as the time allows, and takes it for the key.
 *
 * @throws StoreFailure
 */
export async function recognise(search: Search, sent: Sent, delays: readonly number[]): Promise<Found> {
  let last: Found = { kind: 'unseen' };
  for (const delay of delays) {
    if (!(await waitToLook(search.session, search.timing, delay))) break;
    const phones = await listPhones(search.session, search.user, NO_QUERY).catch(asUnseen);
    if (phones === 'unseen') continue;
    last = await choose(search, sent, phones);
    if (last.kind !== 'none') break;
  }
  return last;
}

async function choose(search: Search, sent: Sent, phones: readonly Phone[]): Promise<Found> {
  const candidates: Phone[] = [];
  for (const phone of phones) {
    if (couldBe(search, sent, phone) && !(await search.slot.isTaken(phone.graphId))) candidates.push(phone);
  }
  const [phone, ...others] = candidates;
  if (others.length > 0) return { kind: 'several' };
  if (phone !== undefined && (await search.slot.claim(phone.graphId))) return { kind: 'found', phone };
  return { kind: 'none', ids: phones.map(({ graphId }) => graphId) };
}

function couldBe({ body, clientId }: Search, { before, at }: Sent, phone: Phone): boolean {
  if (before.includes(phone.graphId) || !shows(phone, body)) return false;
  const created = Date.parse(phone.createdDateTime ?? '');
  if (created < at - SKEW_MS) return false;
  const author = phone.createdBy?.application?.objectId ?? null;
  return author === null || clientId === null || author.toLowerCase() === clientId.toLowerCase();
}

/** The ids of all phones of a person, as they are now. Throws a GraphFailure. */
export async function listIds(session: GraphSession, user: UserKey): Promise<readonly string[]> {
  return (await listPhones(session, user, ONLY_IDS)).map(({ graphId }) => graphId);
}

async function listPhones(session: GraphSession, user: UserKey, query: GraphQuery): Promise<Phone[]> {
  const [items] = await readCollections(session, [graphPath(phonesOf(user), query)], (all) => all);
  if (items === undefined || items instanceof Error) throw items ?? new TypeError('a list was not read');
  const phones = items.flatMap((item) => readPhone(item) ?? []);
  return [...new Map(phones.map((phone) => [phone.graphId, phone])).values()];
}

/**
 * Whether a phone has all that a body says, as Graph would store it: blanks around a text may be gone, lists may be in
 * another order, and what the body does not say may be anything.
 */
export function shows(phone: Phone, body: JsonObject): boolean {
  const wanted = readPhone({ ...body, id: phone.graphId });
  if (wanted === null) return false;
  const { inference, ...rest } = body;
  const names = Object.keys(rest) as (keyof Phone)[];
  return (
    names.every((name) => sameValue(tidy(phone[name]), tidy(wanted[name]))) &&
    infers(phone, wanted, inference)
  );
}

/** Members that are not sent keep their values. */
function infers(phone: Phone, wanted: Phone, sent: unknown): boolean {
  if (sent === undefined) return true;
  if (sent === null || wanted.inference === null) return phone.inference === null;
  const names = Object.keys(sent) as (keyof typeof wanted.inference)[];
  return names.every((name) => (phone.inference?.[name] ?? null) === (wanted.inference?.[name] ?? null));
}

function tidy(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(tidy).toSorted();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, tidy(part)]));
}
