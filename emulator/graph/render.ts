// Renders users and phones for a response: the selected properties that the cloud has. Newer enumeration members are
// hidden from callers who did not opt in to them.
import { hideNewer, parseAudiences, writeAudiences } from '../odata/enums.ts';
import type { Model, Variant } from '../odata/model.ts';
import { isBasic, userProperties } from '../odata/user-model.ts';
import type { StoredPhone, StoredUser } from '../tenant/tenant.ts';

export interface View {
  readonly variant: Variant;
  readonly model: Model;
  /** Undefined for every property. */
  readonly select: ReadonlySet<string> | undefined;
  /** Whether newer enumeration members are returned by name. */
  readonly newer: boolean;
}

export type Rendered = Record<string, unknown>;

/** In the order of the documented responses. A `source` that was never set is left out, unless it is selected. */
export function renderPhone(phone: StoredPhone, view: View): Rendered {
  const rendered: Rendered = {};
  const type = phone['@odata.type'];
  if (type !== undefined) rendered['@odata.type'] = type;
  for (const name of view.model.properties) {
    if (name !== 'id' && view.select !== undefined && !view.select.has(name)) continue;
    const value = visibleValue(phone, name, view);
    if (value !== undefined || view.select !== undefined) rendered[name] = value ?? null;
  }
  return rendered;
}

function visibleValue(phone: StoredPhone, name: string, view: View): unknown {
  switch (name) {
    case 'allowedAudiences':
      return view.newer ? phone.allowedAudiences : withoutNewer(phone.allowedAudiences);
    case 'isSearchable':
      return phone.isSearchable ?? false;
    case 'sources':
      return phone.sources ?? null;
    case 'source':
      return view.variant === 'usgov' ? oneSource(phone.source) : phone.source;
    default:
      return phone[name as keyof StoredPhone];
  }
}

/** A string that is not an audience can only come from a draft. It is returned as stored. */
function withoutNewer(audiences: string | null): string | null {
  const bits = audiences === null ? undefined : parseAudiences(audiences);
  return bits === undefined ? audiences : writeAudiences(hideNewer(bits));
}

function oneSource(source: StoredPhone['source']): StoredPhone['source'] {
  if (source === undefined || source === null || !Array.isArray(source.type)) return source;
  return { ...source, type: source.type[0] ?? null };
}

/**
 * For a caller who sees only the basic profile, other properties are null and collections are empty
 * (microsoft-graph-docs#4993).
 *
 * @param names the properties to return, in addition to `id`
 */
export function renderUser(user: StoredUser, names: ReadonlySet<string>, isWhole: boolean): Rendered {
  const properties = userProperties.filter((name) => name === 'id' || names.has(name));
  return Object.fromEntries(
    properties.map((name) => [name, isWhole || isBasic(name) ? propertyOf(user, name) : hidden(name)]),
  );
}

function propertyOf(user: StoredUser, name: string): unknown {
  return user[name as keyof StoredUser] ?? null;
}

function hidden(name: string): unknown {
  return name === 'businessPhones' ? [] : null;
}
