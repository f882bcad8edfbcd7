// The expected responses, by kind of fault. `once`: the fault affects the first matching request; `always`: all of them.

export interface Expected {
  /** Each as `path CODE`, in order. */
  readonly errors: readonly string[];
  /** The data of the response. Absent when it is complete. */
  readonly data?: unknown;
  /** The methods of the requests upstream, in order. */
  readonly calls: string;
  /** Of each error: a number of seconds, null for none, or at most two seconds. Not checked when absent. */
  readonly retryAfter?: number | null | 'within two seconds';
}

export interface Reads {
  readonly once: Expected;
  readonly always: Expected;
}

export interface ReadsOfBoth {
  readonly me: Reads;
  readonly users: Reads;
}

type RetryAfter = Exclude<Expected['retryAfter'], undefined>;

const NO_PHONES = { me: { phones: null } };
const NO_USERS = { users: [null, null] };

function fails(
  code: string,
  times: number,
  retryAfter: RetryAfter | undefined,
): Record<'me' | 'users', Expected> {
  const wait = retryAfter === undefined ? {} : { retryAfter };
  return {
    me: { errors: [`me.phones ${code}`], data: NO_PHONES, calls: repeated('GET', times), ...wait },
    users: {
      errors: [`users.0 ${code}`, `users.1 ${code}`],
      data: NO_USERS,
      calls: repeated('BATCH', times),
      ...wait,
    },
  };
}

export function repeated(method: string, times: number): string {
  return Array.from({ length: times }, () => method).join(' ');
}

/** A transient fault: the read is retried, and tried three times at most. */
export function retried(code: string, retryAfter: RetryAfter = null): ReadsOfBoth {
  const { me, users } = fails(code, 3, retryAfter);
  return {
    me: { once: { errors: [], calls: 'GET GET' }, always: me },
    users: { once: { errors: [], calls: 'BATCH BATCH' }, always: users },
  };
}

/** A permanent fault, or one that lasts longer than the deadline: the error is returned without a retry. */
export function failsAtOnce(code: string, retryAfter: RetryAfter = null): ReadsOfBoth {
  const { me, users } = fails(code, 1, retryAfter);
  return { me: { once: me, always: me }, users: { once: users, always: users } };
}

/** A fault without effect on the response. */
export function unaffected(): ReadsOfBoth {
  const [me, users] = [
    { errors: [], calls: 'GET' },
    { errors: [], calls: 'BATCH' },
  ];
  return { me: { once: me, always: me }, users: { once: users, always: users } };
}

/** The expected result of a write that is affected once. */
export type WriteResult =
  /** Rejected before it was executed. */
  | { readonly kind: 'rejected'; readonly code: string; readonly retryAfter: RetryAfter }
  /** Not executed. The reads afterwards cannot tell this from a delay. A deletion is sent again. */
  | { readonly kind: 'lost' }
  /** Executed, as the first read afterwards shows. */
  | { readonly kind: 'found' }
  /** Executed later: before or after the reads that look for it. */
  | { readonly kind: 'late' }
  /** Executed, as its response says. */
  | { readonly kind: 'done' };

export interface Writes {
  readonly addPhone?: WriteResult;
  readonly updatePhone?: WriteResult;
  readonly deletePhone?: WriteResult;
}

export function allOf(result: WriteResult): Writes {
  return { addPhone: result, updatePhone: result, deletePhone: result };
}

export const rejected = (code: string, retryAfter: RetryAfter = null): WriteResult => ({
  kind: 'rejected',
  code,
  retryAfter,
});
export const lost: WriteResult = { kind: 'lost' };
export const found: WriteResult = { kind: 'found' };
export const late: WriteResult = { kind: 'late' };
export const done: WriteResult = { kind: 'done' };
