// The operations of the pages whose clients take them as text. Relay's are beside its page, since its compiler reads them
// there.
import type { Entry, Person } from './phone-book.ts';

const PHONES = 'phones { id number createdBy { user { objectId displayName } } }';

export const LIST = `query List($ids: [ID!]!) { users(ids: $ids) { id displayName ${PHONES} } }`;

export const DIRECTORY = `
  query Directory($first: Int!, $after: String) {
    directory(first: $first, after: $after) {
      edges { cursor node { id displayName } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

export const ADD = `
  mutation Add($input: AddPhoneInput!) {
    addPhone(input: $input) { user { id ${PHONES} } userErrors { code message } }
  }
`;

export const CHANGE = `
  mutation Change($input: UpdatePhoneInput!) {
    updatePhone(input: $input) { phone { id number } userErrors { code message } }
  }
`;

export const REMOVE = `
  mutation Remove($input: DeletePhoneInput!) {
    deletePhone(input: $input) { deletedPhoneId user { id ${PHONES} } userErrors { code message } }
  }
`;

export interface List {
  readonly users: readonly (Person | null)[];
}

export interface Directory {
  readonly directory: {
    readonly edges: readonly { readonly node: Entry }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}
