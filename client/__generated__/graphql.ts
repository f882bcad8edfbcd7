/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A phone to add. There is no field for what Microsoft Graph sets by itself: ids, dates and authors. */
export type AddPhoneInput = {
  /** Who may see it. Absent, null or empty: Microsoft Graph decides, which is the organization as a rule. */
  readonly allowedAudiences?: ReadonlyArray<AllowedAudiencesInput> | null | undefined;
  /** A friendly name, at most 256 characters. Absent or null: none. */
  readonly displayName?: string | null | undefined;
  /**
   * Makes the call safe to repeat: calls with the same key, by the same caller for the same person, add one phone between
   * them and all answer with it. 1 to 255 characters out of `A-Z a-z 0-9 - _`; a random UUID does well. A key is kept for 24
   * hours after it was last used, in the memory of the gateway's process, or in Redis where several gateways share one; a
   * process of its own that restarts has forgotten it.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** How sure your application is, if it inferred the number. */
  readonly inference?: InferenceDataInput | null | undefined;
  /** The number, 1 to 256 characters, kept as it is typed. No control or bidirectional characters. */
  readonly number: string;
  /** Where the number came from. */
  readonly source?: PersonDataSourceInput | null | undefined;
  /** What kind of number it is. Absent or null: none given. */
  readonly type?: PhoneTypeInput | null | undefined;
  /** Whose profile: an object id or user principal name. Absent or null: the caller's own. */
  readonly userId?: string | null | undefined;
};

/** Phones to add. Each has an outcome of its own; what one of them lacks does not keep the others from being added. */
export type AddPhonesInput = {
  /**
   * Makes the whole call safe to repeat: repeat it with the same key and the same phones in the same order. Each phone has a
   * key of its own, made of this and its place, so none of them may bring one. As for `AddPhoneInput.idempotencyKey`.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** The new phones: 1 to 100. Two that are the same are two phones. */
  readonly phones: ReadonlyArray<AddPhoneInput>;
};

/** Who may see a phone: `allowedAudiences` of Microsoft Graph. A phone can name several. */
export type AllowedAudiences =
  /** The person's contacts (`contacts`). */
  | 'CONTACTS'
  /** Everybody (`everyone`). */
  | 'EVERYONE'
  /** The person's family (`family`). */
  | 'FAMILY'
  /** Also the organizations federated with it (`federatedOrganizations`). */
  | 'FEDERATED_ORGANIZATIONS'
  /** Members of the groups that the person belongs to (`groupMembers`). */
  | 'GROUP_MEMBERS'
  /** Only the person (`me`). In a combination it adds nothing, and Microsoft Graph drops it. */
  | 'ME'
  /** Everybody in the person's organization (`organization`). */
  | 'ORGANIZATION'
  /** An audience that this version of the gateway does not know. It is only read: `AllowedAudiencesInput` does not have it. */
  | 'UNKNOWN_FUTURE_VALUE';

/** The audiences that can be written: `AllowedAudiences` without the unknown one. */
export type AllowedAudiencesInput =
  /** The person's contacts (`contacts`). */
  | 'CONTACTS'
  /** Everybody (`everyone`). */
  | 'EVERYONE'
  /** The person's family (`family`). */
  | 'FAMILY'
  /** Also the organizations federated with it (`federatedOrganizations`). */
  | 'FEDERATED_ORGANIZATIONS'
  /** Members of the groups that the person belongs to (`groupMembers`). */
  | 'GROUP_MEMBERS'
  /** Only the person (`me`). In a combination it adds nothing, and Microsoft Graph drops it. */
  | 'ME'
  /** Everybody in the person's organization (`organization`). */
  | 'ORGANIZATION';

/** A phone to take out of a profile. */
export type DeletePhoneInput = {
  /** Delete the phone only if its `lastModifiedDateTime` is still this; otherwise `PRECONDITION_FAILED`. */
  readonly expectedLastModifiedDateTime?: string | null | undefined;
  /**
   * Which phone: an `ItemPhone.id`, or the same with a user principal name before the slash. Without a slash it is the
   * `graphId` of a phone of the caller.
   */
  readonly id: string;
};

/** Phones to take out of profiles. Each has an outcome of its own. */
export type DeletePhonesInput = {
  /** The phones: 1 to 100, each another one. */
  readonly phones: ReadonlyArray<DeletePhoneInput>;
};

/** How sure an application is of a number that it inferred. */
export type InferenceDataInput = {
  /** How accurate the value is held to be. Any finite number. */
  readonly confidenceScore?: number | null | undefined;
  /** Whether the person has confirmed the value. */
  readonly userHasVerifiedAccuracy?: boolean | null | undefined;
};

/** Where a number came from. */
export type PersonDataSourceInput = {
  /** The kinds of source, such as `User`: 1 to 20, each 1 to 256 characters. A cloud that keeps only one refuses several. */
  readonly type: ReadonlyArray<string>;
};

/** What can stand in the way of a change. */
export type PhoneErrorCode =
  /** Microsoft Graph saw another change at the same time. Nothing was changed; read again, then try again. */
  | 'CONFLICT'
  /** The change was sent, its outcome was not seen, and more than one phone looks like it. Have a person look. */
  | 'DUPLICATE_SUSPECTED'
  /** The caller may not do this. Nothing was changed. */
  | 'FORBIDDEN'
  /** Another call is still adding this phone. Nothing was sent; try again with the same key in a moment. */
  | 'IDEMPOTENCY_IN_PROGRESS'
  /** The idempotency key was used before, with another input. Nothing was changed; take a new key. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A field has a value that can never be right. Nothing was sent. */
  | 'INVALID_INPUT'
  /** There is no such person or phone. Nothing was changed. */
  | 'NOT_FOUND'
  /**
   * The change was sent and what became of it was not to be seen. Repeat an addition with the same idempotency key: the phone
   * is looked for, and sent again only after five minutes without it. A change or a deletion can be repeated as it is. After
   * an addition without a key, read the phones first.
   */
  | 'OUTCOME_UNKNOWN'
  /** The phone is no longer as the caller last saw it. What somebody else changed was not overwritten; read it again. */
  | 'PRECONDITION_FAILED'
  /** Microsoft Graph refused the values. Nothing was changed. */
  | 'REJECTED';

/** What kind of phone number it is: `phoneType` of Microsoft Graph. */
export type PhoneType =
  /** The phone of the person's assistant (`assistant`). */
  | 'ASSISTANT'
  /** A phone at work (`business`). */
  | 'BUSINESS'
  /** A fax machine at work (`businessFax`). */
  | 'BUSINESS_FAX'
  /** A phone at home (`home`). */
  | 'HOME'
  /** A fax machine at home (`homeFax`). */
  | 'HOME_FAX'
  /** A mobile phone (`mobile`). */
  | 'MOBILE'
  /** None of the other kinds (`other`). */
  | 'OTHER'
  /** A fax machine elsewhere (`otherFax`). */
  | 'OTHER_FAX'
  /** A pager (`pager`). */
  | 'PAGER'
  /** A two-way radio (`radio`). */
  | 'RADIO'
  /** A kind that this version of the gateway does not know. It is only read: `PhoneTypeInput` does not have it. */
  | 'UNKNOWN_FUTURE_VALUE';

/** The kinds of phone number that can be written, and by which phones can be picked: `PhoneType` without the unknown kind. */
export type PhoneTypeInput =
  /** The phone of the person's assistant (`assistant`). */
  | 'ASSISTANT'
  /** A phone at work (`business`). */
  | 'BUSINESS'
  /** A fax machine at work (`businessFax`). */
  | 'BUSINESS_FAX'
  /** A phone at home (`home`). */
  | 'HOME'
  /** A fax machine at home (`homeFax`). */
  | 'HOME_FAX'
  /** A mobile phone (`mobile`). */
  | 'MOBILE'
  /** None of the other kinds (`other`). */
  | 'OTHER'
  /** A fax machine elsewhere (`otherFax`). */
  | 'OTHER_FAX'
  /** A pager (`pager`). */
  | 'PAGER'
  /** A two-way radio (`radio`). */
  | 'RADIO';

/**
 * A change to a phone. An absent field is left alone. An explicit null clears `displayName`, `allowedAudiences`,
 * `inference` or `source`; for `number` and `type` it is refused. A change of nothing is refused.
 */
export type UpdatePhoneInput = {
  /** The new audiences, instead of the old ones. Null clears them; an empty list is refused. */
  readonly allowedAudiences?: ReadonlyArray<AllowedAudiencesInput> | null | undefined;
  /** The new friendly name, at most 256 characters. Null clears it. */
  readonly displayName?: string | null | undefined;
  /**
   * Change the phone only if its `lastModifiedDateTime` is still this, character for character; otherwise nothing is
   * changed and the answer is `PRECONDITION_FAILED`, unless the phone already is as this asks for: a repeat of a change that
   * came through is a success. Microsoft Graph documents no lock here, so a writer who comes in the milliseconds between the
   * look and the change is not noticed; where Graph gives an ETag, the change carries it, and is.
   */
  readonly expectedLastModifiedDateTime?: string | null | undefined;
  /**
   * Which phone: an `ItemPhone.id`, or the same with a user principal name before the slash. Without a slash it is the
   * `graphId` of a phone of the caller.
   */
  readonly id: string;
  /** The new inference. Null clears it. */
  readonly inference?: InferenceDataInput | null | undefined;
  /** The new number, 1 to 256 characters. Null is refused. */
  readonly number?: string | null | undefined;
  /** The new source. Null clears it. */
  readonly source?: PersonDataSourceInput | null | undefined;
  /** The new kind. Null is refused. */
  readonly type?: PhoneTypeInput | null | undefined;
};

/** Changes to phones. Each has an outcome of its own. */
export type UpdatePhonesInput = {
  /** The changes: 1 to 100, each to another phone. */
  readonly phones: ReadonlyArray<UpdatePhoneInput>;
};

export type AddPhoneMutationVariables = Exact<{
  input: AddPhoneInput;
}>;


export type AddPhoneMutation = { readonly addPhone: { readonly phone: { readonly id: string, readonly graphId: string, readonly displayName: string | null, readonly number: string | null, readonly type: PhoneType | null, readonly allowedAudiences: ReadonlyArray<AllowedAudiences> | null, readonly isSearchable: boolean | null, readonly createdDateTime: string | null, readonly lastModifiedDateTime: string | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } | null };

export type AddPhonesMutationVariables = Exact<{
  input: AddPhonesInput;
}>;


export type AddPhonesMutation = { readonly addPhones: { readonly results: ReadonlyArray<{ readonly phone: { readonly id: string } | null, readonly userErrors: ReadonlyArray<{ readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } | null>, readonly userErrors: ReadonlyArray<{ readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } | null };

export type UpdatePhoneMutationVariables = Exact<{
  input: UpdatePhoneInput;
}>;


export type UpdatePhoneMutation = { readonly updatePhone: { readonly phone: { readonly id: string, readonly graphId: string, readonly displayName: string | null, readonly number: string | null, readonly type: PhoneType | null, readonly allowedAudiences: ReadonlyArray<AllowedAudiences> | null, readonly isSearchable: boolean | null, readonly createdDateTime: string | null, readonly lastModifiedDateTime: string | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } | null };

export type UpdatePhonesMutationVariables = Exact<{
  input: UpdatePhonesInput;
}>;


export type UpdatePhonesMutation = { readonly updatePhones: { readonly results: ReadonlyArray<{ readonly phone: { readonly id: string, readonly graphId: string, readonly displayName: string | null, readonly number: string | null, readonly type: PhoneType | null, readonly allowedAudiences: ReadonlyArray<AllowedAudiences> | null, readonly isSearchable: boolean | null, readonly createdDateTime: string | null, readonly lastModifiedDateTime: string | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } | null>, readonly userErrors: ReadonlyArray<{ readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } | null };

export type DeletePhoneMutationVariables = Exact<{
  input: DeletePhoneInput;
}>;


export type DeletePhoneMutation = { readonly deletePhone: { readonly deletedPhoneId: string | null, readonly userErrors: ReadonlyArray<{ readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } | null };

export type DeletePhonesMutationVariables = Exact<{
  input: DeletePhonesInput;
}>;


export type DeletePhonesMutation = { readonly deletePhones: { readonly results: ReadonlyArray<{ readonly deletedPhoneId: string | null, readonly userErrors: ReadonlyArray<{ readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } | null>, readonly userErrors: ReadonlyArray<{ readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean }> } | null };

export type PhoneFieldsFragment = { readonly id: string, readonly graphId: string, readonly displayName: string | null, readonly number: string | null, readonly type: PhoneType | null, readonly allowedAudiences: ReadonlyArray<AllowedAudiences> | null, readonly isSearchable: boolean | null, readonly createdDateTime: string | null, readonly lastModifiedDateTime: string | null };

export type UserErrorFieldsFragment = { readonly code: PhoneErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { readonly me: { readonly id: string, readonly displayName: string | null, readonly userPrincipalName: string | null, readonly mail: string | null, readonly phones: ReadonlyArray<{ readonly id: string, readonly graphId: string, readonly displayName: string | null, readonly number: string | null, readonly type: PhoneType | null, readonly allowedAudiences: ReadonlyArray<AllowedAudiences> | null, readonly isSearchable: boolean | null, readonly createdDateTime: string | null, readonly lastModifiedDateTime: string | null }> | null } | null };

export type UsersQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type UsersQuery = { readonly users: ReadonlyArray<{ readonly id: string, readonly displayName: string | null, readonly userPrincipalName: string | null, readonly mail: string | null, readonly phones: ReadonlyArray<{ readonly id: string, readonly graphId: string, readonly displayName: string | null, readonly number: string | null, readonly type: PhoneType | null, readonly allowedAudiences: ReadonlyArray<AllowedAudiences> | null, readonly isSearchable: boolean | null, readonly createdDateTime: string | null, readonly lastModifiedDateTime: string | null }> | null } | null> };

export type DirectoryQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  search?: string | null | undefined;
  phones: boolean;
}>;


export type DirectoryQuery = { readonly directory: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly displayName: string | null, readonly userPrincipalName: string | null, readonly mail: string | null, readonly phones?: ReadonlyArray<{ readonly id: string, readonly graphId: string, readonly displayName: string | null, readonly number: string | null, readonly type: PhoneType | null, readonly allowedAudiences: ReadonlyArray<AllowedAudiences> | null, readonly isSearchable: boolean | null, readonly createdDateTime: string | null, readonly lastModifiedDateTime: string | null }> | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type UserFieldsFragment = { readonly id: string, readonly displayName: string | null, readonly userPrincipalName: string | null, readonly mail: string | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const PhoneFieldsFragmentDoc = new TypedDocumentString(`
    fragment PhoneFields on ItemPhone {
  id
  graphId
  displayName
  number
  type
  allowedAudiences
  isSearchable
  createdDateTime
  lastModifiedDateTime
}
    `, {"fragmentName":"PhoneFields"}) as unknown as TypedDocumentString<PhoneFieldsFragment, unknown>;
export const UserErrorFieldsFragmentDoc = new TypedDocumentString(`
    fragment UserErrorFields on PhoneUserError {
  code
  message
  field
  retryable
}
    `, {"fragmentName":"UserErrorFields"}) as unknown as TypedDocumentString<UserErrorFieldsFragment, unknown>;
export const UserFieldsFragmentDoc = new TypedDocumentString(`
    fragment UserFields on User {
  id
  displayName
  userPrincipalName
  mail
}
    `, {"fragmentName":"UserFields"}) as unknown as TypedDocumentString<UserFieldsFragment, unknown>;
export const AddPhoneDocument = new TypedDocumentString(`
    mutation AddPhone($input: AddPhoneInput!) {
  addPhone(input: $input) {
    phone {
      ...PhoneFields
    }
    userErrors {
      ...UserErrorFields
    }
  }
}
    fragment PhoneFields on ItemPhone {
  id
  graphId
  displayName
  number
  type
  allowedAudiences
  isSearchable
  createdDateTime
  lastModifiedDateTime
}
fragment UserErrorFields on PhoneUserError {
  code
  message
  field
  retryable
}`) as unknown as TypedDocumentString<AddPhoneMutation, AddPhoneMutationVariables>;
export const AddPhonesDocument = new TypedDocumentString(`
    mutation AddPhones($input: AddPhonesInput!) {
  addPhones(input: $input) {
    results {
      phone {
        id
      }
      userErrors {
        ...UserErrorFields
      }
    }
    userErrors {
      ...UserErrorFields
    }
  }
}
    fragment UserErrorFields on PhoneUserError {
  code
  message
  field
  retryable
}`) as unknown as TypedDocumentString<AddPhonesMutation, AddPhonesMutationVariables>;
export const UpdatePhoneDocument = new TypedDocumentString(`
    mutation UpdatePhone($input: UpdatePhoneInput!) {
  updatePhone(input: $input) {
    phone {
      ...PhoneFields
    }
    userErrors {
      ...UserErrorFields
    }
  }
}
    fragment PhoneFields on ItemPhone {
  id
  graphId
  displayName
  number
  type
  allowedAudiences
  isSearchable
  createdDateTime
  lastModifiedDateTime
}
fragment UserErrorFields on PhoneUserError {
  code
  message
  field
  retryable
}`) as unknown as TypedDocumentString<UpdatePhoneMutation, UpdatePhoneMutationVariables>;
export const UpdatePhonesDocument = new TypedDocumentString(`
    mutation UpdatePhones($input: UpdatePhonesInput!) {
  updatePhones(input: $input) {
    results {
      phone {
        ...PhoneFields
      }
      userErrors {
        ...UserErrorFields
      }
    }
    userErrors {
      ...UserErrorFields
    }
  }
}
    fragment PhoneFields on ItemPhone {
  id
  graphId
  displayName
  number
  type
  allowedAudiences
  isSearchable
  createdDateTime
  lastModifiedDateTime
}
fragment UserErrorFields on PhoneUserError {
  code
  message
  field
  retryable
}`) as unknown as TypedDocumentString<UpdatePhonesMutation, UpdatePhonesMutationVariables>;
export const DeletePhoneDocument = new TypedDocumentString(`
    mutation DeletePhone($input: DeletePhoneInput!) {
  deletePhone(input: $input) {
    deletedPhoneId
    userErrors {
      ...UserErrorFields
    }
  }
}
    fragment UserErrorFields on PhoneUserError {
  code
  message
  field
  retryable
}`) as unknown as TypedDocumentString<DeletePhoneMutation, DeletePhoneMutationVariables>;
export const DeletePhonesDocument = new TypedDocumentString(`
    mutation DeletePhones($input: DeletePhonesInput!) {
  deletePhones(input: $input) {
    results {
      deletedPhoneId
      userErrors {
        ...UserErrorFields
      }
    }
    userErrors {
      ...UserErrorFields
    }
  }
}
    fragment UserErrorFields on PhoneUserError {
  code
  message
  field
  retryable
}`) as unknown as TypedDocumentString<DeletePhonesMutation, DeletePhonesMutationVariables>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    ...UserFields
    phones {
      ...PhoneFields
    }
  }
}
    fragment PhoneFields on ItemPhone {
  id
  graphId
  displayName
  number
  type
  allowedAudiences
  isSearchable
  createdDateTime
  lastModifiedDateTime
}
fragment UserFields on User {
  id
  displayName
  userPrincipalName
  mail
}`) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;
export const UsersDocument = new TypedDocumentString(`
    query Users($ids: [ID!]!) {
  users(ids: $ids) {
    ...UserFields
    phones {
      ...PhoneFields
    }
  }
}
    fragment PhoneFields on ItemPhone {
  id
  graphId
  displayName
  number
  type
  allowedAudiences
  isSearchable
  createdDateTime
  lastModifiedDateTime
}
fragment UserFields on User {
  id
  displayName
  userPrincipalName
  mail
}`) as unknown as TypedDocumentString<UsersQuery, UsersQueryVariables>;
export const DirectoryDocument = new TypedDocumentString(`
    query Directory($first: Int!, $after: String, $search: String, $phones: Boolean!) {
  directory(first: $first, after: $after, search: $search) {
    nodes {
      ...UserFields
      phones @include(if: $phones) {
        ...PhoneFields
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment PhoneFields on ItemPhone {
  id
  graphId
  displayName
  number
  type
  allowedAudiences
  isSearchable
  createdDateTime
  lastModifiedDateTime
}
fragment UserFields on User {
  id
  displayName
  userPrincipalName
  mail
}`) as unknown as TypedDocumentString<DirectoryQuery, DirectoryQueryVariables>;