// The fixtures: the users that every tenant has, by user principal name. Each exists for a purpose. Their phones are in
// `fixture-phones.ts`. `seed.ts` generates the other users.
import type { StoredUser } from './tenant.ts';

export const FIXTURES = {
  /** The user of the documentation, with the phone of its "Create itemPhone" page. */
  innocenty: 'innocenty@contoso.com',
  /** Another user of that name, with the phone of the "Update itemPhone" page. */
  namesake: 'innocenty.popov@contoso.com',
  admin: 'grace.okafor@contoso.com',
  reader: 'lukas.brandt@contoso.com',
  /** Has no phones. */
  withNone: 'noor.haddad@contoso.com',
  /** Has 30 phones, more than a page. */
  withThirty: 'yuki.tanaka@contoso.com',
  /** Has one phone of every type. */
  withEveryType: 'eleni.papadopoulou@contoso.com',
  /** Has numbers as people type them, and a phone without a number. */
  withOddNumbers: 'zhanna.sokolova@contoso.com',
  /** Has phones with valid but rare forms. */
  withOddShapes: 'layla.alfarsi@contoso.com',
  /** A guest. The principal name contains `#`. */
  guest: 'marta_fabrikam.com#EXT#@contoso.onmicrosoft.com',
  /** Has a quote in the principal name and in the department, and innocenty's mobile number in the directory. */
  apostrophe: "siobhan.o'brien@contoso.com",
  /** Has no mailbox, no given name and no surname. */
  roomPhone: 'lobby@contoso.com',
} as const;

/**
 * The principal name of a personal account. It is not in the directory, and its id is not a GUID. In the emulator it
 * belongs to the home tenant; in Entra ID, personal accounts have a tenant of their own.
 */
export const PERSONAL = 'amelie.laurent@outlook.com';

/** The principal name of the last generated user. It begins with `$`. */
export const SERVICE_ACCOUNT = '$svc@contoso.com';

const EMPTY = {
  givenName: null,
  surname: null,
  mail: null,
  jobTitle: null,
  department: null,
  userType: null,
  accountEnabled: null,
  mobilePhone: null,
  businessPhones: [],
  officeLocation: null,
  preferredLanguage: null,
} as const;

const MEMBER = { userType: 'Member', accountEnabled: true } as const;

type UserFixture = Partial<Omit<StoredUser, 'id' | 'userPrincipalName'>> & {
  readonly id?: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
};

/** @param id returns an id for each user who has none in the documentation */
export function fixtureUsers(id: () => string): StoredUser[] {
  return USERS.map((fixture) => ({ ...EMPTY, ...MEMBER, id: fixture.id ?? id(), ...fixture }));
}

/** As in a published response of `/me`: an id of 16 hexadecimal digits, and few other properties. */
export function personalAccount(): StoredUser {
  return {
    ...EMPTY,
    id: 'fde926f844473904',
    displayName: 'Amélie Laurent',
    givenName: 'Amélie',
    surname: 'Laurent',
    userPrincipalName: PERSONAL,
    preferredLanguage: 'fr-FR',
  };
}

function named(
  upn: string,
  givenName: string,
  surname: string,
  rest: Partial<UserFixture> = {},
): UserFixture {
  return {
    userPrincipalName: upn,
    displayName: `${givenName} ${surname}`,
    givenName,
    surname,
    mail: upn,
    ...rest,
  };
}

const USERS: readonly UserFixture[] = [
  named(FIXTURES.innocenty, 'Innocenty', 'Popov', {
    id: 'db789417-4ccb-41d1-a0a9-47b01a09ea49',
    jobTitle: 'Sales Manager',
    department: 'Sales',
    officeLocation: '20/1101',
    businessPhones: ['+1 425 555 0101'],
    mobilePhone: '+1 425 555 0102',
    preferredLanguage: 'en-US',
  }),
  named(FIXTURES.namesake, 'Innocenty', 'Popov', { id: 'efee1b77-fb3b-4f65-99d6-274c11914d12' }),
  named(FIXTURES.admin, 'Grace', 'Okafor', {
    jobTitle: 'User Administrator',
    department: 'IT',
    businessPhones: ['+1 425 555 0103'],
  }),
  named(FIXTURES.reader, 'Lukas', 'Brandt', {
    department: 'Research & Development',
    preferredLanguage: 'de-DE',
  }),
  named(FIXTURES.withNone, 'Noor', 'Haddad'),
  named(FIXTURES.withThirty, '由紀', '田中', { displayName: '田中 由紀', preferredLanguage: 'ja-JP' }),
  named(FIXTURES.withEveryType, 'Ελένη', 'Παπαδοπούλου', { preferredLanguage: 'el-GR' }),
  named(FIXTURES.withOddNumbers, 'Жанна', 'Соколова', { preferredLanguage: 'ru-RU' }),
  named(FIXTURES.withOddShapes, 'ليلى', 'الفارسي', { preferredLanguage: 'ar-OM' }),
  named(FIXTURES.guest, 'Marta', 'Nowak-Wiśniewska', { mail: 'marta@fabrikam.com', userType: 'Guest' }),
  named(FIXTURES.apostrophe, 'Siobhán', "O'Brien", {
    department: "Founders' Office",
    mobilePhone: '+1 425 555 0102',
    preferredLanguage: 'en-IE',
  }),
  {
    userPrincipalName: FIXTURES.roomPhone,
    displayName: 'Lobby phone',
    accountEnabled: false,
    businessPhones: ['+1 425 555 0199'],
  },
];
