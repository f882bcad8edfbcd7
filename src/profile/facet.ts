// What makes one facet of a Microsoft Graph profile (phones, emails, websites) different from the others. Everything that
// facets have in common, from loading to idempotent adds, is written once in this folder and takes one of these.
import type { SourceForm } from '../graph/clouds.ts';
import type { GraphPath, GraphQuery, ItemId, UserKey } from '../graph/paths.ts';
import { graphPath, graphQuery, NO_QUERY, userSegments } from '../graph/paths.ts';
import type { JsonObject } from '../runtime/json.ts';
import type { ItemFacet } from './item-facet.ts';
import { globalId, type ItemIdForm } from './item-id.ts';

export interface Facet<Item extends ItemFacet = ItemFacet> extends ItemIdForm {
  /** The path segment below `/profile`, the field of `User` that lists the items, and the list in inputs: `phones`. */
  readonly segment: string;
  /** The field of `User` that gives one item by its id: `phone`. */
  readonly field: string;
  /** The type in the schema: `ItemPhone`. */
  readonly type: string;
  /** The words for it in messages to callers. */
  readonly words: FacetWords;
  /** The property behind a field of the schema, where it has another name. `graphId` is known to be `id`. */
  readonly propertyOf: Readonly<Record<string, string>>;
  /** The fields that an argument of `User.{segment}` needs, by the argument: `types` needs `type`. */
  readonly filterFields: Readonly<Record<string, string>>;
  /** The properties that can be written, in the order in which user errors name them. */
  readonly settable: Readonly<Record<string, FieldCheck>>;
  /** Makes an item of Graph's JSON, which has this id. Tolerant: a value that makes no sense becomes null. */
  read(json: JsonObject, graphId: string, id: string | null): Item;
}

export interface FacetWords {
  /** `phone` */
  readonly one: string;
  /** `a phone` */
  readonly any: string;
  /** `phones` */
  readonly many: string;
}

/**
 * Checks an input value and translates it for Microsoft Graph. `undefined` is never given; `null` clears the property and
 * is given for updates only. Calls `reject` for a value that can never be right; what it returns is then not used.
 */
export type FieldCheck = (value: unknown, reject: RejectField, form: SourceForm) => unknown;

/** @param subfield the path below the field, such as `type` of `source` */
export type RejectField = (message: string, subfield?: string) => void;

/**
 * Reads an item; null when it has no id and so is not one.
 *
 * @param owner the object id of the person, where it is known
 */
export function readItem<Item extends ItemFacet>(
  facet: Facet<Item>,
  json: JsonObject,
  owner: string | null = null,
): Item | null {
  const graphId = json['id'];
  if (typeof graphId !== 'string' || graphId === '') return null;
  return facet.read(json, graphId, owner === null ? null : globalId(facet, owner, graphId));
}

/** The segments of the list of a person's items. */
export function listSegments({ segment }: Facet, user: UserKey): readonly string[] {
  return [...userSegments(user), 'profile', segment];
}

export function itemPath(facet: Facet, user: UserKey, id: ItemId, query: GraphQuery = NO_QUERY): GraphPath {
  return graphPath([...listSegments(facet, user), id], query);
}

/** By what the cloud lacks and the list of fields: both stay the same objects for every run of an operation. */
const selections = new WeakMap<readonly string[], WeakMap<readonly string[], GraphQuery>>();

/**
 * The `$select` for fields of the schema. In one order, whatever the order of the query, so that equal questions have
 * equal paths.
 *
 * @param fields a list of this facet alone, as `fieldsOf` makes it: the result is remembered by it
 * @param lacks the properties that the cloud does not have
 */
export function selectQuery(facet: Facet, fields: readonly string[], lacks: readonly string[]): GraphQuery {
  const ofCloud = selections.get(lacks) ?? new WeakMap<readonly string[], GraphQuery>();
  selections.set(lacks, ofCloud);
  const known = ofCloud.get(fields);
  if (known !== undefined) return known;
  const properties = new Set(fields.map((field) => propertyBehind(facet, field)));
  properties.add('id');
  const asked = [...properties].filter((name) => !lacks.includes(name)).sort();
  const query = graphQuery([['$select', asked.join(',')]]);
  ofCloud.set(fields, query);
  return query;
}

function propertyBehind({ propertyOf }: Facet, field: string): string {
  return field === 'graphId' ? 'id' : (propertyOf[field] ?? field);
}
