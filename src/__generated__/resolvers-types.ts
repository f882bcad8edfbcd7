// Generated from schema/*.graphql by `npm run codegen`. Do not edit.
import type * as Schema from './schema-types.ts';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Phone } from '../phones/wire.ts';
import type { User } from '../users/loader.ts';
import type { PhonePayload, DeletePayload } from '../phones/payload.ts';
import type { Context } from '../graphql/context.ts';
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };


export type ResolverTypeWrapper<T> = Promise<T | Error> | T | Error;


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
) => Schema.Maybe<TTypes> | Promise<Schema.Maybe<TTypes>>;

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
    | ( User )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AddPhoneInput: Schema.AddPhoneInput;
  AddPhonePayload: ResolverTypeWrapper<PhonePayload>;
  AddPhonesInput: Schema.AddPhonesInput;
  AddPhonesPayload: ResolverTypeWrapper<Omit<Schema.AddPhonesPayload, 'results'> & { results: ReadonlyArray<Schema.Maybe<ResolversTypes['AddPhonePayload']>> }>;
  AllowedAudiences: Schema.AllowedAudiences;
  AllowedAudiencesInput: Schema.AllowedAudiencesInput;
  Boolean: ResolverTypeWrapper<Schema.Scalars['Boolean']['output']>;
  DateTime: ResolverTypeWrapper<Schema.Scalars['DateTime']['output']>;
  DeletePhoneInput: Schema.DeletePhoneInput;
  DeletePhonePayload: ResolverTypeWrapper<DeletePayload>;
  DeletePhonesInput: Schema.DeletePhonesInput;
  DeletePhonesPayload: ResolverTypeWrapper<Omit<Schema.DeletePhonesPayload, 'results'> & { results: ReadonlyArray<Schema.Maybe<ResolversTypes['DeletePhonePayload']>> }>;
  DirectoryFilter: Schema.DirectoryFilter;
  Float: ResolverTypeWrapper<Schema.Scalars['Float']['output']>;
  ID: ResolverTypeWrapper<Schema.Scalars['ID']['output']>;
  Identity: ResolverTypeWrapper<Schema.Identity>;
  IdentitySet: ResolverTypeWrapper<Schema.IdentitySet>;
  InferenceData: ResolverTypeWrapper<Schema.InferenceData>;
  InferenceDataInput: Schema.InferenceDataInput;
  Int: ResolverTypeWrapper<Schema.Scalars['Int']['output']>;
  ItemPhone: ResolverTypeWrapper<Phone>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  PageInfo: ResolverTypeWrapper<Schema.PageInfo>;
  PersonDataSource: ResolverTypeWrapper<Schema.PersonDataSource>;
  PersonDataSourceInput: Schema.PersonDataSourceInput;
  PhoneErrorCode: Schema.PhoneErrorCode;
  PhoneNumber: ResolverTypeWrapper<Schema.PhoneNumber>;
  PhoneNumberKind: Schema.PhoneNumberKind;
  PhoneType: Schema.PhoneType;
  PhoneTypeInput: Schema.PhoneTypeInput;
  PhoneUserError: ResolverTypeWrapper<Schema.PhoneUserError>;
  ProfileSourceAnnotation: ResolverTypeWrapper<Schema.ProfileSourceAnnotation>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Schema.Scalars['String']['output']>;
  UpdatePhoneInput: Schema.UpdatePhoneInput;
  UpdatePhonePayload: ResolverTypeWrapper<PhonePayload>;
  UpdatePhonesInput: Schema.UpdatePhonesInput;
  UpdatePhonesPayload: ResolverTypeWrapper<Omit<Schema.UpdatePhonesPayload, 'results'> & { results: ReadonlyArray<Schema.Maybe<ResolversTypes['UpdatePhonePayload']>> }>;
  User: ResolverTypeWrapper<User>;
  UserConnection: ResolverTypeWrapper<Omit<Schema.UserConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['UserEdge']>, nodes: ReadonlyArray<ResolversTypes['User']> }>;
  UserEdge: ResolverTypeWrapper<Omit<Schema.UserEdge, 'node'> & { node: ResolversTypes['User'] }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AddPhoneInput: Schema.AddPhoneInput;
  AddPhonePayload: PhonePayload;
  AddPhonesInput: Schema.AddPhonesInput;
  AddPhonesPayload: Omit<Schema.AddPhonesPayload, 'results'> & { results: ReadonlyArray<Schema.Maybe<ResolversParentTypes['AddPhonePayload']>> };
  Boolean: Schema.Scalars['Boolean']['output'];
  DateTime: Schema.Scalars['DateTime']['output'];
  DeletePhoneInput: Schema.DeletePhoneInput;
  DeletePhonePayload: DeletePayload;
  DeletePhonesInput: Schema.DeletePhonesInput;
  DeletePhonesPayload: Omit<Schema.DeletePhonesPayload, 'results'> & { results: ReadonlyArray<Schema.Maybe<ResolversParentTypes['DeletePhonePayload']>> };
  DirectoryFilter: Schema.DirectoryFilter;
  Float: Schema.Scalars['Float']['output'];
  ID: Schema.Scalars['ID']['output'];
  Identity: Schema.Identity;
  IdentitySet: Schema.IdentitySet;
  InferenceData: Schema.InferenceData;
  InferenceDataInput: Schema.InferenceDataInput;
  Int: Schema.Scalars['Int']['output'];
  ItemPhone: Phone;
  Mutation: Record<PropertyKey, never>;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  PageInfo: Schema.PageInfo;
  PersonDataSource: Schema.PersonDataSource;
  PersonDataSourceInput: Schema.PersonDataSourceInput;
  PhoneNumber: Schema.PhoneNumber;
  PhoneUserError: Schema.PhoneUserError;
  ProfileSourceAnnotation: Schema.ProfileSourceAnnotation;
  Query: Record<PropertyKey, never>;
  String: Schema.Scalars['String']['output'];
  UpdatePhoneInput: Schema.UpdatePhoneInput;
  UpdatePhonePayload: PhonePayload;
  UpdatePhonesInput: Schema.UpdatePhonesInput;
  UpdatePhonesPayload: Omit<Schema.UpdatePhonesPayload, 'results'> & { results: ReadonlyArray<Schema.Maybe<ResolversParentTypes['UpdatePhonePayload']>> };
  User: User;
  UserConnection: Omit<Schema.UserConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['UserEdge']>, nodes: ReadonlyArray<ResolversParentTypes['User']> };
  UserEdge: Omit<Schema.UserEdge, 'node'> & { node: ResolversParentTypes['User'] };
};

export type AddPhonePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddPhonePayload'] = ResolversParentTypes['AddPhonePayload']> = {
  phone?: Resolver<Schema.Maybe<ResolversTypes['ItemPhone']>, ParentType, ContextType>;
  user?: Resolver<Schema.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type AddPhonesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddPhonesPayload'] = ResolversParentTypes['AddPhonesPayload']> = {
  results?: Resolver<ReadonlyArray<Schema.Maybe<ResolversTypes['AddPhonePayload']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeletePhonePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeletePhonePayload'] = ResolversParentTypes['DeletePhonePayload']> = {
  deletedPhoneId?: Resolver<Schema.Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  user?: Resolver<Schema.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type DeletePhonesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeletePhonesPayload'] = ResolversParentTypes['DeletePhonesPayload']> = {
  results?: Resolver<ReadonlyArray<Schema.Maybe<ResolversTypes['DeletePhonePayload']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type IdentityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Identity'] = ResolversParentTypes['Identity']> = {
  displayName?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  objectId?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type IdentitySetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdentitySet'] = ResolversParentTypes['IdentitySet']> = {
  application?: Resolver<Schema.Maybe<ResolversTypes['Identity']>, ParentType, ContextType>;
  device?: Resolver<Schema.Maybe<ResolversTypes['Identity']>, ParentType, ContextType>;
  user?: Resolver<Schema.Maybe<ResolversTypes['Identity']>, ParentType, ContextType>;
};

export type InferenceDataResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InferenceData'] = ResolversParentTypes['InferenceData']> = {
  confidenceScore?: Resolver<Schema.Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  userHasVerifiedAccuracy?: Resolver<Schema.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type ItemPhoneResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ItemPhone'] = ResolversParentTypes['ItemPhone']> = {
  allowedAudiences?: Resolver<Schema.Maybe<ReadonlyArray<ResolversTypes['AllowedAudiences']>>, ParentType, ContextType>;
  createdBy?: Resolver<Schema.Maybe<ResolversTypes['IdentitySet']>, ParentType, ContextType>;
  createdDateTime?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  displayName?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  graphId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inference?: Resolver<Schema.Maybe<ResolversTypes['InferenceData']>, ParentType, ContextType>;
  isSearchable?: Resolver<Schema.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lastModifiedBy?: Resolver<Schema.Maybe<ResolversTypes['IdentitySet']>, ParentType, ContextType>;
  lastModifiedDateTime?: Resolver<Schema.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  number?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  parsed?: Resolver<Schema.Maybe<ResolversTypes['PhoneNumber']>, ParentType, ContextType, Partial<Schema.ItemPhoneParsedArgs>>;
  source?: Resolver<Schema.Maybe<ResolversTypes['PersonDataSource']>, ParentType, ContextType>;
  sources?: Resolver<Schema.Maybe<ReadonlyArray<ResolversTypes['ProfileSourceAnnotation']>>, ParentType, ContextType>;
  type?: Resolver<Schema.Maybe<ResolversTypes['PhoneType']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  addPhone?: Resolver<Schema.Maybe<ResolversTypes['AddPhonePayload']>, ParentType, ContextType, RequireFields<Schema.MutationAddPhoneArgs, 'input'>>;
  addPhones?: Resolver<Schema.Maybe<ResolversTypes['AddPhonesPayload']>, ParentType, ContextType, RequireFields<Schema.MutationAddPhonesArgs, 'input'>>;
  deletePhone?: Resolver<Schema.Maybe<ResolversTypes['DeletePhonePayload']>, ParentType, ContextType, RequireFields<Schema.MutationDeletePhoneArgs, 'input'>>;
  deletePhones?: Resolver<Schema.Maybe<ResolversTypes['DeletePhonesPayload']>, ParentType, ContextType, RequireFields<Schema.MutationDeletePhonesArgs, 'input'>>;
  updatePhone?: Resolver<Schema.Maybe<ResolversTypes['UpdatePhonePayload']>, ParentType, ContextType, RequireFields<Schema.MutationUpdatePhoneArgs, 'input'>>;
  updatePhones?: Resolver<Schema.Maybe<ResolversTypes['UpdatePhonesPayload']>, ParentType, ContextType, RequireFields<Schema.MutationUpdatePhonesArgs, 'input'>>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'ItemPhone' | 'User', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PersonDataSourceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonDataSource'] = ResolversParentTypes['PersonDataSource']> = {
  type?: Resolver<Schema.Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type PhoneNumberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PhoneNumber'] = ResolversParentTypes['PhoneNumber']> = {
  callingCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  country?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  e164?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  extension?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  international?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  isValid?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  kind?: Resolver<Schema.Maybe<ResolversTypes['PhoneNumberKind']>, ParentType, ContextType>;
  national?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  uri?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PhoneUserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PhoneUserError'] = ResolversParentTypes['PhoneUserError']> = {
  code?: Resolver<ResolversTypes['PhoneErrorCode'], ParentType, ContextType>;
  field?: Resolver<Schema.Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ProfileSourceAnnotationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProfileSourceAnnotation'] = ResolversParentTypes['ProfileSourceAnnotation']> = {
  isDefaultSource?: Resolver<Schema.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  properties?: Resolver<Schema.Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  sourceId?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  directory?: Resolver<Schema.Maybe<ResolversTypes['UserConnection']>, ParentType, ContextType, RequireFields<Schema.QueryDirectoryArgs, 'first'>>;
  me?: Resolver<Schema.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  node?: Resolver<Schema.Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<Schema.QueryNodeArgs, 'id'>>;
  user?: Resolver<Schema.Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<Schema.QueryUserArgs, 'id'>>;
  users?: Resolver<ReadonlyArray<Schema.Maybe<ResolversTypes['User']>>, ParentType, ContextType, RequireFields<Schema.QueryUsersArgs, 'ids'>>;
};

export type UpdatePhonePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdatePhonePayload'] = ResolversParentTypes['UpdatePhonePayload']> = {
  phone?: Resolver<Schema.Maybe<ResolversTypes['ItemPhone']>, ParentType, ContextType>;
  user?: Resolver<Schema.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type UpdatePhonesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdatePhonesPayload'] = ResolversParentTypes['UpdatePhonesPayload']> = {
  results?: Resolver<ReadonlyArray<Schema.Maybe<ResolversTypes['UpdatePhonePayload']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  accountEnabled?: Resolver<Schema.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  businessPhones?: Resolver<Schema.Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  department?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  displayName?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  jobTitle?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mail?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mobilePhone?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  officeLocation?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phone?: Resolver<Schema.Maybe<ResolversTypes['ItemPhone']>, ParentType, ContextType, RequireFields<Schema.UserPhoneArgs, 'id'>>;
  phones?: Resolver<Schema.Maybe<ReadonlyArray<ResolversTypes['ItemPhone']>>, ParentType, ContextType, Partial<Schema.UserPhonesArgs>>;
  userPrincipalName?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userType?: Resolver<Schema.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Schema.Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
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

