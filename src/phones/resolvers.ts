// ItemPhone and the mutations: reading arguments, calling the source, returning.
import type {
  ItemPhoneResolvers,
  MutationResolvers,
  PhoneType,
  UserResolvers,
} from '../__generated__/resolvers-types.ts';
import { phoneFields } from '../graphql/context.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Many } from './many.ts';
import { dialledIn, type ParsedNumber, parseNumber } from './number.ts';
import type { Phone } from './wire.ts';
import type { Written } from './written.ts';

export const User: UserResolvers = {
  phones({ key }, { types }, context, info) {
    const phones = context.phones.list(key, phoneFields(info)) as Promise<Phone[]>;
    return types === null || types === undefined ? phones : ofTypes(phones, types);
  },
  phone: ({ key }, { id }, context, info) => context.phones.one(key, id, phoneFields(info)),
};

async function ofTypes(phones: Promise<Phone[]>, types: readonly PhoneType[]): Promise<Phone[]> {
  if (types.includes('UNKNOWN_FUTURE_VALUE')) {
    throw new GatewayError('BAD_USER_INPUT', 'types: UNKNOWN_FUTURE_VALUE is only ever read.');
  }
  return (await phones).filter(({ type }) => type !== null && types.includes(type));
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
  addPhone: async (_root, { input }, context) => phonePayload(await context.phones.add(input)),
  updatePhone: async (_root, { input }, context) => phonePayload(await context.phones.update(input)),
  deletePhone: async (_root, { input }, context) => {
    return deletePayload(await context.phones.delete(input));
  },
  addPhones: async (_root, { input }, context, info) =>
    manyPayload(await context.phones.addMany(input, phoneFields(info)), phonePayload),
  updatePhones: async (_root, { input }, context) =>
    manyPayload(await context.phones.updateMany(input), phonePayload),
  deletePhones: async (_root, { input }, context) =>
    manyPayload(await context.phones.deleteMany(input), deletePayload),
};

function phonePayload({ done, refused }: Written<Phone>) {
  return { phone: done, userErrors: refused ?? [] };
}

function deletePayload({ done, refused }: Written<string>) {
  return { deletedPhoneId: done, userErrors: refused ?? [] };
}

/**
 * An error in the place of an outcome is how GraphQL is told of one; its types do not know. `writes` is for the audit
 * trail.
 */
function manyPayload<T, P>({ results, refused, writes }: Many<T>, payloadOf: (written: Written<T>) => P) {
  const outcomes = results.map((result) => (result instanceof Error ? result : payloadOf(result)));
  return { results: outcomes as P[], userErrors: [...refused], writes };
}
