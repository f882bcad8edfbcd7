// Reads a user from Graph's JSON.
import type { JsonObject } from '../graph/response.ts';

/** The properties of a user in the schema, under the same names. */
export interface UserProperties {
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

/** The properties of a user when none is requested. */
export const NO_PROPERTIES: UserProperties = {
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

/** Reads a user. Null without an id. A property that is absent or has another type is null. */
export function readUser(json: JsonObject): (UserProperties & { readonly id: string }) | null {
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

/** A list of strings; other items are dropped. A single string becomes a list. */
function texts(value: unknown): readonly string[] | null {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
}
