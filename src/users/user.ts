// Reads a user from Graph's JSON.
import { type JsonObject, readFlag, readText, readTexts } from '../runtime/json.ts';

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
  const id = readText(json['id']);
  if (id === null || id === '') return null;
  return {
    id,
    displayName: readText(json['displayName']),
    userPrincipalName: readText(json['userPrincipalName']),
    mail: readText(json['mail']),
    jobTitle: readText(json['jobTitle']),
    department: readText(json['department']),
    officeLocation: readText(json['officeLocation']),
    userType: readText(json['userType']),
    accountEnabled: readFlag(json['accountEnabled']),
    businessPhones: textsOf(json['businessPhones']),
    mobilePhone: readText(json['mobilePhone']),
  };
}

/** A single string becomes a list. */
function textsOf(value: unknown): readonly string[] | null {
  return typeof value === 'string' ? [value] : readTexts(value);
}
