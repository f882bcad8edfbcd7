// Compares two executions of one document: the data to the order of keys, the errors, and what was called.
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { exact, type Run } from './trace.ts';

export interface Execution {
  /** Null where it never ended. */
  readonly result: ExecutionResult | null;
  /** What was thrown instead of a result. */
  readonly thrown: string | null;
  /** The errors as they were when the result came. */
  readonly errors: readonly string[] | null;
  /** Rejections that nobody handled. */
  readonly unhandled: number;
  readonly run: Run;
}

export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Errors are compared in their order, except where promises settle after microtasks: there an executor that takes one
 * more or one less sees another order, and may see an error below a place that is null already. So they are compared as
 * a set, and those below a null are left out.
 */
export function difference(expected: Execution, found: Execution): Difference | null {
  const isOrdered = expected.run.timing !== 'microtasks';
  const views: readonly (readonly [string, (execution: Execution) => string])[] = [
    [
      'outcome',
      ({ result, thrown }) =>
        result === null ? `no result, thrown ${thrown}` : Object.keys(result).join(','),
    ],
    // Whether an object of a response has a prototype makes no difference to its JSON.
    ['data', ({ result }) => exact(result?.data).replaceAll('Object{', '{')],
    ['data as JSON', ({ result }) => json(result?.data)],
    ['errors', (execution) => (isOrdered ? listed(execution.errors) : listed(visibleErrors(execution)))],
    ['calls', ({ run }) => called(run)],
    ['order of effects', ({ run }) => run.effects.join('\n')],
    ['unhandled rejections', ({ unhandled }) => (unhandled > expected.unhandled ? 'more' : 'no more')],
  ];
  for (const [what, view] of views) {
    const [wanted, got] = [view(expected), view(found)];
    if (wanted !== got) return { what, expected: wanted, found: got };
  }
  return null;
}

/** Calls with their number. Properties may be read more than once: reading one must have no effect. */
function called({ calls }: Run): string {
  const reads = new Set(calls.filter((call) => call.startsWith('get ')));
  return [...calls.filter((call) => !call.startsWith('get ')), ...reads].sort().join('\n');
}

/** What cannot be serialized is compared in `data` alone. */
function json(data: unknown): string {
  try {
    return JSON.stringify(data) ?? 'undefined';
  } catch (error) {
    return error instanceof TypeError ? error.message : 'it fails';
  }
}

function listed(errors: readonly string[] | null): string {
  return errors === null ? 'none' : errors.join('\n');
}

export function errorText(error: unknown): string {
  if (!(error instanceof GraphQLError)) return `no GraphQLError: ${exact(error)}`;
  const { originalError, nodes, ...rest } = {
    ...error,
    originalError: error.originalError,
    nodes: error.nodes,
  };
  const told: GraphQLFormattedError = error.toJSON();
  const original =
    originalError === undefined ? 'none' : `${originalError.constructor.name} ${originalError.message}`;
  const starts = nodes?.map(({ kind, loc }) => `${kind}@${loc?.start}`).join(',');
  return `${exact(told)} original ${original} nodes ${starts} keys ${Object.keys(rest).join(',')}`;
}

function visibleErrors({ result }: Execution): string[] {
  const errors = result?.errors ?? [];
  return errors
    .filter((error) => !isBelowNull(result?.data, error.path ?? []))
    .map(errorText)
    .sort();
}

/** A null short of the end of the path: this error or a neighbour's took the place, and which one depends on timing. */
function isBelowNull(data: unknown, path: readonly (string | number)[]): boolean {
  let at: unknown = data;
  for (const key of path) {
    if (at === null || typeof at !== 'object') return true;
    at = Reflect.get(at, key);
  }
  return false;
}
