// Something made when it is first asked for, and kept.

/** Calls `make` at the first call and never again. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
