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
import { type Context, phoneFields, readAfter } from '../graphql/context.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Many } from './many.ts';
import { dialledIn, type ParsedNumber, parseNumber } from './number.ts';
import { deletedPhoneId, deletePayload, ownedPhone, phonePayload } from './payload.ts';
import type { Phone } from './wire.ts';
import type { Written } from './written.ts';

export const User: UserResolvers = {
  phones(person, { types }, context, info) {
    const phones = context.phones.list(person, phoneFields(info));
    return types === null || types === undefined ? phones : ofTypes(phones, types);
  },
  phone: (person, { id }, context, info) => context.phones.one(person, id, phoneFields(info)),
};

async function ofTypes(
  phones: readonly Phone[] | Promise<readonly Phone[]>,
  types: readonly PhoneTypeInput[],
): Promise<readonly Phone[]> {
  const wanted: ReadonlySet<string | null> = new Set(types);
  return (await phones).filter(({ type }) => wanted.has(type));
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

/** Somebody who is asked for a thousand times has the same phones each time, and parsing is what takes longest. */
function parsedOnce(phone: Pick<Phone, 'number'>): ParsedNumber | null {
  const known = parsedNumbers.get(phone);
  if (known !== undefined) return known;
  const parsed = parseNumber(phone.number);
  parsedNumbers.set(phone, parsed);
  return parsed;
}

export const Mutation: MutationResolvers = {
  addPhone: async (_root, { input }, { phones }) =>
    phonePayload(await phones.add(input), phones.personOf(input)),
  updatePhone: async (_root, { input }, { phones }) =>
    phonePayload(await phones.update(input), phones.personOf(input)),
  deletePhone: async (_root, { input }, { phones }) =>
    deletePayload(await phones.delete(input), phones.personOf(input)),
  addPhones: async (_root, { input }, { phones }, info) =>
    manyPayload(
      await phones.addMany(input, readAfter(info)),
      phonePayload,
      input.phones.map(phones.personOf),
    ),
  updatePhones: async (_root, { input }, { phones }, info) =>
    manyPayload(
      await phones.updateMany(input, readAfter(info)),
      phonePayload,
      input.phones.map(phones.personOf),
    ),
  deletePhones: async (_root, { input }, { phones }, info) =>
    manyPayload(
      await phones.deleteMany(input, readAfter(info)),
      deletePayload,
      input.phones.map(phones.personOf),
    ),
};

const payloadOfPhone: Required<Pick<AddPhonePayloadResolvers, 'phone' | 'user'>> = {
  phone: (payload, _args, { owners }, info) => ownedPhone(owners, payload, phoneFields(info)),
  user: ({ user }, _args, context, info) => personAfter(context, user, info),
};
export const AddPhonePayload: AddPhonePayloadResolvers = payloadOfPhone;
export const UpdatePhonePayload: UpdatePhonePayloadResolvers = payloadOfPhone;
export const DeletePhonePayload: DeletePhonePayloadResolvers = {
  deletedPhoneId: (payload, _args, { owners }) => deletedPhoneId(owners, payload),
  user: ({ user }, _args, context, info) => personAfter(context, user, info),
};

function personAfter(context: Context, user: UserKey | null, info: GraphQLResolveInfo) {
  return user === null ? null : context.users.byKey(user, context.userSelection(info));
}

/** `writes` is for the audit trail. */
function manyPayload<T, P>(
  { results, refused, writes }: Many<T>,
  payloadOf: (written: Written<T>, user: UserKey | null) => P,
  users: readonly (UserKey | null)[],
) {
  const outcomes = results.map((result, place) =>
    result instanceof Error ? result : payloadOf(result, users[place] ?? null),
  );
  return { results: outcomes, userErrors: refused, writes };
}
