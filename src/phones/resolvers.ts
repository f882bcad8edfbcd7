// ItemPhone and the mutations: reading arguments, calling the source, returning.
import type { GraphQLResolveInfo } from 'graphql';
import type {
  AddPhonePayloadResolvers,
  DeletePhonePayloadResolvers,
  ItemPhoneResolvers,
  MutationResolvers,
  UpdatePhonePayloadResolvers,
  UserResolvers,
} from '../__generated__/resolvers-types.ts';
import type { PhoneTypeInput } from '../__generated__/schema-types.ts';
import type { UserKey } from '../graph/paths.ts';
import type { Context } from '../graphql/context.ts';
import { fieldsOf, readAfter } from '../graphql/item-fields.ts';
import {
  deletedGlobalId,
  deletePayload,
  itemPayload,
  payloadOfMany,
  withGlobalId,
} from '../profile/mutations/payload.ts';
import { GatewayError } from '../runtime/errors.ts';
import { type Phone, phones } from './phone.ts';
import { dialledIn, type ParsedNumber, parseNumber } from './phone-number.ts';

const phoneFields = fieldsOf(phones);

export const User: UserResolvers = {
  phones(person, { types }, context, info) {
    const list = context.items(phones).list(person, phoneFields(info));
    return types === null || types === undefined ? list : ofTypes(list, types);
  },
  phone: (person, { id }, context, info) => context.items(phones).one(person, id, phoneFields(info)),
};

async function ofTypes(
  list: readonly Phone[] | Promise<readonly Phone[]>,
  types: readonly PhoneTypeInput[],
): Promise<readonly Phone[]> {
  const wanted: ReadonlySet<string | null> = new Set(types);
  return (await list).filter(({ type }) => wanted.has(type));
}

export const ItemPhone: ItemPhoneResolvers = {
  parsed(phone, { defaultCountry }) {
    if (defaultCountry === null || defaultCountry === undefined) return parsedOnce(phone);
    const country = dialledIn(defaultCountry);
    if (country === null) {
      throw new GatewayError('BAD_USER_INPUT', 'defaultCountry: give two letters of ISO 3166-1, such as US.');
    }
    return parseNumber(phone.number, country);
  },
};

const parsedNumbers = new WeakMap<object, ParsedNumber | null>();

/** A person who is read several times in one query has the same phones each time, and parsing takes longest of all. */
function parsedOnce(phone: Pick<Phone, 'number'>): ParsedNumber | null {
  const known = parsedNumbers.get(phone);
  if (known !== undefined) return known;
  const parsed = parseNumber(phone.number);
  parsedNumbers.set(phone, parsed);
  return parsed;
}

export const Mutation: MutationResolvers = {
  async addPhone(_root, { input }, context) {
    const items = context.items(phones);
    return itemPayload(await items.add(input), items.ownerOf(input));
  },
  async updatePhone(_root, { input }, context) {
    const items = context.items(phones);
    return itemPayload(await items.update(input), items.ownerOf(input));
  },
  async deletePhone(_root, { input }, context) {
    const items = context.items(phones);
    return deletePayload(await items.delete(input), items.ownerOf(input));
  },
  async addPhones(_root, { input }, context, info) {
    const items = context.items(phones);
    const inputs = input.phones;
    const added = await items.addMany({ inputs, key: input.idempotencyKey ?? null }, readAfterAll(info));
    return payloadOfMany(added, itemPayload<Phone>, inputs.map(items.ownerOf));
  },
  async updatePhones(_root, { input }, context, info) {
    const items = context.items(phones);
    const updated = await items.updateMany(input.phones, readAfterAll(info));
    return payloadOfMany(updated, itemPayload<Phone>, input.phones.map(items.ownerOf));
  },
  async deletePhones(_root, { input }, context, info) {
    const items = context.items(phones);
    const deleted = await items.deleteMany(input.phones, readAfterAll(info));
    return payloadOfMany(deleted, deletePayload, input.phones.map(items.ownerOf));
  },
};

const PAYLOADS = ['AddPhonePayload', 'UpdatePhonePayload', 'DeletePhonePayload'];

function readAfterAll(info: GraphQLResolveInfo) {
  return readAfter(phones, PAYLOADS, info);
}

const payloadOfPhone: Required<Pick<AddPhonePayloadResolvers, 'phone' | 'user'>> = {
  phone: (payload, _args, { owners }, info) => withGlobalId(phones, owners, payload, phoneFields(info)),
  user: ({ user }, _args, context, info) => userAfter(context, user, info),
};
export const AddPhonePayload: AddPhonePayloadResolvers = payloadOfPhone;
export const UpdatePhonePayload: UpdatePhonePayloadResolvers = payloadOfPhone;
export const DeletePhonePayload: DeletePhonePayloadResolvers = {
  deletedPhoneId: (payload, _args, { owners }) => deletedGlobalId(phones, owners, payload),
  user: ({ user }, _args, context, info) => userAfter(context, user, info),
};

function userAfter(context: Context, user: UserKey | null, info: GraphQLResolveInfo) {
  return user === null ? null : context.users.byKey(user, context.userSelection(info));
}
