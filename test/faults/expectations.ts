// The right answers, by kind of trouble. `once`: the first request that the fault can strike is struck; `always`: all.

export interface Expected {
  /** `path CODE`, in order. */
  readonly errors: readonly string[];
  /** What is left of the data; absent where all of it is. */
  readonly data?: unknown;
  /** The methods of the requests upstream, in order. */
  readonly calls: string;
  /** Of the errors: seconds, none at all (null), or up to two seconds. Absent: not looked at. */
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

type Wait = Exclude<Expected['retryAfter'], undefined>;

const NO_PHONES = { me: { phones: null } };
const NOBODY = { users: [null, null] };

function fails(code: string, times: number, retryAfter: Wait | undefined): Record<'me' | 'users', Expected> {
  const wait = retryAfter === undefined ? {} : { retryAfter };
  return {
    me: { errors: [`me.phones ${code}`], data: NO_PHONES, calls: repeated('GET', times), ...wait },
    users: {
      errors: [`users.0 ${code}`, `users.1 ${code}`],
      data: NOBODY,
      calls: repeated('BATCH', times),
      ...wait,
    },
  };
}

export function repeated(method: string, times: number): string {
  return Array.from({ length: times }, () => method).join(' ');
}

/** It passes: tried again, and three times at most. */
export function triedAgain(code: string, retryAfter: Wait = null): ReadsOfBoth {
  const { me, users } = fails(code, 3, retryAfter);
  return {
    me: { once: { errors: [], calls: 'GET GET' }, always: me },
    users: { once: { errors: [], calls: 'BATCH BATCH' }, always: users },
  };
}

/** It does not pass, or not in time: told at once. */
export function toldAtOnce(code: string, retryAfter: Wait = null): ReadsOfBoth {
  const { me, users } = fails(code, 1, retryAfter);
  return { me: { once: me, always: me }, users: { once: users, always: users } };
}

/** Nobody notices. */
export function unnoticed(): ReadsOfBoth {
  const [me, users] = [
    { errors: [], calls: 'GET' },
    { errors: [], calls: 'BATCH' },
  ];
  return { me: { once: me, always: me }, users: { once: users, always: users } };
}

/** What comes of a write that is struck once: `refused` before anything was done, or known after looks at what is there. */
export type Ending =
  | { readonly kind: 'refused'; readonly code: string; readonly retryAfter: Wait }
  /** Sent and not carried out. The looks afterwards cannot tell that from a delay; a deletion is sent again. */
  | { readonly kind: 'lost' }
  /** Carried out, as the first look shows. */
  | { readonly kind: 'found' }
  /** Carried out some time after it was sent: perhaps before the looks, perhaps after them. */
  | { readonly kind: 'late' }
  | { readonly kind: 'done' };

export interface Writes {
  readonly addPhone?: Ending;
  readonly updatePhone?: Ending;
  readonly deletePhone?: Ending;
}

export function allOf(ending: Ending): Writes {
  return { addPhone: ending, updatePhone: ending, deletePhone: ending };
}

export const refused = (code: string, retryAfter: Wait = null): Ending => ({
  kind: 'refused',
  code,
  retryAfter,
});
export const lost: Ending = { kind: 'lost' };
export const found: Ending = { kind: 'found' };
export const late: Ending = { kind: 'late' };
export const done: Ending = { kind: 'done' };
