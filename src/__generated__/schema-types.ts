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
   * An instant in RFC 3339 form, for example `2020-07-06T06:34:12.2294868Z`.
   *
   * Handed through character for character: Microsoft Graph sends up to seven fraction digits and any offset, and none of
   * it is rounded, shifted or rewritten. As an input it is compared the same way, so send back exactly what was read.
   */
  DateTime: { input: string; output: string; }
};

/** A phone to add. There is no field for what Microsoft Graph sets by itself: ids, dates and authors. */
export type AddPhoneInput = {
  /** Who may see it. Absent, null or empty: Microsoft Graph decides, which is the organization as a rule. */
  readonly allowedAudiences?: InputMaybe<ReadonlyArray<AllowedAudiencesInput>>;
  /** A friendly name, at most 256 characters. Absent or null: none. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>;
  /**
   * Makes the call safe to repeat: calls with the same key, by the same caller for the same person, add one phone between
   * them and all answer with it. 1 to 255 characters out of `A-Z a-z 0-9 - _`; a random UUID does well. A key is kept for 24
   * hours after it was last used, in the memory of the gateway's process, or in Redis where several gateways share one; a
   * process of its own that restarts has forgotten it.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** How sure your application is, if it inferred the number. */
  readonly inference?: InputMaybe<InferenceDataInput>;
  /** The number, 1 to 256 characters, kept as it is typed. No control or bidirectional characters. */
  readonly number: Scalars['String']['input'];
  /** Where the number came from. */
  readonly source?: InputMaybe<PersonDataSourceInput>;
  /** What kind of number it is. Absent or null: none given. */
  readonly type?: InputMaybe<PhoneTypeInput>;
  /** Whose profile: an object id or user principal name. Absent or null: the caller's own. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
};

/** The outcome of `addPhone`. */
export type AddPhonePayload = {
  readonly __typename?: 'AddPhonePayload';
  /** The phone as Microsoft Graph answered it. Null when none was added, or when that is not known. */
  readonly phone: Maybe<ItemPhone>;
  /**
   * The person whose profile was meant, read after the addition and only when it is selected: `phones` shows the new phone.
   * Null where the input names nobody, and, with an error at this path, where the person cannot be read.
   */
  readonly user: Maybe<User>;
  /** What stood in the way. Empty means that the phone was added. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/** Phones to add. Each has an outcome of its own; what one of them lacks does not keep the others from being added. */
export type AddPhonesInput = {
  /**
   * Makes the whole call safe to repeat: repeat it with the same key and the same phones in the same order. Each phone has a
   * key of its own, made of this and its place, so none of them may bring one. As for `AddPhoneInput.idempotencyKey`.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The new phones: 1 to 100. Two that are the same are two phones. */
  readonly phones: ReadonlyArray<AddPhoneInput>;
};

/** The outcome of `addPhones`. */
export type AddPhonesPayload = {
  readonly __typename?: 'AddPhonesPayload';
  /**
   * The outcome of each phone, in the order of the input. Null, with an error at its path, where the service was in trouble
   * or the time ran out: this call did not add that phone, the others are as their outcomes say. Of a phone that an earlier
   * call added under the key, `graphId` and `id` are known without asking Microsoft Graph; whatever else is selected is read.
   */
  readonly results: ReadonlyArray<Maybe<AddPhonePayload>>;
  /** What was wrong with the call as a whole: then nothing was sent, and there are no results. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
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
  readonly expectedLastModifiedDateTime?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * Which phone: an `ItemPhone.id`, or the same with a user principal name before the slash. Without a slash it is the
   * `graphId` of a phone of the caller.
   */
  readonly id: Scalars['ID']['input'];
};

/** The outcome of `deletePhone`. */
export type DeletePhonePayload = {
  readonly __typename?: 'DeletePhonePayload';
  /** The `ItemPhone.id` that the phone had. Null when it was not deleted, or when that is not known. */
  readonly deletedPhoneId: Maybe<Scalars['ID']['output']>;
  /**
   * The person whose phone was meant, read after the deletion and only when it is selected: `phones` is without the phone.
   * Null where the input names nobody, and, with an error at this path, where the person cannot be read.
   */
  readonly user: Maybe<User>;
  /** What stood in the way. Empty means that the phone was deleted. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/** Phones to take out of profiles. Each has an outcome of its own. */
export type DeletePhonesInput = {
  /** The phones: 1 to 100, each another one. */
  readonly phones: ReadonlyArray<DeletePhoneInput>;
};

/** The outcome of `deletePhones`. */
export type DeletePhonesPayload = {
  readonly __typename?: 'DeletePhonesPayload';
  /**
   * The outcome of each phone, in the order of the input. Null, with an error at its path, where the service was in trouble
   * or the time ran out: that phone was not deleted, the others are as their outcomes say.
   */
  readonly results: ReadonlyArray<Maybe<DeletePhonePayload>>;
  /** What was wrong with the call as a whole: then nothing was sent, and there are no results. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/**
 * What people of the directory have in common. Every field that is given has to fit; an absent or null one asks for nothing.
 * Texts are compared whole and without regard to letter case. What nobody has finds nobody.
 */
export type DirectoryFilter = {
  /** Whether the person can sign in. */
  readonly accountEnabled?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * A work number that the directory has, 1 to 64 characters, as it is written there: blanks and signs count. The phones of
   * profiles are not looked into.
   */
  readonly businessPhone?: InputMaybe<Scalars['String']['input']>;
  /** The department, 1 to 64 characters. */
  readonly department?: InputMaybe<Scalars['String']['input']>;
  /** The mobile number that the directory has, as it is written there. As for `businessPhone`. */
  readonly mobilePhone?: InputMaybe<Scalars['String']['input']>;
  /** The kind of account: `Member` or `Guest`. 1 to 64 characters. */
  readonly userType?: InputMaybe<Scalars['String']['input']>;
};

/** One actor: `identity` of Microsoft Graph. */
export type Identity = {
  readonly __typename?: 'Identity';
  /** The name of the actor. It may be out of date. */
  readonly displayName: Maybe<Scalars['String']['output']>;
  /**
   * The object id of the actor in the directory. For a person it is the `id` of the `User`, as Microsoft Graph writes it.
   * It has another name here, so that a client's cache does not take an actor for the `User` of that id.
   */
  readonly objectId: Maybe<Scalars['String']['output']>;
};

/** Who did something: `identitySet` of Microsoft Graph. Any of the three can be null. */
export type IdentitySet = {
  readonly __typename?: 'IdentitySet';
  /** The application. */
  readonly application: Maybe<Identity>;
  /** The device. */
  readonly device: Maybe<Identity>;
  /** The person. */
  readonly user: Maybe<Identity>;
};

/** How sure an application was of a value that it inferred: `inferenceData` of Microsoft Graph. */
export type InferenceData = {
  readonly __typename?: 'InferenceData';
  /** How accurate the value is held to be. Microsoft Graph sets no range. Null where it is not a finite number. */
  readonly confidenceScore: Maybe<Scalars['Float']['output']>;
  /** Whether the person has confirmed the value. Null where nobody asked. */
  readonly userHasVerifiedAccuracy: Maybe<Scalars['Boolean']['output']>;
};

/** How sure an application is of a number that it inferred. */
export type InferenceDataInput = {
  /** How accurate the value is held to be. Any finite number. */
  readonly confidenceScore?: InputMaybe<Scalars['Float']['input']>;
  /** Whether the person has confirmed the value. */
  readonly userHasVerifiedAccuracy?: InputMaybe<Scalars['Boolean']['input']>;
};

/**
 * A phone number in a person's profile: the `itemPhone` resource of Microsoft Graph (beta). Only the ids are certain; every
 * other field is null where Microsoft Graph has no value, or where the person's cloud does not know the property.
 */
export type ItemPhone = Node & {
  readonly __typename?: 'ItemPhone';
  /** Who may see it, the narrowest first. Null where Microsoft Graph does not say. */
  readonly allowedAudiences: Maybe<ReadonlyArray<AllowedAudiences>>;
  /** Who created it. Null where Microsoft Graph does not say, or says nothing but the kind of object. */
  readonly createdBy: Maybe<IdentitySet>;
  /** When it was created. */
  readonly createdDateTime: Maybe<Scalars['DateTime']['output']>;
  /** The friendly name that the person gave this number, such as `Car Phone`. */
  readonly displayName: Maybe<Scalars['String']['output']>;
  /** The id that Microsoft Graph gave the phone. It is unique within one profile only: phones of two people can have the same. */
  readonly graphId: Scalars['String']['output'];
  /**
   * The global id of the phone: `{user id}/{graphId}`, such as
   * `db789417-4ccb-41d1-a0a9-47b01a09ea49/0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f`. The user id is the `id` of the `User`.
   * No other phone of any person has the same.
   */
  readonly id: Scalars['ID']['output'];
  /** How sure an application was that inferred this number. Null for a number that was typed in. */
  readonly inference: Maybe<InferenceData>;
  /** Whether people can find the person by this number. Null in clouds whose profile lacks the property. */
  readonly isSearchable: Maybe<Scalars['Boolean']['output']>;
  /** Who changed it last. Null where Microsoft Graph does not say, or says nothing but the kind of object. */
  readonly lastModifiedBy: Maybe<IdentitySet>;
  /** When it was changed last. Give it back as `expectedLastModifiedDateTime` to change only what you have seen. */
  readonly lastModifiedDateTime: Maybe<Scalars['DateTime']['output']>;
  /** The number as it was typed, never rewritten. It may be free text, empty, or null. */
  readonly number: Maybe<Scalars['String']['output']>;
  /**
   * The number, read as a phone number by the rules of libphonenumber: also in full-width characters, and with letters
   * (`1-800-FLOWERS`). Null when it cannot be read as one: free text, an empty number, or a number without a country code
   * when no `defaultCountry` says where it belongs.
   */
  readonly parsed: Maybe<PhoneNumber>;
  /** Where the number came from, as its writer said. */
  readonly source: Maybe<PersonDataSource>;
  /** Where the values came from, when they were synced from another source. Null in clouds that lack the property. */
  readonly sources: Maybe<ReadonlyArray<ProfileSourceAnnotation>>;
  /** What kind of number it is. Null where none was given. */
  readonly type: Maybe<PhoneType>;
};


/**
 * A phone number in a person's profile: the `itemPhone` resource of Microsoft Graph (beta). Only the ids are certain; every
 * other field is null where Microsoft Graph has no value, or where the person's cloud does not know the property.
 */
export type ItemPhoneParsedArgs = {
  defaultCountry?: InputMaybe<Scalars['String']['input']>;
};

/**
 * What can be changed. A change whose answer is lost is looked for before anything is sent again, and when it cannot be told
 * what became of it, that is what the answer says.
 */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Adds a phone to a profile. With an `idempotencyKey` it can be repeated and adds one phone; without, it is sent once, and
   * when the answer is lost the outcome is `OUTCOME_UNKNOWN`.
   */
  readonly addPhone: Maybe<AddPhonePayload>;
  /**
   * Adds up to 100 phones, to one profile or several, each with an outcome of its own: one after the other within a profile,
   * and several profiles at a time. With an `idempotencyKey` the whole call can be repeated after any failure, and each phone
   * is added once: repeat it until no phone has an error, since 100 phones of one profile take more time than one request has.
   */
  readonly addPhones: Maybe<AddPhonesPayload>;
  /**
   * Takes a phone out of a profile. When the answer is lost and the phone is gone, it is deleted; when it is still there, it
   * is sent once more.
   */
  readonly deletePhone: Maybe<DeletePhonePayload>;
  /**
   * Takes up to 100 phones out of profiles, each with an outcome of its own: one after the other within a profile, and
   * several profiles at a time. The whole call can be repeated after any failure: a phone that is gone is `NOT_FOUND`.
   */
  readonly deletePhones: Maybe<DeletePhonesPayload>;
  /**
   * Changes a phone: only the fields given, the others keep their values. When the answer is lost, the phone is read: as it
   * was asked to be, it is changed. It is sent again only with an `expectedLastModifiedDateTime` that the phone still has.
   */
  readonly updatePhone: Maybe<UpdatePhonePayload>;
  /**
   * Changes up to 100 phones, each with an outcome of its own: one after the other within a profile, and several profiles at
   * a time. The whole call can be repeated after any failure: a phone that is as it was asked to be is not changed again.
   */
  readonly updatePhones: Maybe<UpdatePhonesPayload>;
};


/**
 * What can be changed. A change whose answer is lost is looked for before anything is sent again, and when it cannot be told
 * what became of it, that is what the answer says.
 */
export type MutationAddPhoneArgs = {
  input: AddPhoneInput;
};


/**
 * What can be changed. A change whose answer is lost is looked for before anything is sent again, and when it cannot be told
 * what became of it, that is what the answer says.
 */
export type MutationAddPhonesArgs = {
  input: AddPhonesInput;
};


/**
 * What can be changed. A change whose answer is lost is looked for before anything is sent again, and when it cannot be told
 * what became of it, that is what the answer says.
 */
export type MutationDeletePhoneArgs = {
  input: DeletePhoneInput;
};


/**
 * What can be changed. A change whose answer is lost is looked for before anything is sent again, and when it cannot be told
 * what became of it, that is what the answer says.
 */
export type MutationDeletePhonesArgs = {
  input: DeletePhonesInput;
};


/**
 * What can be changed. A change whose answer is lost is looked for before anything is sent again, and when it cannot be told
 * what became of it, that is what the answer says.
 */
export type MutationUpdatePhoneArgs = {
  input: UpdatePhoneInput;
};


/**
 * What can be changed. A change whose answer is lost is looked for before anything is sent again, and when it cannot be told
 * what became of it, that is what the answer says.
 */
export type MutationUpdatePhonesArgs = {
  input: UpdatePhonesInput;
};

/** Something that is known by an id which nothing else has, of whatever type: the id is global. Clients keep objects by it. */
export type Node = {
  /** The global id. `Query.node` gives the object back for it. */
  readonly id: Scalars['ID']['output'];
};

/** Where a page stands within the whole. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor to go on from. Null when the page is empty and nothing follows. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether there are people after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Always false: the directory is read forwards only. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first person of the page. Null on an empty page. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** Where a value came from: `personDataSource` or, by cloud, `personDataSources` of Microsoft Graph. */
export type PersonDataSource = {
  readonly __typename?: 'PersonDataSource';
  /** The kinds of source, such as `User`. A list also where the cloud keeps only one. */
  readonly type: Maybe<ReadonlyArray<Scalars['String']['output']>>;
};

/** Where a number came from. */
export type PersonDataSourceInput = {
  /** The kinds of source, such as `User`: 1 to 20, each 1 to 256 characters. A cloud that keeps only one refuses several. */
  readonly type: ReadonlyArray<Scalars['String']['input']>;
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

/** A phone number as libphonenumber reads it, by the plan of its country. */
export type PhoneNumber = {
  readonly __typename?: 'PhoneNumber';
  /** The country calling code, 1 to 3 digits without a plus: `7`. */
  readonly callingCode: Scalars['String']['output'];
  /** The country, in two letters of ISO 3166-1: `RU`. Null where the calling code serves several and it cannot be told. */
  readonly country: Maybe<Scalars['String']['output']>;
  /** In E.164 form: a plus and at most 15 digits, without the extension: `+74993422213`. */
  readonly e164: Scalars['String']['output'];
  /** The extension, digits only. Null without one. */
  readonly extension: Maybe<Scalars['String']['output']>;
  /** As dialled from another country: `+7 499 342 22 13`. */
  readonly international: Scalars['String']['output'];
  /** Whether the number fits the plan of its country. False for a number of a possible shape that nobody can have. */
  readonly isValid: Scalars['Boolean']['output'];
  /** What the plan of its country says of the number. Null where it does not say. */
  readonly kind: Maybe<PhoneNumberKind>;
  /** As dialled within its country: `8 (499) 342-22-13`. */
  readonly national: Scalars['String']['output'];
  /** As a link, by RFC 3966: `tel:+74993422213;ext=12`. */
  readonly uri: Scalars['String']['output'];
};

/** What the plan of a country uses a phone number for, as libphonenumber tells it. */
export type PhoneNumberKind =
  /** A telephone at one place. */
  | 'FIXED_LINE'
  /** One of the two, in a plan that does not tell them apart, as in North America. */
  | 'FIXED_LINE_OR_MOBILE'
  /** A mobile telephone. */
  | 'MOBILE'
  /** A pager. */
  | 'PAGER'
  /** A number that belongs to a person and leads to any of their telephones. */
  | 'PERSONAL_NUMBER'
  /** Dearer than an ordinary call. */
  | 'PREMIUM_RATE'
  /** The person who calls pays a part, the person who is called pays the rest. */
  | 'SHARED_COST'
  /** Free for the person who calls. */
  | 'TOLL_FREE'
  /** One number for a company, which leads to any of its offices (universal access number). */
  | 'UAN'
  /** Access to voice mail. */
  | 'VOICEMAIL'
  /** Telephony over the internet. */
  | 'VOIP';

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

/** Something that stood in the way of a change and that the caller can act on. */
export type PhoneUserError = {
  readonly __typename?: 'PhoneUserError';
  /** What it was, for a program. */
  readonly code: PhoneErrorCode;
  /** The path of the input field at fault, beginning with `input`. Null when it was no single field. */
  readonly field: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What it was and what to do, for a person. Never holds a number or a name. */
  readonly message: Scalars['String']['output'];
  /**
   * Whether the same call, sent again without a change, can succeed and does no harm. True for `CONFLICT` and
   * `IDEMPOTENCY_IN_PROGRESS`, and for `OUTCOME_UNKNOWN` of a change, of a deletion, and of an addition with an idempotency
   * key, which is repeated with the same key. False for an addition without a key, and for every other code.
   */
  readonly retryable: Scalars['Boolean']['output'];
};

/** A source that a value was synced from: `profileSourceAnnotation` of Microsoft Graph. */
export type ProfileSourceAnnotation = {
  readonly __typename?: 'ProfileSourceAnnotation';
  /** Whether it is the source that counts when sources differ. */
  readonly isDefaultSource: Maybe<Scalars['Boolean']['output']>;
  /** The names of the properties that have data from this source. */
  readonly properties: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The id of the source. */
  readonly sourceId: Maybe<Scalars['String']['output']>;
};

/** What can be read: one person, many people, or the whole directory page by page. */
export type Query = {
  readonly __typename?: 'Query';
  /** The people of the directory, page by page, as a Relay connection. The order is Microsoft Graph's own. */
  readonly directory: Maybe<UserConnection>;
  /** The caller. Null, with an error at this path, when Microsoft Graph does not say who that is. */
  readonly me: Maybe<User>;
  /** The object with a global id, whatever its type. Null when the id names nothing, or nothing that the caller may see. */
  readonly node: Maybe<Node>;
  /** One person. Null when there is none with this id, or none that the caller may see. */
  readonly user: Maybe<User>;
  /**
   * Many people at once, in the order asked, with null in place of a person who is not there. The same id twice gives the
   * same person twice, and is read once. At most 1,000 ids; more are refused with `LIMIT_EXCEEDED`.
   */
  readonly users: ReadonlyArray<Maybe<User>>;
};


/** What can be read: one person, many people, or the whole directory page by page. */
export type QueryDirectoryArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DirectoryFilter>;
  first?: Scalars['Int']['input'];
  search?: InputMaybe<Scalars['String']['input']>;
};


/** What can be read: one person, many people, or the whole directory page by page. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** What can be read: one person, many people, or the whole directory page by page. */
export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};


/** What can be read: one person, many people, or the whole directory page by page. */
export type QueryUsersArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};

/**
 * A change to a phone. An absent field is left alone. An explicit null clears `displayName`, `allowedAudiences`,
 * `inference` or `source`; for `number` and `type` it is refused. A change of nothing is refused.
 */
export type UpdatePhoneInput = {
  /** The new audiences, instead of the old ones. Null clears them; an empty list is refused. */
  readonly allowedAudiences?: InputMaybe<ReadonlyArray<AllowedAudiencesInput>>;
  /** The new friendly name, at most 256 characters. Null clears it. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>;
  /**
   * Change the phone only if its `lastModifiedDateTime` is still this, character for character; otherwise nothing is
   * changed and the answer is `PRECONDITION_FAILED`, unless the phone already is as this asks for: a repeat of a change that
   * came through is a success. Microsoft Graph documents no lock here, so a writer who comes in the milliseconds between the
   * look and the change is not noticed; where Graph gives an ETag, the change carries it, and is.
   */
  readonly expectedLastModifiedDateTime?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * Which phone: an `ItemPhone.id`, or the same with a user principal name before the slash. Without a slash it is the
   * `graphId` of a phone of the caller.
   */
  readonly id: Scalars['ID']['input'];
  /** The new inference. Null clears it. */
  readonly inference?: InputMaybe<InferenceDataInput>;
  /** The new number, 1 to 256 characters. Null is refused. */
  readonly number?: InputMaybe<Scalars['String']['input']>;
  /** The new source. Null clears it. */
  readonly source?: InputMaybe<PersonDataSourceInput>;
  /** The new kind. Null is refused. */
  readonly type?: InputMaybe<PhoneTypeInput>;
};

/** The outcome of `updatePhone`. */
export type UpdatePhonePayload = {
  readonly __typename?: 'UpdatePhonePayload';
  /** The phone as it is after the change. Null when it was not changed, or when that is not known. */
  readonly phone: Maybe<ItemPhone>;
  /**
   * The person whose phone was meant, read after the change and only when it is selected: `phones` shows the change.
   * Null where the input names nobody, and, with an error at this path, where the person cannot be read.
   */
  readonly user: Maybe<User>;
  /** What stood in the way. Empty means that the phone was changed. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/** Changes to phones. Each has an outcome of its own. */
export type UpdatePhonesInput = {
  /** The changes: 1 to 100, each to another phone. */
  readonly phones: ReadonlyArray<UpdatePhoneInput>;
};

/** The outcome of `updatePhones`. */
export type UpdatePhonesPayload = {
  readonly __typename?: 'UpdatePhonesPayload';
  /**
   * The outcome of each change, in the order of the input. Null, with an error at its path, where the service was in trouble
   * or the time ran out: that phone was not changed, the others are as their outcomes say.
   */
  readonly results: ReadonlyArray<Maybe<UpdatePhonePayload>>;
  /** What was wrong with the call as a whole: then nothing was sent, and there are no results. */
  readonly userErrors: ReadonlyArray<PhoneUserError>;
};

/** A person of the directory: a `user` of Microsoft Graph. */
export type User = Node & {
  readonly __typename?: 'User';
  /** Whether the person can sign in. Null where Microsoft Graph does not say, as for personal accounts. */
  readonly accountEnabled: Maybe<Scalars['Boolean']['output']>;
  /**
   * The work numbers that the directory has: not the phones of the profile, which are in `phones`, and kept by others. Text as
   * an administrator or a synced directory wrote it; Microsoft Graph keeps one at most. Empty where the directory has none,
   * or the caller may not see it; null where Microsoft Graph does not say.
   */
  readonly businessPhones: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The department. Null where the directory has none, or the caller may not see it. */
  readonly department: Maybe<Scalars['String']['output']>;
  /** The name shown in address books. Null where the directory has none, or the caller may not see it. */
  readonly displayName: Maybe<Scalars['String']['output']>;
  /**
   * The object id, which never changes: a GUID, or the 16 hexadecimal digits of a personal account. In lower case, and the
   * same when the person was asked for by user principal name, or by the GUID with zeros in front that tokens of a personal
   * account have.
   */
  readonly id: Scalars['ID']['output'];
  /** The position within the organization, such as `Sales Manager`. Null where the directory has none, or the caller may not see it. */
  readonly jobTitle: Maybe<Scalars['String']['output']>;
  /** The SMTP address. Null for a person without a mailbox. */
  readonly mail: Maybe<Scalars['String']['output']>;
  /**
   * The mobile number that the directory has: not a phone of the profile. Null where the directory has none, or the caller may
   * not see it, as with the permission `User.ReadBasic.All` alone.
   */
  readonly mobilePhone: Maybe<Scalars['String']['output']>;
  /** The place of work, such as `20/1101`. Null where the directory has none, or the caller may not see it. */
  readonly officeLocation: Maybe<Scalars['String']['output']>;
  /** One phone of this person. Null when there is none with this id, or when the id is that of another person's phone. */
  readonly phone: Maybe<ItemPhone>;
  /**
   * The phone numbers of the person's profile, oldest first, as Microsoft Graph orders them. An empty list means there are
   * none. Null, with an error at this path, when this one person's phones cannot be read; other people's answers stand.
   */
  readonly phones: Maybe<ReadonlyArray<ItemPhone>>;
  /** The sign-in name, in the form of a mail address. It can change. */
  readonly userPrincipalName: Maybe<Scalars['String']['output']>;
  /**
   * `Member` for people of the organization, `Guest` for people of others. Null for older and personal accounts, and where the
   * caller may not see it.
   */
  readonly userType: Maybe<Scalars['String']['output']>;
};


/** A person of the directory: a `user` of Microsoft Graph. */
export type UserPhoneArgs = {
  id: Scalars['ID']['input'];
};


/** A person of the directory: a `user` of Microsoft Graph. */
export type UserPhonesArgs = {
  types?: InputMaybe<ReadonlyArray<PhoneTypeInput>>;
};

/** A page of people, in the form of the Relay connection specification. */
export type UserConnection = {
  readonly __typename?: 'UserConnection';
  /** The people of this page, each with a cursor. */
  readonly edges: ReadonlyArray<UserEdge>;
  /** The people of this page, for those who need no cursors. */
  readonly nodes: ReadonlyArray<User>;
  /** Whether there is more, and where to go on. */
  readonly pageInfo: PageInfo;
  /**
   * How many people there are on all pages together. Microsoft Graph counts them with its first page alone, so a later page
   * repeats that number, and has null when the first page did not select this field. Null, too, where Microsoft Graph does not
   * count, as in Azure AD B2C. With this field the directory's index answers, which can be behind by moments.
   */
  readonly totalCount: Maybe<Scalars['Int']['output']>;
};

/** One person within a page. */
export type UserEdge = {
  readonly __typename?: 'UserEdge';
  /** Where this person stands; give it as `after` to go on from here. Opaque, and not meant to be kept for days. */
  readonly cursor: Scalars['String']['output'];
  /** The person. */
  readonly node: User;
};
