/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A phone to add. Microsoft Graph sets ids, dates and authors, so they are not part of the input. */
export type AddPhoneInput = {
  /** Who may see the phone. Absent, null or empty: the default of Microsoft Graph, usually the organization. */
  readonly allowedAudiences?: ReadonlyArray<AllowedAudiencesInput> | null | undefined;
  /** A friendly name, at most 256 characters. Absent or null: none. */
  readonly displayName?: string | null | undefined;
  /**
   * Makes the call safe to repeat. Calls with the same key, by the same caller and for the same user, add one phone together
   * and all return it. 1 to 255 characters from `A-Z a-z 0-9 - _`, for example a random UUID. A key is stored for 24 hours
   * after its last use, in Redis if it is configured, otherwise in the memory of the gateway's process. Without Redis a
   * restart loses the keys.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** How certain your application is, if it inferred the number. */
  readonly inference?: InferenceDataInput | null | undefined;
  /** The number: 1 to 256 characters, stored unchanged. Control and bidirectional characters are not allowed. */
  readonly number: string;
  /** The source of the number. */
  readonly source?: PersonDataSourceInput | null | undefined;
  /** The type of the number. Absent or null: none. */
  readonly type?: PhoneTypeInput | null | undefined;
  /** The user: an object id or a user principal name. Absent or null: the caller. */
  readonly userId?: string | null | undefined;
};

/** Phones to add. Each has its own result. An invalid phone does not prevent the others from being added. */
export type AddPhonesInput = {
  /**
   * Makes the whole call safe to repeat with the same key and the same phones in the same order. The key of each phone is
   * derived from this key and the phone's index, so the phones must not have keys themselves. The rules of
   * `AddPhoneInput.idempotencyKey` apply.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** The new phones: 1 to 100. Two equal inputs add two phones. */
  readonly phones: ReadonlyArray<AddPhoneInput>;
};

/** Who may see a phone: `allowedAudiences` of Microsoft Graph. A phone can have several audiences. */
export type AllowedAudiences =
  /** The user's contacts (`contacts`). */
  | 'CONTACTS'
  /** Everybody (`everyone`). */
  | 'EVERYONE'
  /** The user's family (`family`). */
  | 'FAMILY'
  /** Everybody in the organization and in organizations federated with it (`federatedOrganizations`). */
  | 'FEDERATED_ORGANIZATIONS'
  /** Members of the user's groups (`groupMembers`). */
  | 'GROUP_MEMBERS'
  /** Only the user (`me`). Microsoft Graph drops it in a combination with other audiences. */
  | 'ME'
  /** Everybody in the user's organization (`organization`). */
  | 'ORGANIZATION'
  /** An audience that this version of the gateway does not know. It cannot be written, so `AllowedAudiencesInput` does not have it. */
  | 'UNKNOWN_FUTURE_VALUE';

/** The audiences that can be written: `AllowedAudiences` without the unknown one. */
export type AllowedAudiencesInput =
  /** The user's contacts (`contacts`). */
  | 'CONTACTS'
  /** Everybody (`everyone`). */
  | 'EVERYONE'
  /** The user's family (`family`). */
  | 'FAMILY'
  /** Everybody in the organization and in organizations federated with it (`federatedOrganizations`). */
  | 'FEDERATED_ORGANIZATIONS'
  /** Members of the user's groups (`groupMembers`). */
  | 'GROUP_MEMBERS'
  /** Only the user (`me`). Microsoft Graph drops it in a combination with other audiences. */
  | 'ME'
  /** Everybody in the user's organization (`organization`). */
  | 'ORGANIZATION';

/** A phone to delete. */
export type DeletePhoneInput = {
  /** Delete the phone only if its `lastModifiedDateTime` is exactly this value. Otherwise the error code is `PRECONDITION_FAILED`. */
  readonly expectedLastModifiedDateTime?: string | null | undefined;
  /**
   * The phone: an `ItemPhone.id`, also with a user principal name before the slash. A value without a slash is the `graphId` of
   * one of the caller's phones.
   */
  readonly id: string;
};

/** Phones to delete. Each has its own result. */
export type DeletePhonesInput = {
  /** The phones: 1 to 100, all different. */
  readonly phones: ReadonlyArray<DeletePhoneInput>;
};

/** How certain an application is of a number that it inferred. */
export type InferenceDataInput = {
  /** The estimated accuracy of the value. Any finite number. */
  readonly confidenceScore?: number | null | undefined;
  /** Whether the user has confirmed the value. */
  readonly userHasVerifiedAccuracy?: boolean | null | undefined;
};

/** The source of a number. */
export type PersonDataSourceInput = {
  /** The types of source, such as `User`: 1 to 20, each 1 to 256 characters. A cloud that stores only one rejects several. */
  readonly type: ReadonlyArray<string>;
};

/** The error codes of changes. */
export type PhoneErrorCode =
  /** Microsoft Graph reported another change at the same time. Nothing was changed. Read the phone, then try again. */
  | 'CONFLICT'
  /** The change was sent, its outcome is unknown, and several phones match it. Check the profile manually. */
  | 'DUPLICATE_SUSPECTED'
  /** The caller may not do this. Nothing was changed. */
  | 'FORBIDDEN'
  /** Another call with this key is in progress. Nothing was sent. Try again with the same key in a moment. */
  | 'IDEMPOTENCY_IN_PROGRESS'
  /** The idempotency key was used before with another input. Nothing was changed. Use a new key. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A field has an invalid value. Nothing was sent. */
  | 'INVALID_INPUT'
  /** The user or the phone does not exist. Nothing was changed. */
  | 'NOT_FOUND'
  /**
   * The change was sent, and its outcome is unknown. Repeat an addition with the same idempotency key: the gateway looks for the
   * phone, and sends it again only if it does not appear within five minutes. A change or a deletion can be repeated
   * unchanged. After an addition without a key, read the phones first.
   */
  | 'OUTCOME_UNKNOWN'
  /** The phone has changed since the caller read it. Nothing was overwritten. Read it again. */
  | 'PRECONDITION_FAILED'
  /** Microsoft Graph rejected the values. Nothing was changed. */
  | 'REJECTED';

/** The type of a phone number: `phoneType` of Microsoft Graph. */
export type PhoneType =
  /** The phone of the user's assistant (`assistant`). */
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
  /** None of the other types (`other`). */
  | 'OTHER'
  /** A fax machine elsewhere (`otherFax`). */
  | 'OTHER_FAX'
  /** A pager (`pager`). */
  | 'PAGER'
  /** A two-way radio (`radio`). */
  | 'RADIO'
  /** A type that this version of the gateway does not know. It cannot be written, so `PhoneTypeInput` does not have it. */
  | 'UNKNOWN_FUTURE_VALUE';

/** The types that can be written and filtered by: `PhoneType` without the unknown type. */
export type PhoneTypeInput =
  /** The phone of the user's assistant (`assistant`). */
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
  /** None of the other types (`other`). */
  | 'OTHER'
  /** A fax machine elsewhere (`otherFax`). */
  | 'OTHER_FAX'
  /** A pager (`pager`). */
  | 'PAGER'
  /** A two-way radio (`radio`). */
  | 'RADIO';

/**
 * A change to a phone. An absent field is not changed. Null clears `displayName`, `allowedAudiences`, `inference` or `source`.
 * Null is invalid for `number` and `type`. At least one field must be given besides the id and the precondition.
 */
export type UpdatePhoneInput = {
  /** The new audiences, which replace the old ones. Null clears them. An empty list is invalid. */
  readonly allowedAudiences?: ReadonlyArray<AllowedAudiencesInput> | null | undefined;
  /** The new friendly name, at most 256 characters. Null clears it. */
  readonly displayName?: string | null | undefined;
  /**
   * Change the phone only if its `lastModifiedDateTime` is exactly this value. Otherwise nothing is changed and the error code is
   * `PRECONDITION_FAILED`. A phone that already has the new values is a success, so the change can be repeated. The gateway
   * reads the phone and then changes it. If Microsoft Graph returns an ETag, the change carries it, and a concurrent change is
   * detected. Without an ETag, a change in the milliseconds between the read and the write is not detected.
   */
  readonly expectedLastModifiedDateTime?: string | null | undefined;
  /**
   * The phone: an `ItemPhone.id`, also with a user principal name before the slash. A value without a slash is the `graphId` of
   * one of the caller's phones.
   */
  readonly id: string;
  /** The new inference. Null clears it. */
  readonly inference?: InferenceDataInput | null | undefined;
  /** The new number, 1 to 256 characters. Null is invalid. */
  readonly number?: string | null | undefined;
  /** The new source. Null clears it. */
  readonly source?: PersonDataSourceInput | null | undefined;
  /** The new type. Null is invalid. */
  readonly type?: PhoneTypeInput | null | undefined;
};

/** Changes to phones. Each has its own result. */
export type UpdatePhonesInput = {
  /** The changes: 1 to 100, each to a different phone. */
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