// A value that is created on first use.

/** Calls `make` on the first call only, and returns its result on every call. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
