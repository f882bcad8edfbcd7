// Query.node: any object by its global id, which says by itself what kind of object it is.
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
    if (phone === null)
      throw new GatewayError('BAD_USER_INPUT', 'id: give the id of a User or an ItemPhone as it was read.');
    return context.phones.named(phone, phoneFields(info));
  },
};
