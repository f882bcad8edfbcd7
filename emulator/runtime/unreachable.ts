/** Ends a switch over a closed union; a member that was forgotten does not compile. */
export function unreachable(value: never): never {
  throw new TypeError(`a case is missing for ${String(value)}`);
}
