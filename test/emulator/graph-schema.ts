// A validator for responses, made from the OpenAPI description of Microsoft Graph's phone paths. Three differences from
// JSON Schema are corrected: OpenAPI 3.0 has `nullable` for `null`, Graph's generator writes "any object" for "or null",
// and it allows additional properties. With the corrections, an additional property is an error.
import { readFileSync } from 'node:fs';
import Ajv2019 from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

type Json = Record<string, unknown>;

/** Base types and open types, which allow additional properties. */
const OPEN = ['entity', 'itemFacet', 'identity', 'identitySet', 'ODataErrors.InnerError'];

/** @returns the errors of a value, each as `path value` */
export type Check = (value: unknown) => string[];

export function graphSchema(): { itemPhone: Check; itemPhones: Check; error: Check } {
  const text = readFileSync(new URL('./graph-openapi.yaml', import.meta.url), 'utf8');
  const { components } = parse(text) as { components: { schemas: Record<string, Json> } };
  const ajv = new Ajv2019.default({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const schemas = Object.entries(components.schemas).map(([name, schema]) => [name, closed(name, schema)]);
  ajv.addSchema({ $id: 'graph', components: { schemas: Object.fromEntries(schemas) } });
  const check = (name: string): Check => {
    const validate = ajv.compile({ $ref: `graph#/components/schemas/microsoft.graph.${name}` });
    return (value) => {
      validate(value);
      const found = (validate.errors ?? []).map(({ instancePath, params }) =>
        describe(value, `${instancePath}${extra(params)}`),
      );
      return [...new Set(found)];
    };
  };
  return {
    itemPhone: check('itemPhone'),
    itemPhones: check('itemPhoneCollectionResponse'),
    error: check('ODataErrors.ODataError'),
  };
}

function closed(name: string, schema: Json): Json {
  const translated = translate(schema) as Json;
  if (OPEN.some((open) => name === `microsoft.graph.${open}`)) return translated;
  return { ...translated, patternProperties: { '^@odata\\.': {} }, unevaluatedProperties: false };
}

function translate(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(translate);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, additionalProperties: _, ...rest } = schema as Json;
  const read = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, translate(value)]),
  ) as Json;
  if (Array.isArray(read['anyOf'])) read['anyOf'] = (rest['anyOf'] as Json[]).map(orNull);
  if (nullable !== true) return read;
  return { anyOf: [read, { type: 'null' }] };
}

/** `{type: object, nullable: true}` beside a reference means null only. */
function orNull(branch: Json): unknown {
  const { nullable, type, ...rest } = branch;
  const onlyNull = nullable === true && typeof type === 'string' && Object.keys(rest).length === 0;
  return onlyNull ? { type: 'null' } : translate(branch);
}

function extra({ unevaluatedProperty: name }: Json): string {
  return name === undefined ? '' : `/${String(name)}`;
}

function describe(value: unknown, path: string): string {
  let found: unknown = value;
  for (const key of path.split('/').slice(1)) found = (found as Json | undefined)?.[key];
  return `${path} ${JSON.stringify(found)}`;
}
