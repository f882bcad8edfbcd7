// What one execution did: every call of a resolver, with what it was given, as text that can be compared.
import type { GraphQLResolveInfo } from 'graphql';
import { createTurns, type Turns } from './turns.ts';

/** How the promises of a run settle: there are none; in turns; or after some microtasks, in no order to rely on. */
export type Timing = 'none' | 'turns' | 'microtasks';

export interface Run {
  readonly seed: number;
  readonly timing: Timing;
  readonly turns: Turns;
  /** In the order of the calls. */
  readonly calls: string[];
  /** The root fields of a mutation: when each starts and when its answer is there. */
  readonly effects: string[];
}

export function createRun(seed: number, timing: Timing): Run {
  return { seed, timing, turns: createTurns(), calls: [], effects: [] };
}

type Path = GraphQLResolveInfo['path'] | undefined;

export function pathText(path: Path): string {
  return path === undefined ? '' : `${pathText(path.prev)}/${String(path.key)}`;
}

function typedPathText(path: Path): string {
  return path === undefined ? '' : `${typedPathText(path.prev)}/${path.typename ?? ''}:${String(path.key)}`;
}

const variableTexts = new WeakMap<object, string>();

function variablesText(values: object): string {
  const known = variableTexts.get(values) ?? exact(values);
  variableTexts.set(values, known);
  return known;
}

/** A text that tells absent from null from undefined, and an object without a prototype from one with it. */
export function exact(value: unknown, above: readonly object[] = []): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (above.includes(value)) return '(circle)';
  const inner = [...above, value];
  if (Array.isArray(value)) return `[${value.map((item) => exact(item, inner)).join(',')}]`;
  if (value instanceof Error) return `${value.name}(${value.message})`;
  const entries = Object.keys(value).map((key) => `${key}:${exact(Reflect.get(value, key), inner)}`);
  return `${kindOf(value)}{${entries.join(',')}}`;
}

function kindOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null
    ? ''
    : String((prototype as { constructor?: { name?: string } }).constructor?.name);
}

/** The names alone: to read the properties would be to call what stands behind them. */
function rootText(root: unknown): string {
  return Object.keys(Object(root)).join(',');
}

export function callText(kind: string, args: unknown, info: GraphQLResolveInfo): string {
  return [
    `${kind} ${info.parentType.name}.${info.fieldName}: ${info.returnType}`,
    typedPathText(info.path),
    exact(args),
    `nodes ${info.fieldNodes.map(({ loc }) => loc?.start).join(',')}`,
    `variables ${variablesText(info.variableValues)}`,
    `fragments ${Object.keys(info.fragments).join(',')}`,
    `operation ${info.operation.name?.value} root ${rootText(info.rootValue)}`,
  ].join(' | ');
}
