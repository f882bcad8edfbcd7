/** Ends a switch over a closed union. The call does not compile while a member is missing. */
export function unreachable(value: never): never {
  throw new TypeError(`a case is missing for ${String(value)}`);
}
