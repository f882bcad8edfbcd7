// Generated from schema/*.graphql by `npm run codegen`. Do not edit.
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A date and time in RFC 3339 format, for example `2020-07-06T06:34:12.2294868Z`.
   *
   * The gateway passes on the value of Microsoft Graph unchanged, with up to seven fraction digits and any offset. Inputs are
   * compared character by character, so send back exactly the value that you have read.
   */
  DateTime: { input: string; output: string; }
};

/** A phone to add. Microsoft Graph sets ids, dates and authors, so they are not part of the input. */
export type AddPhoneInput = {
  /** Who may see the phone. Absent, null or empty: the default of Microsoft Graph, usually the organization. */
  readonly allowedAudiences?: InputMaybe<ReadonlyArray<AllowedAudiencesInput>>;
  /** A friendly name, at most 256 characters. Absent or null: none. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>;
  /**
   * Makes the call safe to repeat. Calls with the same key, by the same caller and for the same user, add one phone together
   * and all return it. 1 to 255 characters from `A-Z a-z 0-9 - _`, for example a random UUID. A key is stored for 24 hours
   * after its last use, in Redis if it is configured, otherwise in the memory of the gateway's process. Without Redis a
   * restart loses the keys.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** How certain your application is, if it inferred the number. */
  readonly inference?: InputMaybe<InferenceDataInput>;
  /** The number: 1 to 256 characters, stored unchanged. Control and bidirectional characters are not allowed. */
  readonly number: Scalars['String']['input'];
  /** The source of the number. */
  readonly source?: InputMaybe<PersonDataSourceInput>;
  /** The type of the number. Absent or null: none. */
  readonly type?: InputMaybe<PhoneTypeInput>;
  /** The user: an object id or a user principal name. Absent or null: the caller. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
};

/** The result of `addPhone`. */
export type AddPhonePayload = {
  readonly __typename?: 'AddPhonePayload';
  /** The phone as returned by Microsoft Graph. Null when it was not added, or when that is unknown. */
  readonly phone: Maybe<ItemPhone>;
  /**
   * The owner of the profile, read after the addition, so that `phones` includes the new phone. It is read only when selected.
   * Null when the input names no user. Null with an error at this path when the user cannot be read.
   */
  readonly user: Maybe<User>;
  /** The errors of this change. Empty when the phone was added. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/** Phones to add. Each has its own result. An invalid phone does not prevent the others from being added. */
export type AddPhonesInput = {
  /**
   * Makes the whole call safe to repeat with the same key and the same phones in the same order. The key of each phone is
   * derived from this key and the phone's index, so the phones must not have keys themselves. The rules of
   * `AddPhoneInput.idempotencyKey` apply.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The new phones: 1 to 100. Two equal inputs add two phones. */
  readonly phones: ReadonlyArray<AddPhoneInput>;
};

/** The result of `addPhones`. */
export type AddPhonesPayload = {
  readonly __typename?: 'AddPhonesPayload';
  /**
   * The result of each phone, in the order of the input. Null, with an error at its path, when the service failed or the time
   * ran out: this call did not add that phone. Other phones are not affected. For a phone that an earlier call with this key
   * added, `graphId` and `id` need no request to Microsoft Graph. Other selected fields are read.
   */
  readonly results: ReadonlyArray<Maybe<AddPhonePayload>>;
  /** The errors of the call as a whole. If there are any, nothing was sent and `results` is empty. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
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
  readonly expectedLastModifiedDateTime?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * The phone: an `ItemPhone.id`, also with a user principal name before the slash. A value without a slash is the `graphId` of
   * one of the caller's phones.
   */
  readonly id: Scalars['ID']['input'];
};

/** The result of `deletePhone`. */
export type DeletePhonePayload = {
  readonly __typename?: 'DeletePhonePayload';
  /** The `ItemPhone.id` of the deleted phone. Null when it was not deleted, or when that is unknown. */
  readonly deletedPhoneId: Maybe<Scalars['ID']['output']>;
  /**
   * The owner of the phone, read after the deletion, so that `phones` no longer includes the phone. It is read only when
   * selected. Null when the input names no user. Null with an error at this path when the user cannot be read.
   */
  readonly user: Maybe<User>;
  /** The errors of this change. Empty when the phone was deleted. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/** Phones to delete. Each has its own result. */
export type DeletePhonesInput = {
  /** The phones: 1 to 100, all different. */
  readonly phones: ReadonlyArray<DeletePhoneInput>;
};

/** The result of `deletePhones`. */
export type DeletePhonesPayload = {
  readonly __typename?: 'DeletePhonesPayload';
  /**
   * The result of each phone, in the order of the input. Null, with an error at its path, when the service failed or the time
   * ran out: that phone was not deleted. Other phones are not affected.
   */
  readonly results: ReadonlyArray<Maybe<DeletePhonePayload>>;
  /** The errors of the call as a whole. If there are any, nothing was sent and `results` is empty. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/**
 * Conditions for users of the directory. A user must match all fields that are set. Absent and null fields are ignored.
 * Strings must match as a whole. Letter case is ignored. If no user matches, the page is empty.
 */
export type DirectoryFilter = {
  /** Whether the user can sign in. */
  readonly accountEnabled?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * A work number in the directory, 1 to 64 characters, exactly as stored, including blanks and punctuation. The phones of
   * profiles are not searched.
   */
  readonly businessPhone?: InputMaybe<Scalars['String']['input']>;
  /** The department, 1 to 64 characters. */
  readonly department?: InputMaybe<Scalars['String']['input']>;
  /** The mobile number in the directory, exactly as stored. 1 to 64 characters, as for `businessPhone`. */
  readonly mobilePhone?: InputMaybe<Scalars['String']['input']>;
  /** The kind of account: `Member` or `Guest`. 1 to 64 characters. */
  readonly userType?: InputMaybe<Scalars['String']['input']>;
};

/** An application, device or user: `identity` of Microsoft Graph. */
export type Identity = {
  readonly __typename?: 'Identity';
  /** The display name. It can be out of date. */
  readonly displayName: Maybe<Scalars['String']['output']>;
  /**
   * The object id in the directory, as Microsoft Graph writes it. For a user it is the `id` of the `User`. The field is not
   * named `id`, so that a client's cache does not confuse an identity with the `User` of the same id.
   */
  readonly objectId: Maybe<Scalars['String']['output']>;
};

/** Who made a change: `identitySet` of Microsoft Graph. Each of the three can be null. */
export type IdentitySet = {
  readonly __typename?: 'IdentitySet';
  /** The application. */
  readonly application: Maybe<Identity>;
  /** The device. */
  readonly device: Maybe<Identity>;
  /** The user. */
  readonly user: Maybe<Identity>;
};

/** How certain an application was of a value that it inferred: `inferenceData` of Microsoft Graph. */
export type InferenceData = {
  readonly __typename?: 'InferenceData';
  /** The estimated accuracy of the value. Microsoft Graph defines no range. Null when it is not a finite number. */
  readonly confidenceScore: Maybe<Scalars['Float']['output']>;
  /** Whether the user has confirmed the value. Null when it is not known. */
  readonly userHasVerifiedAccuracy: Maybe<Scalars['Boolean']['output']>;
};

/** How certain an application is of a number that it inferred. */
export type InferenceDataInput = {
  /** The estimated accuracy of the value. Any finite number. */
  readonly confidenceScore?: InputMaybe<Scalars['Float']['input']>;
  /** Whether the user has confirmed the value. */
  readonly userHasVerifiedAccuracy?: InputMaybe<Scalars['Boolean']['input']>;
};

/**
 * A phone number in a user's profile: the `itemPhone` resource of Microsoft Graph (beta). Only the ids are always set. Any other
 * field is null when Microsoft Graph has no value, or when the user's cloud lacks the property.
 */
export type ItemPhone = Node & {
  readonly __typename?: 'ItemPhone';
  /** Who may see the phone, from the narrowest audience to the widest. Null when Microsoft Graph does not return it. */
  readonly allowedAudiences: Maybe<ReadonlyArray<AllowedAudiences>>;
  /** Who created the phone. Null when Microsoft Graph does not name anybody. */
  readonly createdBy: Maybe<IdentitySet>;
  /** When the phone was created. */
  readonly createdDateTime: Maybe<Scalars['DateTime']['output']>;
  /** The friendly name of this number, such as `Car Phone`. */
  readonly displayName: Maybe<Scalars['String']['output']>;
  /** The id of the phone in Microsoft Graph. It is unique within one profile only: phones of two users can have the same id. */
  readonly graphId: Scalars['String']['output'];
  /**
   * The global id of the phone: `{user id}/{graphId}`, such as
   * `db789417-4ccb-41d1-a0a9-47b01a09ea49/0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f`. The user id is the `id` of the `User`.
   * No other phone of any user has this id.
   */
  readonly id: Scalars['ID']['output'];
  /** How certain an application was when it inferred this number. Null for a number that was entered by hand. */
  readonly inference: Maybe<InferenceData>;
  /** Whether the user can be found by this number. Null in clouds that lack the property. */
  readonly isSearchable: Maybe<Scalars['Boolean']['output']>;
  /** Who last changed the phone. Null when Microsoft Graph does not name anybody. */
  readonly lastModifiedBy: Maybe<IdentitySet>;
  /** When the phone was last changed. Send it as `expectedLastModifiedDateTime` to change the phone only in this version. */
  readonly lastModifiedDateTime: Maybe<Scalars['DateTime']['output']>;
  /** The number as entered, never reformatted. It can be free text, empty or null. */
  readonly number: Maybe<Scalars['String']['output']>;
  /**
   * The number as parsed by libphonenumber, which also reads full-width characters and letters (`1-800-FLOWERS`). Null when it
   * cannot be parsed: free text, an empty number, or a number without a country code when `defaultCountry` is not set.
   */
  readonly parsed: Maybe<PhoneNumber>;
  /** The source of the number, as stated by its author. */
  readonly source: Maybe<PersonDataSource>;
  /** The sources that the values were synced from. Null in clouds that lack the property. */
  readonly sources: Maybe<ReadonlyArray<ProfileSourceAnnotation>>;
  /** The type of the number. Null when none is set. */
  readonly type: Maybe<PhoneType>;
};


/**
 * A phone number in a user's profile: the `itemPhone` resource of Microsoft Graph (beta). Only the ids are always set. Any other
 * field is null when Microsoft Graph has no value, or when the user's cloud lacks the property.
 */
export type ItemPhoneParsedArgs = {
  defaultCountry?: InputMaybe<Scalars['String']['input']>;
};

/**
 * The changes. When the response of Microsoft Graph to a change is lost, the gateway reads the profile to find out whether the
 * change was made before it sends anything again. When that remains unknown, the error code is `OUTCOME_UNKNOWN`.
 */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Adds a phone to a profile. With an `idempotencyKey` the call can be repeated and adds one phone only. Without a key it is
   * sent once, and a lost response results in `OUTCOME_UNKNOWN`.
   */
  readonly addPhone: Maybe<AddPhonePayload>;
  /**
   * Adds up to 100 phones to one or more profiles. Each phone has its own result. Phones of one profile are added one after the
   * other, and several profiles are changed in parallel. With an `idempotencyKey` the call can be repeated after any failure,
   * and each phone is added once. Repeat it until no phone has an error: 100 phones of one profile take longer than one
   * request may.
   */
  readonly addPhones: Maybe<AddPhonesPayload>;
  /**
   * Deletes a phone from a profile. After a lost response the gateway reads the phones. If the phone is gone, the deletion
   * succeeded. Otherwise it is sent once more.
   */
  readonly deletePhone: Maybe<DeletePhonePayload>;
  /**
   * Deletes up to 100 phones. Each phone has its own result. Phones of one profile are deleted one after the other, and several
   * profiles are changed in parallel. The call can be repeated after any failure: a phone that is gone has `NOT_FOUND`.
   */
  readonly deletePhones: Maybe<DeletePhonesPayload>;
  /**
   * Changes the given fields of a phone. The other fields keep their values. After a lost response the gateway reads the phone.
   * If it has the new values, the change succeeded. Otherwise the change is sent again only if the phone still has the
   * `expectedLastModifiedDateTime` of the input.
   */
  readonly updatePhone: Maybe<UpdatePhonePayload>;
  /**
   * Changes up to 100 phones. Each phone has its own result. Phones of one profile are changed one after the other, and several
   * profiles in parallel. The call can be repeated after any failure: a phone that already has the new values is not changed
   * again.
   */
  readonly updatePhones: Maybe<UpdatePhonesPayload>;
};


/**
 * The changes. When the response of Microsoft Graph to a change is lost, the gateway reads the profile to find out whether the
 * change was made before it sends anything again. When that remains unknown, the error code is `OUTCOME_UNKNOWN`.
 */
export type MutationAddPhoneArgs = {
  input: AddPhoneInput;
};


/**
 * The changes. When the response of Microsoft Graph to a change is lost, the gateway reads the profile to find out whether the
 * change was made before it sends anything again. When that remains unknown, the error code is `OUTCOME_UNKNOWN`.
 */
export type MutationAddPhonesArgs = {
  input: AddPhonesInput;
};


/**
 * The changes. When the response of Microsoft Graph to a change is lost, the gateway reads the profile to find out whether the
 * change was made before it sends anything again. When that remains unknown, the error code is `OUTCOME_UNKNOWN`.
 */
export type MutationDeletePhoneArgs = {
  input: DeletePhoneInput;
};


/**
 * The changes. When the response of Microsoft Graph to a change is lost, the gateway reads the profile to find out whether the
 * change was made before it sends anything again. When that remains unknown, the error code is `OUTCOME_UNKNOWN`.
 */
export type MutationDeletePhonesArgs = {
  input: DeletePhonesInput;
};


/**
 * The changes. When the response of Microsoft Graph to a change is lost, the gateway reads the profile to find out whether the
 * change was made before it sends anything again. When that remains unknown, the error code is `OUTCOME_UNKNOWN`.
 */
export type MutationUpdatePhoneArgs = {
  input: UpdatePhoneInput;
};


/**
 * The changes. When the response of Microsoft Graph to a change is lost, the gateway reads the profile to find out whether the
 * change was made before it sends anything again. When that remains unknown, the error code is `OUTCOME_UNKNOWN`.
 */
export type MutationUpdatePhonesArgs = {
  input: UpdatePhonesInput;
};

/** An object with a global id: no other object of any type has the same id. Clients can use it as a cache key. */
export type Node = {
  /** The global id. `Query.node` returns the object with this id. */
  readonly id: Scalars['ID']['output'];
};

/** The position of a page within the list. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor for the next page. Null when the page is empty and no page follows. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether more users follow after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Always false. The directory can only be read forwards. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first user of the page. Null on an empty page. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** The source of a value: `personDataSource` or `personDataSources` of Microsoft Graph, depending on the cloud. */
export type PersonDataSource = {
  readonly __typename?: 'PersonDataSource';
  /** The types of source, such as `User`. A list of one in clouds that store only one. */
  readonly type: Maybe<ReadonlyArray<Scalars['String']['output']>>;
};

/** The source of a number. */
export type PersonDataSourceInput = {
  /** The types of source, such as `User`: 1 to 20, each 1 to 256 characters. A cloud that stores only one rejects several. */
  readonly type: ReadonlyArray<Scalars['String']['input']>;
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

/** A phone number as parsed by libphonenumber, with the numbering plan of its country. */
export type PhoneNumber = {
  readonly __typename?: 'PhoneNumber';
  /** The country calling code: 1 to 3 digits without a plus, such as `7`. */
  readonly callingCode: Scalars['String']['output'];
  /** The country in two letters of ISO 3166-1, such as `RU`. Null when several countries share the calling code and the number does not identify one. */
  readonly country: Maybe<Scalars['String']['output']>;
  /** In E.164 format: a plus and at most 15 digits, without the extension, such as `+74993422213`. */
  readonly e164: Scalars['String']['output'];
  /** The extension, digits only. Null for none. */
  readonly extension: Maybe<Scalars['String']['output']>;
  /** The international format, such as `+7 499 342 22 13`. */
  readonly international: Scalars['String']['output'];
  /** Whether the number is valid in the numbering plan of its country. False for a number with a possible length that cannot be assigned. */
  readonly isValid: Scalars['Boolean']['output'];
  /** The use of the number in the numbering plan of its country. Null when the plan does not define it. */
  readonly kind: Maybe<PhoneNumberKind>;
  /** The format for calls within the country, such as `8 (499) 342-22-13`. */
  readonly national: Scalars['String']['output'];
  /** A link (RFC 3966), such as `tel:+74993422213;ext=12`. */
  readonly uri: Scalars['String']['output'];
};

/** The use of a phone number in the numbering plan of its country, from libphonenumber. */
export type PhoneNumberKind =
  /** A fixed line. */
  | 'FIXED_LINE'
  /** A fixed line or a mobile phone, in plans that do not distinguish them, as in North America. */
  | 'FIXED_LINE_OR_MOBILE'
  /** A mobile phone. */
  | 'MOBILE'
  /** A pager. */
  | 'PAGER'
  /** A personal number that is routed to any phone of its owner. */
  | 'PERSONAL_NUMBER'
  /** Charged at a higher rate than ordinary calls. */
  | 'PREMIUM_RATE'
  /** The caller and the called party share the cost. */
  | 'SHARED_COST'
  /** Free of charge for the caller. */
  | 'TOLL_FREE'
  /** A universal access number: one number that is routed to any office of a company. */
  | 'UAN'
  /** Access to voice mail. */
  | 'VOICEMAIL'
  /** Telephony over the internet. */
  | 'VOIP';

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

/** An error of a change that the caller can act on. */
export type PhoneUserError = {
  readonly __typename?: 'PhoneUserError';
  /** The error code, for programs. */
  readonly code: PhoneErrorCode;
  /** The path of the invalid input field, beginning with `input`. Null when the error does not concern one field. */
  readonly field: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What went wrong and what to do, for people. Never contains a phone number or a name. */
  readonly message: Scalars['String']['output'];
  /**
   * Whether the same call can safely be repeated unchanged and may succeed. True for `CONFLICT` and `IDEMPOTENCY_IN_PROGRESS`.
   * True for `OUTCOME_UNKNOWN` of a change, a deletion, or an addition with an idempotency key; repeat it with the same key.
   * False for `OUTCOME_UNKNOWN` of an addition without a key, and for every other code.
   */
  readonly retryable: Scalars['Boolean']['output'];
};

/** A source that a value was synced from: `profileSourceAnnotation` of Microsoft Graph. */
export type ProfileSourceAnnotation = {
  readonly __typename?: 'ProfileSourceAnnotation';
  /** Whether this source has precedence when sources differ. */
  readonly isDefaultSource: Maybe<Scalars['Boolean']['output']>;
  /** The names of the properties with data from this source. */
  readonly properties: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The id of the source. */
  readonly sourceId: Maybe<Scalars['String']['output']>;
};

/** The reads: one user, many users, or the whole directory page by page. */
export type Query = {
  readonly __typename?: 'Query';
  /** The users of the directory as a Relay connection, in the order of Microsoft Graph. */
  readonly directory: Maybe<UserConnection>;
  /** The signed-in user. Null, with an error at this path, when Microsoft Graph does not return the user. */
  readonly me: Maybe<User>;
  /** The object with a global id, of any type. Null when no object has this id, or when the caller may not see it. */
  readonly node: Maybe<Node>;
  /** One user. Null when no user has this id, or when the caller may not see the user. */
  readonly user: Maybe<User>;
  /**
   * Many users at once, in the order of `ids`. The item is null when the user does not exist. A repeated id returns the same
   * user again and is read once. At most 1,000 ids. More fail with `LIMIT_EXCEEDED`.
   */
  readonly users: ReadonlyArray<Maybe<User>>;
};


/** The reads: one user, many users, or the whole directory page by page. */
export type QueryDirectoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DirectoryFilter>;
  first?: Scalars['Int']['input'];
  search?: InputMaybe<Scalars['String']['input']>;
};


/** The reads: one user, many users, or the whole directory page by page. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** The reads: one user, many users, or the whole directory page by page. */
export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};


/** The reads: one user, many users, or the whole directory page by page. */
export type QueryUsersArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};

/**
 * A change to a phone. An absent field is not changed. Null clears `displayName`, `allowedAudiences`, `inference` or `source`.
 * Null is invalid for `number` and `type`. At least one field must be given besides the id and the precondition.
 */
export type UpdatePhoneInput = {
  /** The new audiences, which replace the old ones. Null clears them. An empty list is invalid. */
  readonly allowedAudiences?: InputMaybe<ReadonlyArray<AllowedAudiencesInput>>;
  /** The new friendly name, at most 256 characters. Null clears it. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>;
  /**
   * Change the phone only if its `lastModifiedDateTime` is exactly this value. Otherwise nothing is changed and the error code is
   * `PRECONDITION_FAILED`. A phone that already has the new values is a success, so the change can be repeated. The gateway
   * reads the phone and then changes it. If Microsoft Graph returns an ETag, the change carries it, and a concurrent change is
   * detected. Without an ETag, a change in the milliseconds between the read and the write is not detected.
   */
  readonly expectedLastModifiedDateTime?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * The phone: an `ItemPhone.id`, also with a user principal name before the slash. A value without a slash is the `graphId` of
   * one of the caller's phones.
   */
  readonly id: Scalars['ID']['input'];
  /** The new inference. Null clears it. */
  readonly inference?: InputMaybe<InferenceDataInput>;
  /** The new number, 1 to 256 characters. Null is invalid. */
  readonly number?: InputMaybe<Scalars['String']['input']>;
  /** The new source. Null clears it. */
  readonly source?: InputMaybe<PersonDataSourceInput>;
  /** The new type. Null is invalid. */
  readonly type?: InputMaybe<PhoneTypeInput>;
};

/** The result of `updatePhone`. */
export type UpdatePhonePayload = {
  readonly __typename?: 'UpdatePhonePayload';
  /** The phone after the change. Null when it was not changed, or when that is unknown. */
  readonly phone: Maybe<ItemPhone>;
  /**
   * The owner of the phone, read after the change, so that `phones` includes the change. It is read only when selected. Null
   * when the input names no user. Null with an error at this path when the user cannot be read.
   */
  readonly user: Maybe<User>;
  /** The errors of this change. Empty when the phone was changed. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/** Changes to phones. Each has its own result. */
export type UpdatePhonesInput = {
  /** The changes: 1 to 100, each to a different phone. */
  readonly phones: ReadonlyArray<UpdatePhoneInput>;
};

/** The result of `updatePhones`. */
export type UpdatePhonesPayload = {
  readonly __typename?: 'UpdatePhonesPayload';
  /**
   * The result of each change, in the order of the input. Null, with an error at its path, when the service failed or the time
   * ran out: that phone was not changed. Other phones are not affected.
   */
  readonly results: ReadonlyArray<Maybe<UpdatePhonePayload>>;
  /** The errors of the call as a whole. If there are any, nothing was sent and `results` is empty. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/** A user of the directory: the `user` resource of Microsoft Graph. */
export type User = Node & {
  readonly __typename?: 'User';
  /** Whether the user can sign in. Null when Microsoft Graph does not return it, as for personal accounts. */
  readonly accountEnabled: Maybe<Scalars['Boolean']['output']>;
  /**
   * The work numbers in the directory, as an administrator or a synced directory wrote them. They are separate from the phones
   * of the profile, which are in `phones`. Microsoft Graph stores at most one. Empty when the directory has none, or when the
   * caller may not see them. Null when Microsoft Graph does not return them.
   */
  readonly businessPhones: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The department. Null when the directory has none, or when the caller may not see it. */
  readonly department: Maybe<Scalars['String']['output']>;
  /** The name shown in address books. Null when the directory has none, or when the caller may not see it. */
  readonly displayName: Maybe<Scalars['String']['output']>;
  /**
   * The object id: a GUID, or the 16 hexadecimal digits of a personal account, in lower case. It never changes, and does not
   * depend on the form of the requested id. Tokens write the id of a personal account as a GUID that begins with zeros.
   */
  readonly id: Scalars['ID']['output'];
  /** The position within the organization, such as `Sales Manager`. Null when the directory has none, or when the caller may not see it. */
  readonly jobTitle: Maybe<Scalars['String']['output']>;
  /** The SMTP address. Null for a user without a mailbox. */
  readonly mail: Maybe<Scalars['String']['output']>;
  /**
   * The mobile number in the directory. It is separate from the phones of the profile. Null when the directory has none, or when
   * the caller may not see it, as with only the permission `User.ReadBasic.All`.
   */
  readonly mobilePhone: Maybe<Scalars['String']['output']>;
  /** The place of work, such as `20/1101`. Null when the directory has none, or when the caller may not see it. */
  readonly officeLocation: Maybe<Scalars['String']['output']>;
  /** One phone of this user. Null when no phone has this id, or when the phone belongs to another user. */
  readonly phone: Maybe<ItemPhone>;
  /**
   * The phones of the user's profile, oldest first, in the order of Microsoft Graph. Empty when there are none. Null, with an
   * error at this path, when the phones of this user cannot be read. Other users are not affected.
   */
  readonly phones: Maybe<ReadonlyArray<ItemPhone>>;
  /** The sign-in name (user principal name), in the form of a mail address. It can change. */
  readonly userPrincipalName: Maybe<Scalars['String']['output']>;
  /**
   * `Member` for users of the organization, `Guest` for users of other organizations. Null for older and personal accounts,
   * and when the caller may not see it.
   */
  readonly userType: Maybe<Scalars['String']['output']>;
};


/** A user of the directory: the `user` resource of Microsoft Graph. */
export type UserPhoneArgs = {
  id: Scalars['ID']['input'];
};


/** A user of the directory: the `user` resource of Microsoft Graph. */
export type UserPhonesArgs = {
  types?: InputMaybe<ReadonlyArray<PhoneTypeInput>>;
};

/** A page of users, as defined by the Relay connection specification. */
export type UserConnection = {
  readonly __typename?: 'UserConnection';
  /** The users of this page, each with a cursor. */
  readonly edges: ReadonlyArray<UserEdge>;
  /** The users of this page, without cursors. */
  readonly nodes: ReadonlyArray<User>;
  /** Whether more pages follow, and the cursor for the next one. */
  readonly pageInfo: PageInfo;
  /**
   * The number of users on all pages. Microsoft Graph counts them with the first page only. Later pages repeat that number, or
   * have null when the first page did not select this field. Null also when Microsoft Graph does not count, as in Azure AD
   * B2C. With this field, Microsoft Graph reads from an index, which can lag behind the directory.
   */
  readonly totalCount: Maybe<Scalars['Int']['output']>;
};

/** One user on a page. */
export type UserEdge = {
  readonly __typename?: 'UserEdge';
  /** The cursor of this user. Use it as `after` to continue from here. It is opaque and can expire within days. */
  readonly cursor: Scalars['String']['output'];
  /** The user. */
  readonly node: User;
};
