// The schema of the peers, and its resolvers. They do only what the queries need, so that no peer does more work than the
// comparison requires. The parent of a phone's fields is Microsoft Graph's JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WirePhone } from '../people.ts';

/** The phones of one person, by whatever way the server at hand takes. */
export type PhonesOf = (userId: string) => Promise<readonly WirePhone[]>;

export interface SliceContext {
  readonly phonesOf: PhonesOf;
}

export const typeDefs = readFileSync(join(import.meta.dirname, 'slice.graphql'), 'utf8');

export const resolvers = {
  Query: {
    user: (_root: unknown, { id }: { id: string }) => ({ id }),
    users: (_root: unknown, { ids }: { ids: readonly string[] }) => ids.map((id) => ({ id })),
  },
  User: {
    phones: ({ id }: { id: string }, _args: unknown, { phonesOf }: SliceContext) => phonesOf(id),
  },
  ItemPhone: {
    allowedAudiences: ({ allowedAudiences }: WirePhone) => allowedAudiences.split(','),
  },
  PhoneType: {
    HOME: 'home',
    BUSINESS: 'business',
    MOBILE: 'mobile',
    OTHER: 'other',
    ASSISTANT: 'assistant',
    HOME_FAX: 'homeFax',
    BUSINESS_FAX: 'businessFax',
    OTHER_FAX: 'otherFax',
    PAGER: 'pager',
    RADIO: 'radio',
  },
  AllowedAudiences: {
    ME: 'me',
    FAMILY: 'family',
    CONTACTS: 'contacts',
    GROUP_MEMBERS: 'groupMembers',
    ORGANIZATION: 'organization',
    FEDERATED_ORGANIZATIONS: 'federatedOrganizations',
    EVERYONE: 'everyone',
  },
};
