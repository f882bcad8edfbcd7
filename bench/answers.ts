// Checks responses: no server is measured before its response is correct.
import { isDeepStrictEqual } from 'node:util';
import type { Case } from './cases.ts';
import type { Contender } from './contenders.ts';
import { tokenOf } from './load/requests.ts';
import type { Person, WirePhone } from './people.ts';

export interface PersonAnswer {
  readonly id: string;
  readonly phones: readonly PhoneAnswer[];
}

/** The twelve fields, as the product's schema has them. */
export interface PhoneAnswer extends Pick<WirePhone, (typeof asOnTheWire)[number]> {
  readonly type: string;
  readonly allowedAudiences: readonly string[];
  readonly createdBy: { readonly user: object };
  readonly lastModifiedBy: { readonly user: object };
}

const asOnTheWire = [
  'id',
  'displayName',
  'number',
  'isSearchable',
  'inference',
  'source',
  'createdDateTime',
  'lastModifiedDateTime',
] as const;

/** Microsoft Graph's JSON in the form of the product's schema. */
export function inOurWords({ id, phones }: Pick<Person, 'id' | 'phones'>): PersonAnswer {
  return { id, phones: phones.map(phoneInOurWords) };
}

function phoneInOurWords(phone: WirePhone): PhoneAnswer {
  const { id, displayName, number, isSearchable, inference, source } = phone;
  return {
    id,
    displayName,
    number,
    isSearchable,
    inference,
    source,
    createdDateTime: phone.createdDateTime,
    lastModifiedDateTime: phone.lastModifiedDateTime,
    type: constant(phone.type),
    allowedAudiences: phone.allowedAudiences.split(',').map(constant),
    createdBy: nameOf(phone.createdBy),
    lastModifiedBy: nameOf(phone.lastModifiedBy),
  };
}

/** The id of an actor has a different name in each schema, so no query selects it. */
function nameOf({ user }: WirePhone['createdBy']): PhoneAnswer['createdBy'] {
  return { user: { displayName: user.displayName } };
}

/** `homeFax` as `HOME_FAX`. */
function constant(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/**
 * Sends the first query of a case to the server at `port` and compares the response.
 *
 * @throws Error when the response is not the expected one
 */
export async function checkAnswer(
  contender: Contender,
  port: number,
  { bodies, asked }: Case,
): Promise<void> {
  const [body, people] = [bodies[0], asked[0] ?? []];
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf(0)}` },
    body: body ?? '',
  });
  const text = await response.text();
  const expected = people.map(inOurWords).map((person) => asRewritten(person, contender));
  if (response.ok && isDeepStrictEqual(contender.read(JSON.parse(text), people), expected)) return;
  throw new Error(`${contender.name} gives another answer: ${response.status} ${text.slice(0, 1_000)}`);
}

function asRewritten(person: PersonAnswer, { rewrites }: Contender): PersonAnswer {
  if (rewrites === undefined) return person;
  const shorten = (moment: string): string => new Date(moment).toISOString();
  const phones = person.phones.map((phone) => ({
    ...phone,
    createdDateTime: shorten(phone.createdDateTime),
    lastModifiedDateTime: shorten(phone.lastModifiedDateTime),
  }));
  return { ...person, phones };
}
