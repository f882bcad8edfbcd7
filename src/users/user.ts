// Graph's JSON of a user, as far as this product goes.
import type { JsonObject } from '../graph/response.ts';

/** The properties of a user that the schema shows, by the same names. */
export interface PersonProperties {
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly mail: string | null;
}

/** Reads a user; null when it has no id and so is none. What was not asked for reads as null. */
export function readPerson(json: JsonObject): (PersonProperties & { readonly id: string }) | null {
  const id = text(json['id']);
  if (id === null || id === '') return null;
  return {
    id,
    displayName: text(json['displayName']),
    userPrincipalName: text(json['userPrincipalName']),
    mail: text(json['mail']),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
