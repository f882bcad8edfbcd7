// Another facet of a profile: emails, the `itemEmail` resource of Microsoft Graph (beta), with its part of the schema and
// its resolvers. This file is all that there is of it.
// Source: Microsoft Graph docs (beta), "itemEmail resource type": address, displayName, type, and itemFacet.

import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../src/graphql/context.ts';
import type { FacetModule } from '../../src/graphql/facets.ts';
import { fieldsOf } from '../../src/graphql/item-fields.ts';
import type { Facet } from '../../src/profile/facet.ts';
import { commonFields, settableText } from '../../src/profile/inputs.ts';
import { ItemFacet } from '../../src/profile/item-facet.ts';
import {
  type DeletePayload,
  deletedGlobalId,
  deletePayload,
  type ItemPayload,
  itemPayload,
  withGlobalId,
} from '../../src/profile/mutations/payload.ts';
import { type JsonObject, readText } from '../../src/runtime/json.ts';
import type { User } from '../../src/users/loader.ts';

class Email extends ItemFacet {
  readonly address: string | null;
  readonly displayName: string | null;
  readonly type: string | null;

  constructor(json: JsonObject, graphId: string, id: string | null) {
    super(json, graphId, id);
    this.address = readText(json['address']);
    this.displayName = readText(json['displayName']);
    this.type = readText(json['type'])?.toUpperCase() ?? null;
  }
}

const emails: Facet<Email> = {
  segment: 'emails',
  field: 'email',
  type: 'ItemEmail',
  words: { one: 'email', any: 'an email', many: 'emails' },
  idSegment: 'emails',
  propertyOf: { mailto: 'address' },
  filterFields: {},
  settable: {
    address: settableText,
    type: (value) => (value === null ? null : String(value).toLowerCase()),
    displayName: settableText,
    ...commonFields,
  },
  read: (json, graphId, id) => new Email(json, graphId, id),
};

const typeDefs = `
  enum EmailType { UNKNOWN WORK PERSONAL MAIN OTHER }
  type ItemEmail implements Node {
    id: ID! graphId: String! address: String mailto: String displayName: String type: EmailType
    allowedAudiences: [AllowedAudiences!] inference: InferenceData lastModifiedDateTime: DateTime
  }
  extend type User { emails: [ItemEmail!] email(id: ID!): ItemEmail }
  input AddEmailInput {
    userId: ID address: String! type: EmailType displayName: String
    allowedAudiences: [AllowedAudiencesInput!] inference: InferenceDataInput idempotencyKey: String
  }
  input UpdateEmailInput { id: ID! address: String displayName: String expectedLastModifiedDateTime: DateTime }
  input DeleteEmailInput { id: ID! }
  type EmailPayload { email: ItemEmail userErrors: [PhoneUserError!]! }
  type DeleteEmailPayload { deletedEmailId: ID userErrors: [PhoneUserError!]! }
  extend type Mutation {
    addEmail(input: AddEmailInput!): EmailPayload
    updateEmail(input: UpdateEmailInput!): EmailPayload
    deleteEmail(input: DeleteEmailInput!): DeleteEmailPayload
  }
`;

interface Args<Input> {
  readonly input: Input;
}
type Add = { readonly userId?: string; readonly idempotencyKey?: string };
type Change = { readonly id: string };
const fields = fieldsOf(emails);

const resolvers = {
  User: {
    emails: (person: User, _args: object, context: Context, info: GraphQLResolveInfo) =>
      context.items(emails).list(person, fields(info)),
    email: (person: User, { id }: Change, context: Context, info: GraphQLResolveInfo) =>
      context.items(emails).one(person, id, fields(info)),
  },
  ItemEmail: { mailto: ({ address }: Email) => (address === null ? null : `mailto:${address}`) },
  EmailPayload: {
    email: (payload: ItemPayload<Email>, _args: object, { owners }: Context, info: GraphQLResolveInfo) =>
      withGlobalId(emails, owners, payload, fields(info)),
  },
  DeleteEmailPayload: {
    deletedEmailId: (payload: DeletePayload, _args: object, { owners }: Context) =>
      deletedGlobalId(emails, owners, payload),
  },
  Mutation: {
    async addEmail(_root: unknown, { input }: Args<Add>, context: Context) {
      const items = context.items(emails);
      return itemPayload(await items.add(input), items.ownerOf(input));
    },
    async updateEmail(_root: unknown, { input }: Args<Change>, context: Context) {
      const items = context.items(emails);
      return itemPayload(await items.update(input), items.ownerOf(input));
    },
    async deleteEmail(_root: unknown, { input }: Args<Change>, context: Context) {
      const items = context.items(emails);
      return deletePayload(await items.delete(input), items.ownerOf(input));
    },
  },
};

export const emailFacet: FacetModule = { facet: emails, resolvers, typeDefs };
