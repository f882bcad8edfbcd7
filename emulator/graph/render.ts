// People and phones as a caller gets to see them: in the properties of the cloud, those selected, and without newer
// members of enumerations for callers who did not ask for them.
import { hideNewer, parseAudiences, writeAudiences } from '../odata/enums.ts';
import type { Model, Variant } from '../odata/model.ts';
import { isBasic, userProperties } from '../odata/user-model.ts';
import type { StoredPerson, StoredPhone } from '../tenant/tenant.ts';

export interface View {
  readonly variant: Variant;
  readonly model: Model;
  /** Undefined for every property. */
  readonly select: ReadonlySet<string> | undefined;
  /** Whether newer members of enumerations are shown by name. */
  readonly newer: boolean;
}

export type Rendered = Record<string, unknown>;

/** A phone in the order of the documented answers. `source` is left out when nobody ever gave one, unless selected. */
export function renderPhone(phone: StoredPhone, view: View): Rendered {
  const rendered: Rendered = {};
  const type = phone['@odata.type'];
  if (type !== undefined) rendered['@odata.type'] = type;
  for (const name of view.model.properties) {
    if (name !== 'id' && view.select !== undefined && !view.select.has(name)) continue;
    const value = shown(phone, name, view);
    if (value !== undefined || view.select !== undefined) rendered[name] = value ?? null;
  }
  return rendered;
}

function shown(phone: StoredPhone, name: string, view: View): unknown {
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

/** A text that is no audience at all can only come from a draft, and goes out as it came in. */
function withoutNewer(audiences: string | null): string | null {
  const bits = audiences === null ? undefined : parseAudiences(audiences);
  return bits === undefined ? audiences : writeAudiences(hideNewer(bits));
}

function oneSource(source: StoredPhone['source']): StoredPhone['source'] {
  if (source === undefined || source === null || !Array.isArray(source.type)) return source;
  return { ...source, type: source.type[0] ?? null };
}

/**
 * What is beyond the basic profile is null, and a collection empty, for a caller who does not see it
 * (microsoft-graph-docs#4993).
 *
 * @param names the properties to show; `id` is shown besides
 */
export function renderPerson(person: StoredPerson, names: ReadonlySet<string>, isWhole: boolean): Rendered {
  const shown = userProperties.filter((name) => name === 'id' || names.has(name));
  return Object.fromEntries(
    shown.map((name) => [name, isWhole || isBasic(name) ? propertyOf(person, name) : hidden(name)]),
  );
}

function propertyOf(person: StoredPerson, name: string): unknown {
  return person[name as keyof StoredPerson] ?? null;
}

function hidden(name: string): unknown {
  return name === 'businessPhones' ? [] : null;
}
