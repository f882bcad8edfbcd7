// The resolver of Query.node, which finds an object by its global id. The form of the id shows the type of the object.
import type { NodeResolvers, QueryResolvers } from '../__generated__/resolvers-types.ts';
import { userKey } from '../graph/paths.ts';
import { readPhoneId } from '../phones/phone-id.ts';
import { GatewayError } from '../runtime/errors.ts';
import { phoneFields } from './context.ts';

export const Node: NodeResolvers = {
  __resolveType: (object) => ('graphId' in object ? 'ItemPhone' : 'User'),
};

export const Query: Pick<QueryResolvers, 'node'> = {
  node(_root, { id }, context, info) {
    if (userKey(id) !== null) return context.users.byId(id, context.userSelection(info));
    const phone = readPhoneId(id);
    if (phone === null) throw new GatewayError('BAD_USER_INPUT', 'id: use the id of a User or an ItemPhone.');
    return context.phones.named(phone, phoneFields(info));
  },
};
