// The phones of the fixtures: those of the documentation's pages, and every form of a phone that Microsoft Graph is known
// to return. Numbers are those of the documentation, or from ranges reserved for fiction.

import { PHONE_TYPES } from '../odata/enums.ts';
import { FIXTURES, PERSONAL } from './fixtures.ts';
import type { StoredPhone, StoredUser } from './tenant.ts';
import { identityOf } from './tenant.ts';

/** Creates the ids and times of phones. Each time is later than the one before. */
export interface SeedContext {
  id(): string;
  moment(): string;
}

type PhoneFixture = Partial<StoredPhone> & { readonly number: string | null };

/** The phones of a fixture. Undefined for any other user. */
export function fixturePhones(user: StoredUser, context: SeedContext): StoredPhone[] | undefined {
  const fixtures = PHONES[user.userPrincipalName];
  return fixtures?.map((fixture) => phoneFrom(fixture, user, context));
}

export function phoneFrom(fixture: PhoneFixture, user: StoredUser, context: SeedContext): StoredPhone {
  const moment = fixture.createdDateTime ?? context.moment();
  const author = identityOf(user.displayName, user.id);
  return {
    id: fixture.id ?? context.id(),
    allowedAudiences: 'organization',
    inference: null,
    createdDateTime: moment,
    createdBy: author,
    lastModifiedDateTime: moment,
    lastModifiedBy: author,
    displayName: null,
    type: null,
    ...fixture,
  };
}

const DOCUMENTED = '2020-07-06T06:34:12.2294868Z';
const LEGACY = 'Microsoft.Fast.PI.ViewGenerator.V2.Profile.Models';

const ODD_NUMBERS: readonly PhoneFixture[] = [
  { number: 'x1234', type: 'business' },
  { number: '(425) 555-0100', type: 'business' },
  { number: '', type: 'other' },
  { number: 'tel:+1-425-555-0100;ext=12', type: 'business' },
  { number: '+7 499 342 22 13', type: 'mobile' },
  { number: null, type: 'mobile' },
  { number: '020 7946 0018', type: 'home' },
  { number: '+1 425 555 0100 ext. 12', type: 'assistant' },
  { number: '\u200e+44\u00a020\u00a07946\u00a00321\u200f', type: 'business' },
  { number: '٠٢٠ ٧٩٤٦ ٠٣٢١', type: 'home' },
  { number: 'ask the front desk, 1-800-555-0199 after 6pm', type: 'other' },
];

const ODD_SHAPES: readonly PhoneFixture[] = [
  {
    displayName: 'No author',
    number: '+1 425 555 0110',
    type: 'home',
    createdBy: null,
    lastModifiedBy: null,
  },
  { displayName: 'Empty author', number: '+1 425 555 0111', createdBy: {}, lastModifiedBy: {} },
  {
    displayName: 'Author without a name',
    number: '+1 425 555 0112',
    createdBy: { '@odata.type': 'microsoft.graph.identitySet' },
    lastModifiedBy: {
      application: { '@odata.type': 'microsoft.graph.identity' },
      device: null,
      user: { '@odata.type': 'microsoft.graph.identity', id: null, displayName: null },
    },
  },
  {
    '@odata.type': `#${LEGACY}.itemPhone`,
    displayName: 'From the early service',
    number: '+1 425 555 0113',
    type: 'business',
    createdDateTime: '2016-12-31T23:59:45.9448095+03:00',
    createdBy: { '@odata.type': `${LEGACY}.identitySet` },
    lastModifiedDateTime: '2017-01-01T00:00:42.7561162+03:00',
    lastModifiedBy: { '@odata.type': `${LEGACY}.identitySet` },
  },
  { displayName: 'No type', number: '+1 425 555 0114', type: null },
  { displayName: 'A type nobody knows', number: '+1 425 555 0115', type: 'satellite' },
  { displayName: 'For me', number: '+1 425 555 0116', allowedAudiences: 'me' },
  { displayName: 'For two', number: '+1 425 555 0117', allowedAudiences: 'contacts,organization' },
  { displayName: 'For nobody says', number: '+1 425 555 0118', allowedAudiences: null },
  { displayName: 'For newer ones', number: '+1 425 555 0119', allowedAudiences: 'trustedPartners' },
  { displayName: 'For both', number: '+1 425 555 0120', allowedAudiences: 'organization,trustedPartners' },
  {
    displayName: 'Inferred',
    number: '+1 425 555 0121',
    inference: { confidenceScore: 0.87, userHasVerifiedAccuracy: false },
  },
  {
    displayName: 'Beyond doubt',
    number: '+1 425 555 0122',
    inference: { confidenceScore: 'INF', userHasVerifiedAccuracy: null },
  },
  {
    displayName: 'Synced',
    number: '+1 425 555 0123',
    isSearchable: true,
    source: { type: ['AAD', 'User'] },
    sources: [
      {
        sourceId: '4ce763dd-9214-4eff-af7c-da491cc3782d',
        isDefaultSource: true,
        properties: ['number', 'type'],
      },
      { sourceId: '27f1af06-06ff-4b87-9d1b-0a2b0a5a1f3c', isDefaultSource: false, properties: [] },
    ],
  },
];

const THIRTY: readonly PhoneFixture[] = Array.from({ length: 30 }, (_, at) => ({
  displayName: `Line ${at + 1}`,
  number: `+1 425 555 01${String(at + 40)}`,
  type: PHONE_TYPES[at % PHONE_TYPES.length] ?? null,
}));

const PHONES: Readonly<Record<string, readonly PhoneFixture[]>> = {
  [FIXTURES.innocenty]: [
    {
      id: '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f',
      createdDateTime: DOCUMENTED,
      displayName: 'Car Phone',
      number: '+7 499 342 22 13',
    },
    {
      createdDateTime: '2020-07-06T09:12:40.1187703Z',
      displayName: 'Desk',
      number: '+1 425 555 0101',
      type: 'business',
      allowedAudiences: 'contacts,organization',
    },
    {
      createdDateTime: '2020-07-07T15:01:03.0450012Z',
      number: '+1 425 555 0102',
      type: 'mobile',
      allowedAudiences: 'everyone',
    },
  ],
  [FIXTURES.namesake]: [
    {
      id: 'e13f7a4d-303c-464f-a6af-80ea18eb74f3',
      createdDateTime: DOCUMENTED,
      displayName: 'Car Phone',
      number: '+7 499 234 56 78',
      // The documented form; every other stored source is a list.
      source: { type: 'User' },
    },
  ],
  [FIXTURES.withNone]: [],
  [FIXTURES.withThirty]: THIRTY,
  [FIXTURES.withEveryType]: PHONE_TYPES.map((type, at) => ({
    displayName: type,
    number: `020 7946 00${at + 10}`,
    type,
  })),
  [FIXTURES.withOddNumbers]: ODD_NUMBERS,
  [FIXTURES.withOddShapes]: ODD_SHAPES,
  [PERSONAL]: [
    { displayName: 'Home', number: '+33 1 99 00 12 34', type: 'home', allowedAudiences: 'contacts' },
  ],
  [FIXTURES.roomPhone]: [{ displayName: 'Front desk', number: '+1 425 555 0199', type: 'business' }],
};
