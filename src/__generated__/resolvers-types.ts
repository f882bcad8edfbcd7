// Generated from schema/*.graphql by `npm run codegen`. Do not edit.
import type * as Types from './schema-types.ts';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Phone, PhonePayload } from '../phones/phone.ts';
import type { User } from '../users/loader.ts';
import type { DeletePayload } from '../profile/mutations/payload.ts';
import type { Context } from '../graphql/context.ts';
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };


export type ResolverTypeWrapper<T> = Promise<T> | T | Error;


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
) => Types.Maybe<TTypes> | Promise<Types.Maybe<TTypes>>;

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
  AddPhoneInput: Types.AddPhoneInput;
  AddPhonePayload: ResolverTypeWrapper<PhonePayload>;
  AddPhonesInput: Types.AddPhonesInput;
  AddPhonesPayload: ResolverTypeWrapper<Omit<Types.AddPhonesPayload, 'results'> & { results: ReadonlyArray<Types.Maybe<ResolversTypes['AddPhonePayload']>> }>;
  AllowedAudiences: Types.AllowedAudiences;
  AllowedAudiencesInput: Types.AllowedAudiencesInput;
  Boolean: ResolverTypeWrapper<Types.Scalars['Boolean']['output']>;
  DateTime: ResolverTypeWrapper<Types.Scalars['DateTime']['output']>;
  DeletePhoneInput: Types.DeletePhoneInput;
  DeletePhonePayload: ResolverTypeWrapper<DeletePayload>;
  DeletePhonesInput: Types.DeletePhonesInput;
  DeletePhonesPayload: ResolverTypeWrapper<Omit<Types.DeletePhonesPayload, 'results'> & { results: ReadonlyArray<Types.Maybe<ResolversTypes['DeletePhonePayload']>> }>;
  DirectoryFilter: Types.DirectoryFilter;
  Float: ResolverTypeWrapper<Types.Scalars['Float']['output']>;
  ID: ResolverTypeWrapper<Types.Scalars['ID']['output']>;
  Identity: ResolverTypeWrapper<Types.Identity>;
  IdentitySet: ResolverTypeWrapper<Types.IdentitySet>;
  InferenceData: ResolverTypeWrapper<Types.InferenceData>;
  InferenceDataInput: Types.InferenceDataInput;
  Int: ResolverTypeWrapper<Types.Scalars['Int']['output']>;
  ItemPhone: ResolverTypeWrapper<Phone>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  PageInfo: ResolverTypeWrapper<Types.PageInfo>;
  PersonDataSource: ResolverTypeWrapper<Types.PersonDataSource>;
  PersonDataSourceInput: Types.PersonDataSourceInput;
  PhoneErrorCode: Types.PhoneErrorCode;
  PhoneNumber: ResolverTypeWrapper<Types.PhoneNumber>;
  PhoneNumberKind: Types.PhoneNumberKind;
  PhoneType: Types.PhoneType;
  PhoneTypeInput: Types.PhoneTypeInput;
  PhoneUserError: ResolverTypeWrapper<Types.PhoneUserError>;
  ProfileSourceAnnotation: ResolverTypeWrapper<Types.ProfileSourceAnnotation>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Types.Scalars['String']['output']>;
  UpdatePhoneInput: Types.UpdatePhoneInput;
  UpdatePhonePayload: ResolverTypeWrapper<PhonePayload>;
  UpdatePhonesInput: Types.UpdatePhonesInput;
  UpdatePhonesPayload: ResolverTypeWrapper<Omit<Types.UpdatePhonesPayload, 'results'> & { results: ReadonlyArray<Types.Maybe<ResolversTypes['UpdatePhonePayload']>> }>;
  User: ResolverTypeWrapper<User>;
  UserConnection: ResolverTypeWrapper<Omit<Types.UserConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['UserEdge']>, nodes: ReadonlyArray<ResolversTypes['User']> }>;
  UserEdge: ResolverTypeWrapper<Omit<Types.UserEdge, 'node'> & { node: ResolversTypes['User'] }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AddPhoneInput: Types.AddPhoneInput;
  AddPhonePayload: PhonePayload;
  AddPhonesInput: Types.AddPhonesInput;
  AddPhonesPayload: Omit<Types.AddPhonesPayload, 'results'> & { results: ReadonlyArray<Types.Maybe<ResolversParentTypes['AddPhonePayload']>> };
  Boolean: Types.Scalars['Boolean']['output'];
  DateTime: Types.Scalars['DateTime']['output'];
  DeletePhoneInput: Types.DeletePhoneInput;
  DeletePhonePayload: DeletePayload;
  DeletePhonesInput: Types.DeletePhonesInput;
  DeletePhonesPayload: Omit<Types.DeletePhonesPayload, 'results'> & { results: ReadonlyArray<Types.Maybe<ResolversParentTypes['DeletePhonePayload']>> };
  DirectoryFilter: Types.DirectoryFilter;
  Float: Types.Scalars['Float']['output'];
  ID: Types.Scalars['ID']['output'];
  Identity: Types.Identity;
  IdentitySet: Types.IdentitySet;
  InferenceData: Types.InferenceData;
  InferenceDataInput: Types.InferenceDataInput;
  Int: Types.Scalars['Int']['output'];
  ItemPhone: Phone;
  Mutation: Record<PropertyKey, never>;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  PageInfo: Types.PageInfo;
  PersonDataSource: Types.PersonDataSource;
  PersonDataSourceInput: Types.PersonDataSourceInput;
  PhoneNumber: Types.PhoneNumber;
  PhoneUserError: Types.PhoneUserError;
  ProfileSourceAnnotation: Types.ProfileSourceAnnotation;
  Query: Record<PropertyKey, never>;
  String: Types.Scalars['String']['output'];
  UpdatePhoneInput: Types.UpdatePhoneInput;
  UpdatePhonePayload: PhonePayload;
  UpdatePhonesInput: Types.UpdatePhonesInput;
  UpdatePhonesPayload: Omit<Types.UpdatePhonesPayload, 'results'> & { results: ReadonlyArray<Types.Maybe<ResolversParentTypes['UpdatePhonePayload']>> };
  User: User;
  UserConnection: Omit<Types.UserConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['UserEdge']>, nodes: ReadonlyArray<ResolversParentTypes['User']> };
  UserEdge: Omit<Types.UserEdge, 'node'> & { node: ResolversParentTypes['User'] };
};

export type AddPhonePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddPhonePayload'] = ResolversParentTypes['AddPhonePayload']> = {
  phone?: Resolver<Types.Maybe<ResolversTypes['ItemPhone']>, ParentType, ContextType>;
  user?: Resolver<Types.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type AddPhonesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddPhonesPayload'] = ResolversParentTypes['AddPhonesPayload']> = {
  results?: Resolver<ReadonlyArray<Types.Maybe<ResolversTypes['AddPhonePayload']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeletePhonePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeletePhonePayload'] = ResolversParentTypes['DeletePhonePayload']> = {
  deletedPhoneId?: Resolver<Types.Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  user?: Resolver<Types.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type DeletePhonesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeletePhonesPayload'] = ResolversParentTypes['DeletePhonesPayload']> = {
  results?: Resolver<ReadonlyArray<Types.Maybe<ResolversTypes['DeletePhonePayload']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type IdentityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Identity'] = ResolversParentTypes['Identity']> = {
  displayName?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  objectId?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type IdentitySetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdentitySet'] = ResolversParentTypes['IdentitySet']> = {
  application?: Resolver<Types.Maybe<ResolversTypes['Identity']>, ParentType, ContextType>;
  device?: Resolver<Types.Maybe<ResolversTypes['Identity']>, ParentType, ContextType>;
  user?: Resolver<Types.Maybe<ResolversTypes['Identity']>, ParentType, ContextType>;
};

export type InferenceDataResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InferenceData'] = ResolversParentTypes['InferenceData']> = {
  confidenceScore?: Resolver<Types.Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  userHasVerifiedAccuracy?: Resolver<Types.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type ItemPhoneResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ItemPhone'] = ResolversParentTypes['ItemPhone']> = {
  allowedAudiences?: Resolver<Types.Maybe<ReadonlyArray<ResolversTypes['AllowedAudiences']>>, ParentType, ContextType>;
  createdBy?: Resolver<Types.Maybe<ResolversTypes['IdentitySet']>, ParentType, ContextType>;
  createdDateTime?: Resolver<Types.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  displayName?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  graphId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inference?: Resolver<Types.Maybe<ResolversTypes['InferenceData']>, ParentType, ContextType>;
  isSearchable?: Resolver<Types.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lastModifiedBy?: Resolver<Types.Maybe<ResolversTypes['IdentitySet']>, ParentType, ContextType>;
  lastModifiedDateTime?: Resolver<Types.Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  number?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  parsed?: Resolver<Types.Maybe<ResolversTypes['PhoneNumber']>, ParentType, ContextType, Partial<Types.ItemPhoneParsedArgs>>;
  source?: Resolver<Types.Maybe<ResolversTypes['PersonDataSource']>, ParentType, ContextType>;
  sources?: Resolver<Types.Maybe<ReadonlyArray<ResolversTypes['ProfileSourceAnnotation']>>, ParentType, ContextType>;
  type?: Resolver<Types.Maybe<ResolversTypes['PhoneType']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  addPhone?: Resolver<Types.Maybe<ResolversTypes['AddPhonePayload']>, ParentType, ContextType, RequireFields<Types.MutationAddPhoneArgs, 'input'>>;
  addPhones?: Resolver<Types.Maybe<ResolversTypes['AddPhonesPayload']>, ParentType, ContextType, RequireFields<Types.MutationAddPhonesArgs, 'input'>>;
  deletePhone?: Resolver<Types.Maybe<ResolversTypes['DeletePhonePayload']>, ParentType, ContextType, RequireFields<Types.MutationDeletePhoneArgs, 'input'>>;
  deletePhones?: Resolver<Types.Maybe<ResolversTypes['DeletePhonesPayload']>, ParentType, ContextType, RequireFields<Types.MutationDeletePhonesArgs, 'input'>>;
  updatePhone?: Resolver<Types.Maybe<ResolversTypes['UpdatePhonePayload']>, ParentType, ContextType, RequireFields<Types.MutationUpdatePhoneArgs, 'input'>>;
  updatePhones?: Resolver<Types.Maybe<ResolversTypes['UpdatePhonesPayload']>, ParentType, ContextType, RequireFields<Types.MutationUpdatePhonesArgs, 'input'>>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'ItemPhone' | 'User', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PersonDataSourceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PersonDataSource'] = ResolversParentTypes['PersonDataSource']> = {
  type?: Resolver<Types.Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type PhoneNumberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PhoneNumber'] = ResolversParentTypes['PhoneNumber']> = {
  callingCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  country?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  e164?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  extension?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  international?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  isValid?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  kind?: Resolver<Types.Maybe<ResolversTypes['PhoneNumberKind']>, ParentType, ContextType>;
  national?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  uri?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PhoneUserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PhoneUserError'] = ResolversParentTypes['PhoneUserError']> = {
  code?: Resolver<ResolversTypes['PhoneErrorCode'], ParentType, ContextType>;
  field?: Resolver<Types.Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ProfileSourceAnnotationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProfileSourceAnnotation'] = ResolversParentTypes['ProfileSourceAnnotation']> = {
  isDefaultSource?: Resolver<Types.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  properties?: Resolver<Types.Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  sourceId?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  directory?: Resolver<Types.Maybe<ResolversTypes['UserConnection']>, ParentType, ContextType, RequireFields<Types.QueryDirectoryArgs, 'first'>>;
  me?: Resolver<Types.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  node?: Resolver<Types.Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<Types.QueryNodeArgs, 'id'>>;
  user?: Resolver<Types.Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<Types.QueryUserArgs, 'id'>>;
  users?: Resolver<ReadonlyArray<Types.Maybe<ResolversTypes['User']>>, ParentType, ContextType, RequireFields<Types.QueryUsersArgs, 'ids'>>;
};

export type UpdatePhonePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdatePhonePayload'] = ResolversParentTypes['UpdatePhonePayload']> = {
  phone?: Resolver<Types.Maybe<ResolversTypes['ItemPhone']>, ParentType, ContextType>;
  user?: Resolver<Types.Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type UpdatePhonesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdatePhonesPayload'] = ResolversParentTypes['UpdatePhonesPayload']> = {
  results?: Resolver<ReadonlyArray<Types.Maybe<ResolversTypes['UpdatePhonePayload']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['PhoneUserError']>, ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  accountEnabled?: Resolver<Types.Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  businessPhones?: Resolver<Types.Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  department?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  displayName?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  jobTitle?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mail?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mobilePhone?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  officeLocation?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phone?: Resolver<Types.Maybe<ResolversTypes['ItemPhone']>, ParentType, ContextType, RequireFields<Types.UserPhoneArgs, 'id'>>;
  phones?: Resolver<Types.Maybe<ReadonlyArray<ResolversTypes['ItemPhone']>>, ParentType, ContextType, Partial<Types.UserPhonesArgs>>;
  userPrincipalName?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userType?: Resolver<Types.Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Types.Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
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

