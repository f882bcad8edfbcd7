// Tests on rows, and how they combine when there is a third answer: null, for "nothing to compare" (OData URL
// conventions, 5.1.1.1).
import type { Comparable } from './model.ts';

export type Test = (row: object) => boolean | null;

export function and(left: Test, right: Test): Test {
  return (row) => {
    const [a, b] = [left(row), right(row)];
    if (a === false || b === false) return false;
    return a === null || b === null ? null : true;
  };
}

export function or(left: Test, right: Test): Test {
  return (row) => {
    const [a, b] = [left(row), right(row)];
    if (a === true || b === true) return true;
    return a === null || b === null ? null : false;
  };
}

export function not(test: Test): Test {
  return (row) => {
    const value = test(row);
    return value === null ? null : !value;
  };
}

export function startsWith(value: Comparable, start: Comparable): boolean | null {
  return value === null || start === null ? null : String(value).startsWith(String(start));
}

export function endsWith(value: Comparable, end: Comparable): boolean | null {
  return value === null || end === null ? null : String(value).endsWith(String(end));
}
