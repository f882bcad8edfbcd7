// Global ids of phones: the id of the person, a slash, and Graph's own id of the phone. Graph promises that an id is unique
// within one profile only, and a client's cache knows an object by its id alone.
import { type ItemId, itemId, type UserKey, userKey } from '../graph/paths.ts';

/** A phone as somebody names it. */
export interface NamedPhone {
  /** Whose: what stands before the slash; null without a slash. */
  readonly user: UserKey | null;
  readonly id: ItemId;
}

/**
 * Joined, and not a template: V8 (14) keeps a concatenated text in its two parts, and `JSON.stringify` writes a response
 * with one of those in it three times slower.
 *
 * @param owner the object id of the person, as `userKey` writes it
 */
export function phoneId(owner: string, graphId: string): string {
  return [owner, graphId].join('/');
}

/** Reads an id with or without a person in it; null for a text that can be none. */
export function readPhoneId(text: string): NamedPhone | null {
  const { owner, graphId } = splitPhoneId(text);
  const user = owner === null ? null : userKey(owner);
  const id = itemId(graphId);
  return id === null || (owner !== null && user === null) ? null : { user, id };
}

/** The two parts of an id, whatever they are. No principal name has a slash in it. */
export function splitPhoneId(text: string): { readonly owner: string | null; readonly graphId: string } {
  const slash = text.indexOf('/');
  return slash === -1
    ? { owner: null, graphId: text }
    : { owner: text.slice(0, slash), graphId: text.slice(slash + 1) };
}
