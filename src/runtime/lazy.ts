// Lazy initialization.

/** Returns a function that calls `make` on the first call, and returns the same value on every call. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
