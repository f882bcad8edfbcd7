// The benchmark cases. Each case has one document and different variables each time. A server may cache the document, but
// gains nothing from earlier requests for the same users.
import type { Person } from './people.ts';
import { shuffled } from './random.ts';

export const caseNames = ['Q1', 'Q2', 'Q3'] as const;
export type CaseName = (typeof caseNames)[number];

export const caseTitles: Readonly<Record<CaseName, string>> = {
  Q1: 'one person, 3 phones, 12 fields each; every client has its own token',
  Q2: '100 people in one operation, 3 phones each; every client has its own token',
  Q3: '64 clients of one service token, each asking for a different person at once',
};

export interface Case {
  readonly name: CaseName;
  /** Clients at full load. Each waits for its response before it sends the next request. */
  readonly clients: number;
  /** Operations a second at low load, at random times. */
  readonly lowRate: number;
  /** Whether all clients have the same token, as the instances of one service do, or each has its own. */
  readonly oneToken: boolean;
  /** Request bodies, used in turn. As many consecutive bodies as there are clients request different users. */
  readonly bodies: readonly string[];
  /** The users that each body requests. */
  readonly asked: readonly (readonly Person[])[];
}

const PHONE = `{
      id displayName number type allowedAudiences isSearchable
      inference { confidenceScore userHasVerifiedAccuracy }
      source { type }
      createdBy { user { displayName } } createdDateTime
      lastModifiedBy { user { displayName } } lastModifiedDateTime
    }`;

const ONE = `query OnePerson($id: ID!) {
  user(id: $id) {
    id
    phones ${PHONE}
  }
}`;

const MANY = `query ManyPeople($ids: [ID!]!) {
  users(ids: $ids) {
    id
    phones ${PHONE}
  }
}`;

const MANY_SIZE = 100;
/** The number of different lists of 100 users. */
const MANY_COUNT = 200;

export function createCases(people: readonly Person[], random: () => number): readonly Case[] {
  const singles = shuffled(people, random).map((person) => [person]);
  const lists = Array.from({ length: MANY_COUNT }, () => shuffled(people, random).slice(0, MANY_SIZE));
  const one = singles.map(([person]) => bodyOf(ONE, { id: person?.id }));
  const many = lists.map((list) => bodyOf(MANY, { ids: list.map(({ id }) => id) }));
  return [
    {
      name: 'Q1',
      clients: 32,
      lowRate: 40,
      oneToken: false,
      bodies: one,
      asked: singles,
    },
    {
      name: 'Q2',
      clients: 8,
      lowRate: 5,
      oneToken: false,
      bodies: many,
      asked: lists,
    },
    {
      name: 'Q3',
      clients: 64,
      lowRate: 80,
      oneToken: true,
      bodies: one,
      asked: singles,
    },
  ];
}

function bodyOf(query: string, variables: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ query, variables });
}
