// Graph's JSON of a user, as far as this product goes.
import { type JsonObject, readFlag, readText, readTexts } from '../runtime/json.ts';

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

/** A text alone is a list of one. */
function textsOf(value: unknown): readonly string[] | null {
  return typeof value === 'string' ? [value] : readTexts(value);
}
