// The initial tenant: the fixtures, generated users with one to four phones each, and one personal account. The same
// clock and random source produce the same tenant. Generated numbers come from ranges reserved for fiction (555-0100 to
// 0199, and the ranges of Ofcom and BNetzA), so that no real telephone can ring.

import { PHONE_TYPES } from '../odata/enums.ts';
import { writeInstant } from '../odata/instants.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { SeedContext } from './fixture-phones.ts';
import { fixturePhones, phoneFrom } from './fixture-phones.ts';
import { FIXTURES, fixtureUsers, personalAccount, SERVICE_ACCOUNT } from './fixtures.ts';
import type { Name } from './names.ts';
import { DEPARTMENTS, GIVEN_NAMES, JOB_TITLES, SURNAMES } from './names.ts';
import type { Snapshot, StoredPhone, StoredUser } from './tenant.ts';

export const SMALLEST_TENANT = Object.keys(FIXTURES).length;
export const LARGEST_TENANT = 100_000;
/** A fixed seed, so that ids stay the same from one run to the next. */
export const DEFAULT_SEED = 2020;

export interface SeedOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The size of the directory, including the fixtures: SMALLEST_TENANT to LARGEST_TENANT. */
  readonly people: number;
}

export function createSeed({ clock, random, people: size }: SeedOptions): Snapshot {
  const context = createSeedContext(clock, random, size);
  const users = fixtureUsers(context.id);
  const phones: Record<string, readonly StoredPhone[]> = {};
  for (let at = users.length; at < size; at += 1) {
    const user = generatedUser(at, random, context);
    users.push(at === size - 1 ? { ...user, ...SERVICE_PROPERTIES } : user);
  }
  users.push(personalAccount());
  for (const user of users) {
    phones[user.id] = fixturePhones(user, context) ?? generatedPhones(user, random, context);
  }
  return { people: users, phones };
}

const SERVICE_PROPERTIES = {
  displayName: 'Service account',
  givenName: null,
  surname: null,
  userPrincipalName: SERVICE_ACCOUNT,
  mail: null,
} as const;

/** Creation times increase from five years before now, so that phones created later are newer. */
function createSeedContext(clock: Clock, random: Random, size: number): SeedContext {
  const years = 5 * 365 * 24 * 3600 * 1000;
  const step = years / (size * 5 + 200);
  let at = clock.now() - years;
  return {
    id: () => random.uuid(),
    moment: () => {
      at += step * (0.2 + random.fraction() * 0.8);
      return writeInstant(Math.floor(at), Math.floor(random.fraction() * 10_000));
    },
  };
}

/** Each pair of names is used once before any is used again. Later addresses end in a number. */
function generatedUser(at: number, random: Random, context: SeedContext): StoredUser {
  const [givenName, given] = GIVEN_NAMES[at % GIVEN_NAMES.length] as Name;
  const shift = Math.floor(at / GIVEN_NAMES.length);
  const [surname, sur] = SURNAMES[(at + shift) % SURNAMES.length] as Name;
  const round = Math.floor(at / (GIVEN_NAMES.length * SURNAMES.length));
  const userPrincipalName = `${given}.${sur}${round === 0 ? '' : round + 1}@contoso.com`;
  return {
    id: context.id(),
    displayName: `${givenName} ${surname}`,
    givenName,
    surname,
    userPrincipalName,
    mail: userPrincipalName,
    jobTitle: pick(JOB_TITLES, random) ?? null,
    preferredLanguage: null,
    ...placeOf(at),
  };
}

type Place = Pick<
  StoredUser,
  'department' | 'officeLocation' | 'userType' | 'accountEnabled' | 'businessPhones' | 'mobilePhone'
>;

/** Depends on the position alone. Numbers repeat, so that several users share one. */
function placeOf(at: number): Place {
  return {
    department: DEPARTMENTS[at % DEPARTMENTS.length] ?? null,
    officeLocation: at % 3 === 0 ? null : `${18 + (at % 5)}/${1100 + (at % 40)}`,
    userType: at % 50 === 49 ? null : at % 20 === 13 ? 'Guest' : 'Member',
    accountEnabled: at % 17 !== 0,
    businessPhones: at % 4 === 0 ? [] : [`+1 206 555 01${twoDigits(at % 100)}`],
    mobilePhone: at % 5 === 0 ? null : `+1 425 555 01${twoDigits((at * 7) % 100)}`,
  };
}

function generatedPhones(user: StoredUser, random: Random, context: SeedContext): StoredPhone[] {
  const count = 1 + Math.floor(random.fraction() * 4);
  return Array.from({ length: count }, () => {
    const type = pick(PHONE_TYPES, random) ?? null;
    const number = pick(FICTIONAL_NUMBERS, random)?.(Math.floor(random.fraction() * 100)) ?? null;
    const allowedAudiences = pick(AUDIENCES, random) ?? null;
    return phoneFrom({ number, type, allowedAudiences }, user, context);
  });
}

const AUDIENCES = [
  'organization',
  'organization',
  'everyone',
  'contacts,organization',
  'family,contacts',
  'me',
];

const FICTIONAL_NUMBERS: readonly ((at: number) => string)[] = [
  (at) => `+1 425 555 01${twoDigits(at)}`,
  (at) => `(206) 555-01${twoDigits(at)}`,
  (at) => `+44 20 7946 0${twoDigits(at)}1`,
  (at) => `+44 7700 9000${twoDigits(at)}`,
  (at) => `030 23125 0${twoDigits(at)}`,
  (at) => `+33 1 99 00 12 ${twoDigits(at)}`,
];

function twoDigits(at: number): string {
  return String(at).padStart(2, '0');
}

function pick<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items[Math.floor(random.fraction() * items.length)];
}
