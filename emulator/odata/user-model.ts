// The user type: its properties, which of them a query can name, and which operators each has by default or only in an
// advanced query. Source: Microsoft Graph docs, "user resource type" and "Advanced query capabilities on directory
// objects" (aad-advanced-queries) with its table filter-directory-objects.
//
// What the documentation says is refused is refused in Graph's words. What Graph has and this emulator lacks, and what
// the documentation leaves open, is said in words of the emulator.
import { graphErrors } from '../graph/errors.ts';
import type { Condition, Kind, Model } from './model.ts';

/** Returned without `$select` on v1.0 (docs, user-list). Beta returns every property. */
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

/** What `User.ReadBasic.All` shows of others (Microsoft Graph permissions reference). */
const BASIC = new Set(['displayName', 'givenName', 'id', 'mail', 'surname', 'userPrincipalName']);

export function isBasic(property: string): boolean {
  return BASIC.has(property);
}

/** An advanced query has the header `ConsistencyLevel: eventual` and `$count=true`. */
type Support = 'default' | 'advanced';
/** An operator without an entry is not valid for the property. */
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

/** The table's rows; `in` goes with `eq`, and `ne` and `not` need an advanced query everywhere. */
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
/** Of those that the emulator has; the docs name otherMails and proxyAddresses too. */
const WITH_ENDS_WITH = new Set(['mail', 'userPrincipalName']);
/** Operands of one `or`, or values of one `in`, outside of advanced queries (docs, filter-query-parameter). */
const MOST_OPERANDS = 15;

export const userProperties: readonly string[] = [...STANDARD, ...ON_DEMAND].toSorted();

/** What an answer without `$select` has. */
export function standardUserProperties(version: string): readonly string[] {
  return version === 'beta' ? userProperties : STANDARD;
}

/** How users are asked for. */
export interface UserQuery {
  /** Whether the query has the header and the option that advanced queries need. */
  readonly isAdvanced: boolean;
  /** Whether the caller sees more of users than their basic profiles. */
  readonly isWhole: boolean;
}

export function userModel(query: UserQuery): Model {
  return {
    type: 'microsoft.graph.user',
    properties: userProperties,
    kinds: Object.fromEntries(Object.keys(ROWS).map((name) => [name, kindOf(name)])),
    caseMatters: false,
    check: (condition) => check(condition, query),
    unknown: (name, otherwise) =>
      NOT_HERE.has(name.split('/')[0] ?? '') || isCounted(name)
        ? graphErrors.notEmulated(`the property '${name}' of a user`)
        : otherwise,
  };
}

function kindOf(name: string): Kind {
  if (COLLECTIONS.has(name)) return 'strings';
  return name === 'accountEnabled' ? 'boolean' : 'string';
}

/** `businessPhones/$count eq 0` finds empty collections. */
function isCounted(path: string): boolean {
  const [name = '', ...rest] = path.split('/');
  return rest.join('/') === '$count' && Object.hasOwn(ROWS, name);
}

function check(condition: Condition, { isAdvanced, isWhole }: UserQuery): void {
  const { operator, path, operands = 0 } = condition;
  if (path !== undefined && !isWhole && !isBasic(path))
    throw graphErrors.notEmulated(`a query by '${path}' for a caller with User.ReadBasic.All alone`);
  if (operands > MOST_OPERANDS && !isAdvanced) throw graphErrors.tooManyOperands(operands, MOST_OPERANDS);
  if (operator === 'and' || operator === 'or' || operator === 'search') return;
  const isSupported = supportOf(condition);
  if (isSupported === undefined) throw graphErrors.filterOfProperty(path ?? '', 'User');
  if (isSupported === 'default' || isAdvanced) return;
  throw NEGATIONS.has(operator) || operator === 'endswith'
    ? graphErrors.needsAdvanced(WRITTEN[operator] ?? operator)
    : graphErrors.filterOfProperty(path ?? '', 'User');
}

const NEGATIONS = new Set(['ne', 'not']);
const WRITTEN: Readonly<Record<string, string>> = { endswith: 'endsWith' };

/** Undefined where the docs say that the property does not have the operator. */
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
      // Of a collection only `not` is documented.
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

/** The other properties of the type (docs, user resource type, beta). */
const NOT_HERE: ReadonlySet<string> = new Set(
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
