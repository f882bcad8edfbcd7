// Generated from schema/*.graphql by `npm run codegen`. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Phone } from '../profile/item-facet.ts';
import type { Person } from '../users/loader.ts';
import type { PhonePayload, DeletePayload } from '../profile/mutations/payload.ts';
import type { Context } from '../graphql/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
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
  allowedAudiences?: InputMaybe<Array<AllowedAudiencesInput>>;
  /** A friendly name, at most 256 characters. Absent or null: none. */
  displayName?: InputMaybe<Scalars['String']['input']>;
  /**
   * Makes the call safe to repeat: calls with the same key, by the same caller for the same person, add one phone between
   * them and all answer with it. 1 to 255 characters out of `A-Z a-z 0-9 - _`; a random UUID does well. A key is kept for 24
   * hours after it was last used, in the memory of the gateway's process, or in Redis where several gateways share one; a
   * process of its own that restarts has forgotten it.
   */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** How sure your application is, if it inferred the number. */
  inference?: InputMaybe<InferenceDataInput>;
  /** The number, 1 to 256 characters, kept as it is typed. No control or bidirectional characters. */
  number: Scalars['String']['input'];
  /** Where the number came from. */
  source?: InputMaybe<PersonDataSourceInput>;
  /** What kind of number it is. Absent or null: none given. */
  type?: InputMaybe<PhoneTypeInput>;
  /** Whose profile: an object id or user principal name. Absent or null: the caller's own. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** The outcome of `addPhone`. */
export type AddPhonePayload = {
  __typename?: 'AddPhonePayload';
  /** The phone as Microsoft Graph answered it. Null when none was added, or when that is not known. */
  phone: Maybe<ItemPhone>;
  /**
   * The person whose profile was meant, read after the addition and only when it is selected: `phones` shows the new phone.
   * Null where the input names nobody, and, with an error at this path, where the person cannot be read.
   */
  user: Maybe<User>;
  /** What stood in the way. Empty means that the phone was added. */
  userErrors: Array<PhoneUserError>;
};

/** Phones to add. Each has an outcome of its own; what one of them lacks does not keep the others from being added. */
export type AddPhonesInput = {
  /**
   * Makes the whole call safe to repeat: repeat it with the same key and the same phones in the same order. Each phone has a
   * key of its own, made of this and its place, so none of them may bring one. As for `AddPhoneInput.idempotencyKey`.
   */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The new phones: 1 to 100. Two that are the same are two phones. */
  phones: Array<AddPhoneInput>;
};

/** The outcome of `addPhones`. */
export type AddPhonesPayload = {
  __typename?: 'AddPhonesPayload';
  /**
   * The outcome of each phone, in the order of the input. Null, with an error at its path, where the service was in trouble
   * or the time ran out: this call did not add that phone, the others are as their outcomes say. Of a phone that an earlier
   * call added under the key, `graphId` and `id` are known without asking Microsoft Graph; whatever else is selected is read.
   */
  results: Array<Maybe<AddPhonePayload>>;
  /** What was wrong with the call as a whole: then nothing was sent, and there are no results. */
  userErrors: Array<PhoneUserError>;
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
  expectedLastModifiedDateTime?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * Which phone: an `ItemPhone.id`, or the same with a user principal name before the slash. Without a slash it is the
   * `graphId` of a phone of the caller.
   */
  id: Scalars['ID']['input'];
};

/** The outcome of `deletePhone`. */
export type DeletePhonePayload = {
  __typename?: 'DeletePhonePayload';
  /** The `ItemPhone.id` that the phone had. Null when it was not deleted, or when that is not known. */
  deletedPhoneId: Maybe<Scalars['ID']['output']>;
  /**
   * The person whose phone was meant, read after the deletion and only when it is selected: `phones` is without the phone.
   * Null where the input names nobody, and, with an error at this path, where the person cannot be read.
   */
  user: Maybe<User>;
  /** What stood in the way. Empty means that the phone was deleted. */
  userErrors: Array<PhoneUserError>;
};

/** Phones to take out of profiles. Each has an outcome of its own. */
export type DeletePhonesInput = {
  /** The phones: 1 to 100, each another one. */
  phones: Array<DeletePhoneInput>;
};

/** The outcome of `deletePhones`. */
export type DeletePhonesPayload = {
  __typename?: 'DeletePhonesPayload';
  /**
   * The outcome of each phone, in the order of the input. Null, with an error at its path, where the service was in trouble
   * or the time ran out: that phone was not deleted, the others are as their outcomes say.
   */
  results: Array<Maybe<DeletePhonePayload>>;
  /** What was wrong with the call as a whole: then nothing was sent, and there are no results. */
  userErrors: Array<PhoneUserError>;
};

/**
 * What people of the directory have in common. Every field that is given has to fit; an absent or null one asks for nothing.
 * Texts are compared whole and without regard to letter case. What nobody has finds nobody.
 */
export type DirectoryFilter = {
  /** Whether the person can sign in. */
  accountEnabled?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * A work number that the directory has, 1 to 64 characters, as it is written there: blanks and signs count. The phones of
   * profiles are not looked into.
   */
  businessPhone?: InputMaybe<Scalars['String']['input']>;
  /** The department, 1 to 64 characters. */
  department?: InputMaybe<Scalars['String']['input']>;
  /** The mobile number that the directory has, as it is written there. As for `businessPhone`. */
  mobilePhone?: InputMaybe<Scalars['String']['input']>;
  /** The kind of account: `Member` or `Guest`. 1 to 64 characters. */
  userType?: InputMaybe<Scalars['String']['input']>;
};

/** One actor: `identity` of Microsoft Graph. */
export type Identity = {
  __typename?: 'Identity';
  /** The name of the actor. It may be out of date. */
  displayName: Maybe<Scalars['String']['output']>;
  /**
   * The object id of the actor in the directory. For a person it is the `id` of the `User`, as Microsoft Graph writes it.
   * It has another name here, so that a client's cache does not take an actor for the `User` of that id.
   */
  objectId: Maybe<Scalars['String']['output']>;
};

/** Who did something: `identitySet` of Microsoft Graph. Any of the three can be null. */
export type IdentitySet = {
  __typename?: 'IdentitySet';
  /** The application. */
  application: Maybe<Identity>;
  /** The device. */
  device: Maybe<Identity>;
  /** The person. */
  user: Maybe<Identity>;
};

/** How sure an application was of a value that it inferred: `inferenceData` of Microsoft Graph. */
export type InferenceData = {
  __typename?: 'InferenceData';
  /** How accurate the value is held to be. Microsoft Graph sets no range. Null where it is not a finite number. */
  confidenceScore: Maybe<Scalars['Float']['output']>;
  /** Whether the person has confirmed the value. Null where nobody asked. */
  userHasVerifiedAccuracy: Maybe<Scalars['Boolean']['output']>;
};

/** How sure an application is of a number that it inferred. */
export type InferenceDataInput = {
  /** How accurate the value is held to be. Any finite number. */
  confidenceScore?: InputMaybe<Scalars['Float']['input']>;
  /** Whether the person has confirmed the value. */
  userHasVerifiedAccuracy?: InputMaybe<Scalars['Boolean']['input']>;
};

/**
 * A phone number in a person's profile: the `itemPhone` resource of Microsoft Graph (beta). Only the ids are certain; every
 * other field is null where Microsoft Graph has no value, or where the person's cloud does not know the property.
 */
export type ItemPhone = Node & {
  __typename?: 'ItemPhone';
  /** Who may see it, the narrowest first. Null where Microsoft Graph does not say. */
  allowedAudiences: Maybe<Array<AllowedAudiences>>;
  /** Who created it. Null where Microsoft Graph does not say, or says nothing but the kind of object. */
  createdBy: Maybe<IdentitySet>;
  /** When it was created. */
  createdDateTime: Maybe<Scalars['DateTime']['output']>;
  /** The friendly name that the person gave this number, such as `Car Phone`. */
  displayName: Maybe<Scalars['String']['output']>;
  /** The id that Microsoft Graph gave the phone. It is unique within one profile only: phones of two people can have the same. */
  graphId: Scalars['String']['output'];
  /**
   * The global id of the phone: `{user id}/{graphId}`, such as
   * `db789417-4ccb-41d1-a0a9-47b01a09ea49/0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f`. The user id is the `id` of the `User`.
   * No other phone of any person has the same.
   */
  id: Scalars['ID']['output'];
  /** How sure an application was that inferred this number. Null for a number that was typed in. */
  inference: Maybe<InferenceData>;
  /** Whether people can find the person by this number. Null in clouds whose profile lacks the property. */
  isSearchable: Maybe<Scalars['Boolean']['output']>;
  /** Who changed it last. Null where Microsoft Graph does not say, or says nothing but the kind of object. */
  lastModifiedBy: Maybe<IdentitySet>;
  /** When it was changed last. Give it back as `expectedLastModifiedDateTime` to change only what you have seen. */
  lastModifiedDateTime: Maybe<Scalars['DateTime']['output']>;
  /** The number as it was typed, never rewritten. It may be free text, empty, or null. */
  number: Maybe<Scalars['String']['output']>;
  /**
   * The number, read as a phone number by the rules of libphonenumber: also in full-width characters, and with letters
   * (`1-800-FLOWERS`). Null when it cannot be read as one: free text, an empty number, or a number without a country code
   * when no `defaultCountry` says where it belongs.
   */
  parsed: Maybe<PhoneNumber>;
  /** Where the number came from, as its writer said. */
  source: Maybe<PersonDataSource>;
  /** Where the values came from, when they were synced from another source. Null in clouds that lack the property. */
  sources: Maybe<Array<ProfileSourceAnnotation>>;
  /** What kind of number it is. Null where none was given. */
  type: Maybe<PhoneType>;
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
  __typename?: 'Mutation';
  /**
   * Adds a phone to a profile. With an `idempotencyKey` it can be repeated and adds one phone; without, it is sent once, and
   * when the answer is lost the outcome is `OUTCOME_UNKNOWN`.
   */
  addPhone: Maybe<AddPhonePayload>;
  /**
   * Adds up to 100 phones, to one profile or several, each with an outcome of its own: one after the other within a profile,
   * and several profiles at a time. With an `idempotencyKey` the whole call can be repeated after any failure, and each phone
   * is added once: repeat it until no phone has an error, since 100 phones of one profile take more time than one request has.
   */
  addPhones: Maybe<AddPhonesPayload>;
  /**
   * Takes a phone out of a profile. When the answer is lost and the phone is gone, it is deleted; when it is still there, it
   * is sent once more.
   */
  deletePhone: Maybe<DeletePhonePayload>;
  /**
   * Takes up to 100 phones out of profiles, each with an outcome of its own: one after the other within a profile, and
   * several profiles at a time. The whole call can be repeated after any failure: a phone that is gone is `NOT_FOUND`.
   */
  deletePhones: Maybe<DeletePhonesPayload>;
  /**
   * Changes a phone: only the fields given, the others keep their values. When the answer is lost, the phone is read: as it
   * was asked to be, it is changed. It is sent again only with an `expectedLastModifiedDateTime` that the phone still has.
   */
  updatePhone: Maybe<UpdatePhonePayload>;
  /**
   * Changes up to 100 phones, each with an outcome of its own: one after the other within a profile, and several profiles at
   * a time. The whole call can be repeated after any failure: a phone that is as it was asked to be is not changed again.
   */
  updatePhones: Maybe<UpdatePhonesPayload>;
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
  id: Scalars['ID']['output'];
};

/** Where a page stands within the whole. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor to go on from. Null when the page is empty and nothing follows. */
  endCursor: Maybe<Scalars['String']['output']>;
  /** Whether there are people after this page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Always false: the directory is read forwards only. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first person of the page. Null on an empty page. */
  startCursor: Maybe<Scalars['String']['output']>;
};

/** Where a value came from: `personDataSource` or, by cloud, `personDataSources` of Microsoft Graph. */
export type PersonDataSource = {
  __typename?: 'PersonDataSource';
  /** The kinds of source, such as `User`. A list also where the cloud keeps only one. */
  type: Maybe<Array<Scalars['String']['output']>>;
};

/** Where a number came from. */
export type PersonDataSourceInput = {
  /** The kinds of source, such as `User`: 1 to 20, each 1 to 256 characters. A cloud that keeps only one refuses several. */
  type: Array<Scalars['String']['input']>;
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
  __typename?: 'PhoneNumber';
  /** The country calling code, 1 to 3 digits without a plus: `7`. */
  callingCode: Scalars['String']['output'];
  /** The country, in two letters of ISO 3166-1: `RU`. Null where the calling code serves several and it cannot be told. */
  country: Maybe<Scalars['String']['output']>;
  /** In E.164 form: a plus and at most 15 digits, without the extension: `+74993422213`. */
  e164: Scalars['String']['output'];
  /** The extension, digits only. Null without one. */
  extension: Maybe<Scalars['String']['output']>;
  /** As dialled from another country: `+7 499 342 22 13`. */
  international: Scalars['String']['output'];
  /** Whether the number fits the plan of its country. False for a number of a possible shape that nobody can have. */
  isValid: Scalars['Boolean']['output'];
  /** What the plan of its country says of the number. Null where it does not say. */
  kind: Maybe<PhoneNumberKind>;
  /** As dialled within its country: `8 (499) 342-22-13`. */
  national: Scalars['String']['output'];
  /** As a link, by RFC 3966: `tel:+74993422213;ext=12`. */
  uri: Scalars['String']['output'];
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
  __typename?: 'PhoneUserError';
  /** What it was, for a program. */
  code: PhoneErrorCode;
  /** The path of the input field at fault, beginning with `input`. Null when it was no single field. */
  field: Maybe<Array<Scalars['String']['output']>>;
  /** What it was and what to do, for a person. Never holds a number or a name. */
  message: Scalars['String']['output'];
  /**
   * Whether the same call, sent again without a change, can succeed and does no harm. True for `CONFLICT` and
   * `IDEMPOTENCY_IN_PROGRESS`, and for `OUTCOME_UNKNOWN` of a change, of a deletion, and of an addition with an idempotency
   * key, which is repeated with the same key. False for an addition without a key, and for every other code.
   */
  retryable: Scalars['Boolean']['output'];
};

/** A source that a value was synced from: `profileSourceAnnotation` of Microsoft Graph. */
export type ProfileSourceAnnotation = {
  __typename?: 'ProfileSourceAnnotation';
  /** Whether it is the source that counts when sources differ. */
  isDefaultSource: Maybe<Scalars['Boolean']['output']>;
  /** The names of the properties that have data from this source. */
  properties: Maybe<Array<Scalars['String']['output']>>;
  /** The id of the source. */
  sourceId: Maybe<Scalars['String']['output']>;
};

/** What can be read: one person, many people, or the whole directory page by page. */
export type Query = {
  __typename?: 'Query';
  /** The people of the directory, page by page, as a Relay connection. The order is Microsoft Graph's own. */
  directory: Maybe<UserConnection>;
  /** The caller. Null, with an error at this path, when Microsoft Graph does not say who that is. */
  me: Maybe<User>;
  /** The object with a global id, whatever its type. Null when the id names nothing, or nothing that the caller may see. */
  node: Maybe<Node>;
  /** One person. Null when there is none with this id, or none that the caller may see. */
  user: Maybe<User>;
  /**
   * Many people at once, in the order asked, with null in place of a person who is not there. The same id twice gives the
   * same person twice, and is read once. At most 1,000 ids; more are refused with `LIMIT_EXCEEDED`.
   */
  users: Array<Maybe<User>>;
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
  ids: Array<Scalars['ID']['input']>;
};

/**
 * A change to a phone. An absent field is left alone. An explicit null clears `displayName`, `allowedAudiences`,
 * `inference` or `source`; for `number` and `type` it is refused. A change of nothing is refused.
 */
export type UpdatePhoneInput = {
  /** The new audiences, instead of the old ones. Null clears them; an empty list is refused. */
  allowedAudiences?: InputMaybe<Array<AllowedAudiencesInput>>;
  /** The new friendly name, at most 256 characters. Null clears it. */
  displayName?: InputMaybe<Scalars['String']['input']>;
  /**
   * Change the phone only if its `lastModifiedDateTime` is still this, character for character; otherwise nothing is
   * changed and the answer is `PRECONDITION_FAILED`, unless the phone already is as this asks for: a repeat of a change that
   * came through is a success. Microsoft Graph documents no lock here, so a writer who comes in the milliseconds between the
   * look and the change is not noticed; where Graph gives an ETag, the change carries it, and is.
   */
  expectedLastModifiedDateTime?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * Which phone: an `ItemPhone.id`, or the same with a user principal name before the slash. Without a slash it is the
   * `graphId` of a phone of the caller.
   */
  id: Scalars['ID']['input'];
  /** The new inference. Null clears it. */
  inference?: InputMaybe<InferenceDataInput>;
  /** The new number, 1 to 256 characters. Null is refused. */
  number?: InputMaybe<Scalars['String']['input']>;
  /** The new source. Null clears it. */
  source?: InputMaybe<PersonDataSourceInput>;
  /** The new kind. Null is refused. */
  type?: InputMaybe<PhoneTypeInput>;
};

/** The outcome of `updatePhone`. */
export type UpdatePhonePayload = {
  __typename?: 'UpdatePhonePayload';
  /** The phone as it is after the change. Null when it was not changed, or when that is not known. */
  phone: Maybe<ItemPhone>;
  /**
   * The person whose phone was meant, read after the change and only when it is selected: `phones` shows the change.
   * Null where the input names nobody, and, with an error at this path, where the person cannot be read.
   */
  user: Maybe<User>;
  /** What stood in the way. Empty means that the phone was changed. */
  userErrors: Array<PhoneUserError>;
};

/** Changes to phones. Each has an outcome of its own. */
export type UpdatePhonesInput = {
  /** The changes: 1 to 100, each to another phone. */
  phones: Array<UpdatePhoneInput>;
};

/** The outcome of `updatePhones`. */
export type UpdatePhonesPayload = {
  __typename?: 'UpdatePhonesPayload';
  /**
   * The outcome of each change, in the order of the input. Null, with an error at its path, where the service was in trouble
   * or the time ran out: that phone was not changed, the others are as their outcomes say.
   */
  results: Array<Maybe<UpdatePhonePayload>>;
  /** What was wrong with the call as a whole: then nothing was sent, and there are no results. */
  userErrors: Array<PhoneUserError>;
};

/** A person of the directory: a `user` of Microsoft Graph. */
export type User = Node & {
  __typename?: 'User';
  /** Whether the person can sign in. Null where Microsoft Graph does not say, as for personal accounts. */
  accountEnabled: Maybe<Scalars['Boolean']['output']>;
  /**
   * The work numbers that the directory has: not the phones of the profile, which are in `phones`, and kept by others. Text as
   * an administrator or a synced directory wrote it; Microsoft Graph keeps one at most. Empty where the directory has none,
   * or the caller may not see it; null where Microsoft Graph does not say.
   */
  businessPhones: Maybe<Array<Scalars['String']['output']>>;
  /** The department. Null where the directory has none, or the caller may not see it. */
  department: Maybe<Scalars['String']['output']>;
  /** The name shown in address books. Null where the directory has none, or the caller may not see it. */
  displayName: Maybe<Scalars['String']['output']>;
  /**
   * The object id, which never changes: a GUID, or the 16 hexadecimal digits of a personal account. In lower case, and the
   * same when the person was asked for by user principal name, or by the GUID with zeros in front that tokens of a personal
   * account have.
   */
  id: Scalars['ID']['output'];
  /** The position within the organization, such as `Sales Manager`. Null where the directory has none, or the caller may not see it. */
  jobTitle: Maybe<Scalars['String']['output']>;
  /** The SMTP address. Null for a person without a mailbox. */
  mail: Maybe<Scalars['String']['output']>;
  /**
   * The mobile number that the directory has: not a phone of the profile. Null where the directory has none, or the caller may
   * not see it, as with the permission `User.ReadBasic.All` alone.
   */
  mobilePhone: Maybe<Scalars['String']['output']>;
  /** The place of work, such as `20/1101`. Null where the directory has none, or the caller may not see it. */
  officeLocation: Maybe<Scalars['String']['output']>;
  /** One phone of this person. Null when there is none with this id, or when the id is that of another person's phone. */
  phone: Maybe<ItemPhone>;
  /**
   * The phone numbers of the person's profile, oldest first, as Microsoft Graph orders them. An empty list means there are
   * none. Null, with an error at this path, when this one person's phones cannot be read; other people's answers stand.
   */
  phones: Maybe<Array<ItemPhone>>;
  /** The sign-in name, in the form of a mail address. It can change. */
  userPrincipalName: Maybe<Scalars['String']['output']>;
  /**
   * `Member` for people of the organization, `Guest` for people of others. Null for older and personal accounts, and where the
   * caller may not see it.
   */
  userType: Maybe<Scalars['String']['output']>;
};


/** A person of the directory: a `user` of Microsoft Graph. */
export type UserPhoneArgs = {
  id: Scalars['ID']['input'];
};


/** A person of the directory: a `user` of Microsoft Graph. */
export type UserPhonesArgs = {
  types?: InputMaybe<Array<PhoneTypeInput>>;
};

/** A page of people, in the form of the Relay connection specification. */
export type UserConnection = {
  __typename?: 'UserConnection';
  /** The people of this page, each with a cursor. */
  edges: Array<UserEdge>;
  /** The people of this page, for those who need no cursors. */
  nodes: Array<User>;
  /** Whether there is more, and where to go on. */
  pageInfo: PageInfo;
  /**
   * How many people there are on all pages together. Microsoft Graph counts them with its first page alone, so a later page
   * repeats that number, and has null when the first page did not select this field. Null, too, where Microsoft Graph does not
   * count, as in Azure AD B2C. With this field the directory's index answers, which can be behind by moments.
   */
  totalCount: Maybe<Scalars['Int']['output']>;
};

/** One person within a page. */
export type UserEdge = {
  __typename?: 'UserEdge';
  /** Where this person stands; give it as `after` to go on from here. Opaque, and not meant to be kept for days. */
  cursor: Scalars['String']['output'];
  /** The person. */
  node: User;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( Phone )
    | ( Person )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AddPhoneInput: AddPhoneInput;
  AddPhonePayload: ResolverTypeWrapper<PhonePayload>;
  AddPhonesInput: AddPhonesInput;
  AddPhonesPayload: ResolverTypeWrapper<Omit<AddPhonesPayload, 'results'> & { results: Array<Maybe<ResolversTypes['AddPhonePayload']>> }>;
  AllowedAudiences: AllowedAudiences;
  AllowedAudiencesInput: AllowedAudiencesInput;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeletePhoneInput: DeletePhoneInput;
  DeletePhonePayload: ResolverTypeWrapper<DeletePayload>;
  DeletePhonesInput: DeletePhonesInput;
  DeletePhonesPayload: ResolverTypeWrapper<Omit<DeletePhonesPayload, 'results'> & { results: Array<Maybe<ResolversTypes['DeletePhonePayload']>> }>;
  DirectoryFilter: DirectoryFilter;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Identity: ResolverTypeWrapper<Identity>;
  IdentitySet: ResolverTypeWrapper<IdentitySet>;
  InferenceData: ResolverTypeWrapper<InferenceData>;
  InferenceDataInput: InferenceDataInput;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ItemPhone: ResolverTypeWrapper<Phone>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PersonDataSource: ResolverTypeWrapper<PersonDataSource>;
  PersonDataSourceInput: PersonDataSourceInput;
  PhoneErrorCode: PhoneErrorCode;
  PhoneNumber: ResolverTypeWrapper<PhoneNumber>;
  PhoneNumberKind: PhoneNumberKind;
  PhoneType: PhoneType;
  PhoneTypeInput: PhoneTypeInput;
  PhoneUserError: ResolverTypeWrapper<PhoneUserError>;
  ProfileSourceAnnotation: ResolverTypeWrapper<ProfileSourceAnnotation>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  UpdatePhoneInput: UpdatePhoneInput;
  UpdatePhonePayload: ResolverTypeWrapper<PhonePayload>;
  UpdatePhonesInput: UpdatePhonesInput;
  UpdatePhonesPayload: ResolverTypeWrapper<Omit<UpdatePhonesPayload, 'results'> & { results: Array<Maybe<ResolversTypes['UpdatePhonePayload']>> }>;
  User: ResolverTypeWrapper<Person>;
  UserConnection: ResolverTypeWrapper<Omit<UserConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['UserEdge']>, nodes: Array<ResolversTypes['User']> }>;
  UserEdge: ResolverTypeWrapper<Omit<UserEdge, 'node'> & { node: ResolversTypes['User'] }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AddPhoneInput: AddPhoneInput;
  AddPhonePayload: PhonePayload;
  AddPhonesInput: AddPhonesInput;
  AddPhonesPayload: Omit<AddPhonesPayload, 'results'> & { results: Array<Maybe<ResolversParentTypes['AddPhonePayload']>> };
  Boolean: Scalars['Boolean']['output'];
  DateTime: Scalars['DateTime']['output'];
  DeletePhoneInput: DeletePhoneInput;
  DeletePhonePayload: DeletePayload;
  DeletePhonesInput: DeletePhonesInput;
  DeletePhonesPayload: Omit<DeletePhonesPayload, 'results'> & { results: Array<Maybe<ResolversParentTypes['DeletePhonePayload']>> };
  DirectoryFilter: DirectoryFilter;
  Float: Scalars['Float']['output'];
  ID: Scalars['ID']['output'];
  Identity: Identity;
  IdentitySet: IdentitySet;
  InferenceData: InferenceData;
  InferenceDataInput: InferenceDataInput;
  Int: Scalars['Int']['output'];
  ItemPhone: Phone;
  Mutation: Record<PropertyKey, never>;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  PageInfo: PageInfo;
  PersonDataSource: PersonDataSource;
  PersonDataSourceInput: PersonDataSourceInput;
  PhoneNumber: PhoneNumber;
  PhoneUserError: PhoneUserError;
  ProfileSourceAnnotation: ProfileSourceAnnotation;
  Query: Record<PropertyKey, never>;
  String: Scalars['String']['output'];
  UpdatePhoneInput: UpdatePhoneInput;
  UpdatePhonePayload: PhonePayload;
  UpdatePhonesInput: UpdatePhonesInput;
  UpdatePhonesPayload: Omit<UpdatePhonesPayload, 'results'> & { results: Array<Maybe<ResolversParentTypes['UpdatePhonePayload']>> };
  User: Person;
  UserConnection: Omit<UserConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['UserEdge']>, nodes: Array<ResolversParentTypes['User']> };
  UserEdge: Omit<UserEdge, 'node'> & { node: ResolversParentTypes['User'] };
};

export type AddPhonePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddPhonePayload'] = ResolversParentTypes['AddPhonePayload']> = {
  phone?: Resolver<Maybe<ResolversTypes['ItemPhone']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type AddPhonesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddPhonesPayload'] = ResolversParentTypes['AddPhonesPayload']> = {
  results?: Resolver<Array<Maybe<ResolversTypes['AddPhonePayload']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeletePhonePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeletePhonePayload'] = ResolversParentTypes['DeletePhonePayload']> = {
  deletedPhoneId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type DeletePhonesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeletePhonesPayload'] = ResolversParentTypes['DeletePhonesPayload']> = {
  results?: Resolver<Array<Maybe<ResolversTypes['DeletePhonePayload']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type IdentityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Identity'] = ResolversParentTypes['Identity']> = {
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  objectId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type IdentitySetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdentitySet'] = ResolversParentTypes['IdentitySet']> = {
  application?: Resolver<Maybe<ResolversTypes['Identity']>, ParentType, ContextType>;
  device?: Resolver<Maybe<ResolversTypes['Identity']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['Identity']>, ParentType, ContextType>;
};

export type InferenceDataResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InferenceData'] = ResolversParentTypes['InferenceData']> = {
  confidenceScore?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  userHasVerifiedAccuracy?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type ItemPhoneResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ItemPhone'] = ResolversParentTypes['ItemPhone']> = {
  allowedAudiences?: Resolver<Maybe<Array<ResolversTypes['AllowedAudiences']>>, ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['IdentitySet']>, ParentType, ContextType>;
  createdDateTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  graphId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inference?: Resolver<Maybe<ResolversTypes['InferenceData']>, ParentType, ContextType>;
  isSearchable?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lastModifiedBy?: Resolver<Maybe<ResolversTypes['IdentitySet']>, ParentType, ContextType>;
  lastModifiedDateTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  number?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  parsed?: Resolver<Maybe<ResolversTypes['PhoneNumber']>, ParentType, ContextType, Partial<ItemPhoneParsedArgs>>;
  source?: Resolver<Maybe<ResolversTypes['PersonDataSource']>, ParentType, ContextType>;
  sources?: Resolver<Maybe<Array<ResolversTypes['ProfileSourceAnnotation']>>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['PhoneType']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  addPhone?: Resolver<Maybe<ResolversTypes['AddPhonePayload']>, ParentType, ContextType, RequireFields<MutationAddPhoneArgs, 'input'>>;
  addPhones?: Resolver<Maybe<ResolversTypes['AddPhonesPayload']>, ParentType, ContextType, RequireFields<MutationAddPhonesArgs, 'input'>>;
  deletePhone?: Resolver<Maybe<ResolversTypes['DeletePhonePayload']>, ParentType, ContextType, RequireFields<MutationDeletePhoneArgs, 'input'>>;
  deletePhones?: Resolver<Maybe<ResolversTypes['DeletePhonesPayload']>, ParentType, ContextType, RequireFields<MutationDeletePhonesArgs, 'input'>>;
  updatePhone?: Resolver<Maybe<ResolversTypes['UpdatePhonePayload']>, ParentType, ContextType, RequireFields<MutationUpdatePhoneArgs, 'input'>>;
  updatePhones?: Resolver<Maybe<ResolversTypes['UpdatePhonesPayload']>, ParentType, ContextType, RequireFields<MutationUpdatePhonesArgs, 'input'>>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'ItemPhone' | 'User', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PersonDataSourceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonDataSource'] = ResolversParentTypes['PersonDataSource']> = {
  type?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type PhoneNumberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PhoneNumber'] = ResolversParentTypes['PhoneNumber']> = {
  callingCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  country?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  e164?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  extension?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  international?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  isValid?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  kind?: Resolver<Maybe<ResolversTypes['PhoneNumberKind']>, ParentType, ContextType>;
  national?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  uri?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PhoneUserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PhoneUserError'] = ResolversParentTypes['PhoneUserError']> = {
  code?: Resolver<ResolversTypes['PhoneErrorCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ProfileSourceAnnotationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProfileSourceAnnotation'] = ResolversParentTypes['ProfileSourceAnnotation']> = {
  isDefaultSource?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  properties?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  sourceId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  directory?: Resolver<Maybe<ResolversTypes['UserConnection']>, ParentType, ContextType, RequireFields<QueryDirectoryArgs, 'first'>>;
  me?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'id'>>;
  users?: Resolver<Array<Maybe<ResolversTypes['User']>>, ParentType, ContextType, RequireFields<QueryUsersArgs, 'ids'>>;
};

export type UpdatePhonePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdatePhonePayload'] = ResolversParentTypes['UpdatePhonePayload']> = {
  phone?: Resolver<Maybe<ResolversTypes['ItemPhone']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type UpdatePhonesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdatePhonesPayload'] = ResolversParentTypes['UpdatePhonesPayload']> = {
  results?: Resolver<Array<Maybe<ResolversTypes['UpdatePhonePayload']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  accountEnabled?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  businessPhones?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  department?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  jobTitle?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mail?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mobilePhone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  officeLocation?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phone?: Resolver<Maybe<ResolversTypes['ItemPhone']>, ParentType, ContextType, RequireFields<UserPhoneArgs, 'id'>>;
  phones?: Resolver<Maybe<Array<ResolversTypes['ItemPhone']>>, ParentType, ContextType, Partial<UserPhonesArgs>>;
  userPrincipalName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = {
  edges?: Resolver<Array<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['User']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type UserEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  AddPhonePayload?: AddPhonePayloadResolvers<ContextType>;
  AddPhonesPayload?: AddPhonesPayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeletePhonePayload?: DeletePhonePayloadResolvers<ContextType>;
  DeletePhonesPayload?: DeletePhonesPayloadResolvers<ContextType>;
  Identity?: IdentityResolvers<ContextType>;
  IdentitySet?: IdentitySetResolvers<ContextType>;
  InferenceData?: InferenceDataResolvers<ContextType>;
  ItemPhone?: ItemPhoneResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PersonDataSource?: PersonDataSourceResolvers<ContextType>;
  PhoneNumber?: PhoneNumberResolvers<ContextType>;
  PhoneUserError?: PhoneUserErrorResolvers<ContextType>;
  ProfileSourceAnnotation?: ProfileSourceAnnotationResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  UpdatePhonePayload?: UpdatePhonePayloadResolvers<ContextType>;
  UpdatePhonesPayload?: UpdatePhonesPayloadResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserConnection?: UserConnectionResolvers<ContextType>;
  UserEdge?: UserEdgeResolvers<ContextType>;
};

