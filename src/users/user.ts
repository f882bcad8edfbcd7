// Graph's JSON of a user, as far as this product goes.
import type { JsonObject } from '../graph/response.ts';

/** The properties of a user that the schema shows, by the same names. */
export interface PersonProperties {
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly mail: string | null;
  readonly jobTitle: string | null;
  readonly department: string | null;
  readonly officeLocation: string | null;
  readonly userType: string | null;
  readonly accountEnabled: boolean | null;
  readonly businessPhones: readonly string[] | null;
  readonly mobilePhone: string | null;
}

/** A user of whom nothing was asked for. */
export const NOTHING_ASKED: PersonProperties = {
  displayName: null,
  userPrincipalName: null,
  mail: null,
  jobTitle: null,
  department: null,
  officeLocation: null,
  userType: null,
  accountEnabled: null,
  businessPhones: null,
  mobilePhone: null,
};

/** Reads a user; null when it has no id and so is none. What was not asked for, or is of another type, reads as null. */
export function readPerson(json: JsonObject): (PersonProperties & { readonly id: string }) | null {
  const id = text(json['id']);
  if (id === null || id === '') return null;
  return {
    id,
    displayName: text(json['displayName']),
    userPrincipalName: text(json['userPrincipalName']),
    mail: text(json['mail']),
    jobTitle: text(json['jobTitle']),
    department: text(json['department']),
    officeLocation: text(json['officeLocation']),
    userType: text(json['userType']),
    accountEnabled: flag(json['accountEnabled']),
    businessPhones: texts(json['businessPhones']),
    mobilePhone: text(json['mobilePhone']),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** Without what is no text. A text alone is a list of one. */
function texts(value: unknown): readonly string[] | null {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
}
