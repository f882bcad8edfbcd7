// The model of a user: its properties, the ones that queries can use, and the operators of each, by default or only in an
// advanced query. Source: Microsoft Graph docs, "user resource type" and "Advanced query capabilities on directory
// objects" (aad-advanced-queries) with its table filter-directory-objects.
//
// Queries that the documentation forbids get the error of Graph. Queries that the emulator lacks, and queries whose result
// the documentation does not define, get the error NotEmulated.
import { graphErrors } from '../graph/errors.ts';
import type { Condition, Kind, Model } from './model.ts';

/** The properties in a response of v1.0 without `$select` (docs, user-list). Beta returns every property. */
const STANDARD = [
  'businessPhones',
  'displayName',
  'givenName',
  'id',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
];
const ON_DEMAND = ['accountEnabled', 'department', 'userType'];

/** The properties of other users that `User.ReadBasic.All` allows to read (Microsoft Graph permissions reference). */
const BASIC = new Set(['displayName', 'givenName', 'id', 'mail', 'surname', 'userPrincipalName']);

export function isBasic(property: string): boolean {
  return BASIC.has(property);
}

/** Whether an operator needs an advanced query: the header `ConsistencyLevel: eventual` and `$count=true`. */
type Support = 'default' | 'advanced';
/** The operators of a property. It does not support an operator without an entry. */
type Row = Readonly<Partial<Record<'eq' | 'ge' | 'le' | 'startswith' | 'null', Support>>>;

const ADVANCED: Row = {
  eq: 'advanced',
  ge: 'advanced',
  le: 'advanced',
  startswith: 'advanced',
  null: 'advanced',
};
const NAME: Row = { eq: 'default', ge: 'default', le: 'default', startswith: 'default', null: 'advanced' };
const MAIL: Row = { eq: 'default', ge: 'default', le: 'default', startswith: 'default' };

/** The rows of the table. `in` is supported where `eq` is. `ne` and `not` always need an advanced query. */
const ROWS: Readonly<Record<string, Row>> = {
  accountEnabled: { eq: 'default', ge: 'advanced', le: 'advanced' },
  businessPhones: { eq: 'default' },
  department: NAME,
  displayName: { eq: 'default', startswith: 'default', null: 'advanced' },
  givenName: NAME,
  id: { eq: 'default' },
  jobTitle: { eq: 'default', ge: 'default', le: 'default', null: 'advanced' },
  mail: MAIL,
  mobilePhone: ADVANCED,
  officeLocation: ADVANCED,
  preferredLanguage: ADVANCED,
  surname: NAME,
  userPrincipalName: { eq: 'default', le: 'default', startswith: 'default' },
  userType: { eq: 'default', null: 'advanced' },
};

const COLLECTIONS = new Set(['businessPhones']);
/** The documentation also names otherMails and proxyAddresses, which the emulator lacks. */
const WITH_ENDS_WITH = new Set(['mail', 'userPrincipalName']);
/** Limits the operands of an `or`, and the values of an `in`, without an advanced query (docs, filter-query-parameter). */
const MAX_OPERANDS = 15;

export const userProperties: readonly string[] = [...STANDARD, ...ON_DEMAND].toSorted();

/** The properties in a response without `$select`. */
export function standardUserProperties(version: string): readonly string[] {
  return version === 'beta' ? userProperties : STANDARD;
}

/** The properties of a request that decide which queries are allowed. */
export interface UserQuery {
  /** Whether the request is an advanced query. */
  readonly isAdvanced: boolean;
  /** Whether the caller sees more than the basic profiles of other users. */
  readonly seesWholeProfile: boolean;
}

export function userModel(query: UserQuery): Model {
  return {
    type: 'microsoft.graph.user',
    properties: userProperties,
    kinds: Object.fromEntries(Object.keys(ROWS).map((name) => [name, kindOf(name)])),
    isCaseSensitive: false,
    check: (condition) => check(condition, query),
    unknown: (name, graphError) =>
      NOT_EMULATED.has(name.split('/')[0] ?? '') || isCounted(name)
        ? graphErrors.notEmulated(`the property '${name}' of a user`)
        : graphError,
  };
}

function kindOf(name: string): Kind {
  if (COLLECTIONS.has(name)) return 'strings';
  return name === 'accountEnabled' ? 'boolean' : 'string';
}

/** Whether a path counts a collection, as in `businessPhones/$count eq 0`. */
function isCounted(path: string): boolean {
  const [name = '', ...rest] = path.split('/');
  return rest.join('/') === '$count' && Object.hasOwn(ROWS, name);
}

function check(condition: Condition, { isAdvanced, seesWholeProfile }: UserQuery): void {
  const { operator, path, operands = 0 } = condition;
  if (path !== undefined && !seesWholeProfile && !isBasic(path))
    throw graphErrors.notEmulated(`a query by '${path}' for a caller with User.ReadBasic.All alone`);
  if (operands > MAX_OPERANDS && !isAdvanced) throw graphErrors.tooManyOperands(operands, MAX_OPERANDS);
  if (operator === 'and' || operator === 'or' || operator === 'search') return;
  const support = supportOf(condition);
  if (support === undefined) throw graphErrors.filterOfProperty(path ?? '', 'User');
  if (support === 'default' || isAdvanced) return;
  throw NEGATIONS.has(operator) || operator === 'endswith'
    ? graphErrors.needsAdvanced(SPELLING[operator] ?? operator)
    : graphErrors.filterOfProperty(path ?? '', 'User');
}

const NEGATIONS = new Set(['ne', 'not']);
const SPELLING: Readonly<Record<string, string>> = { endswith: 'endsWith' };

/** Returns undefined for an operator that the property does not support. */
function supportOf({ operator, path, isNull }: Condition): Support | undefined {
  if (operator === 'not') return 'advanced';
  const row = ROWS[path ?? ''];
  if (isNull && row?.null === undefined) return undefined;
  if (isNull && (operator === 'ge' || operator === 'le'))
    throw graphErrors.notEmulated(`'${operator} null' in a filter of users`);
  const support = ofOperator(operator, path ?? '', row);
  return isNull && support !== undefined ? 'advanced' : support;
}

function ofOperator(operator: string, path: string, row: Row | undefined): Support | undefined {
  switch (operator) {
    case 'eq':
    case 'in':
      return row?.eq;
    case 'ne':
      // For a collection, only `not` is documented.
      return row?.eq === undefined || COLLECTIONS.has(path) ? undefined : 'advanced';
    case 'ge':
    case 'le':
    case 'startswith':
      return row?.[operator];
    case 'endswith':
      return WITH_ENDS_WITH.has(path) ? 'advanced' : undefined;
    case 'contains':
      throw graphErrors.unsupported(`Filter operator '${operator}' is not supported.`);
    default:
      throw graphErrors.notEmulated(`'${operator}' in a filter of users`);
  }
}

/** The properties of the type that the emulator lacks (docs, user resource type, beta). */
const NOT_EMULATED: ReadonlySet<string> = new Set(
  `aboutMe ageGroup assignedLicenses assignedPlans authorizationInfo birthday city cloudRealtimeCommunicationInfo
  companyName consentProvidedForMinor country createdDateTime creationType customSecurityAttributes deletedDateTime
  deviceEnrollmentLimit deviceKeys employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType
  externalUserState externalUserStateChangeDateTime faxNumber hireDate identities identityParentId imAddresses
  infoCatalogs interests isLicenseReconciliationNeeded isManagementRestricted isResourceAccount
  lastPasswordChangeDateTime legalAgeGroupClassification licenseAssignmentStates mailboxSettings mailNickname mySite
  onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes onPremisesImmutableId
  onPremisesLastSyncDateTime onPremisesProvisioningErrors onPremisesSamAccountName onPremisesSecurityIdentifier
  onPremisesSipInfo onPremisesSyncEnabled onPremisesUserPrincipalName otherMails passwordPolicies passwordProfile
  pastProjects postalCode preferredDataLocation preferredName print provisionedPlans proxyAddresses
  refreshTokensValidFromDateTime responsibilities schools securityIdentifier serviceProvisioningErrors
  showInAddressList signInActivity signInSessionsValidFromDateTime skills state streetAddress usageLocation`.split(
    /\s+/,
  ),
);
