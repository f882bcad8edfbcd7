// Global ids of items: the id of the person, the segment of the facet where it has one, and Graph's own id of the item,
// with slashes between them. Graph promises that an id is unique within one profile only, and a client's cache knows an
// object by its id alone.
import { type ItemId, itemId, type UserKey, userKey } from '../graph/paths.ts';

/** The form of the ids of one facet. */
export interface ItemIdForm {
  /**
   * What stands between the user and the item in a global id: `{user id}/{idSegment}/{graphId}`. Ids of phones have
   * nothing there and are null, as they were when phones were the only facet.
   */
  readonly idSegment: string | null;
}

/** An item as a caller names it. */
export interface NamedItem {
  /** Whose: what stands before the first slash; null without a slash. */
  readonly user: UserKey | null;
  readonly id: ItemId;
}

/**
 * Joined, and not a template: V8 (14) keeps a concatenated text in its two parts, and `JSON.stringify` writes a response
 * with one of those in it three times slower.
 *
 * @param owner the object id of the person, as `userKey` writes it
 */
export function globalId({ idSegment }: ItemIdForm, owner: string, graphId: string): string {
  return (idSegment === null ? [owner, graphId] : [owner, idSegment, graphId]).join('/');
}

/** Reads an id with or without a person in it; null for a text that cannot be one of this facet. */
export function readItemId({ idSegment }: ItemIdForm, text: string): NamedItem | null {
  const { owner, segment, graphId } = splitItemId(text);
  if (owner !== null && segment !== idSegment) return null;
  const user = owner === null ? null : userKey(owner);
  const id = itemId(graphId);
  return id === null || (owner !== null && user === null) ? null : { user, id };
}

export interface ItemIdParts {
  readonly owner: string | null;
  /** Of the facet; null where there is none. */
  readonly segment: string | null;
  readonly graphId: string;
}

/** The parts of an id, whatever they are. No principal name and no id of Graph's has a slash in it. */
export function splitItemId(text: string): ItemIdParts {
  const first = text.indexOf('/');
  if (first === -1) return { owner: null, segment: null, graphId: text };
  const second = text.indexOf('/', first + 1);
  return {
    owner: text.slice(0, first),
    segment: second === -1 ? null : text.slice(first + 1, second),
    graphId: text.slice(Math.max(first, second) + 1),
  };
}
