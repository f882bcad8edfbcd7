// Predicates and their operators, in the three-valued logic of OData (URL conventions, 5.1.1.1). A predicate is null when
// a value that it needs is null.
import type { Comparable } from './model.ts';

export type Predicate = (row: object) => boolean | null;

export function and(left: Predicate, right: Predicate): Predicate {
  return (row) => {
    const [a, b] = [left(row), right(row)];
    if (a === false || b === false) return false;
    return a === null || b === null ? null : true;
  };
}

export function or(left: Predicate, right: Predicate): Predicate {
  return (row) => {
    const [a, b] = [left(row), right(row)];
    if (a === true || b === true) return true;
    return a === null || b === null ? null : false;
  };
}

export function not(predicate: Predicate): Predicate {
  return (row) => {
    const value = predicate(row);
    return value === null ? null : !value;
  };
}

export function startsWith(value: Comparable, start: Comparable): boolean | null {
  return value === null || start === null ? null : String(value).startsWith(String(start));
}

export function endsWith(value: Comparable, end: Comparable): boolean | null {
  return value === null || end === null ? null : String(value).endsWith(String(end));
}
