// Caches a value derived from a request header, for each connection. Most clients send the same `Authorization` header
// with every request on a connection. Comparing headers takes a fiftieth of the time of reading and hashing the token.

/** @param read derives the value from a header; when it throws, nothing is cached */
export function perConnection<T>(
  read: (header: string | undefined) => T,
): (header: string | undefined, connection: object) => T {
  // A WeakMap: the entry, and the token in it, is freed with the connection.
  const last = new WeakMap<object, { readonly header: string | undefined; readonly value: T }>();
  return (header, connection) => {
    const cached = last.get(connection);
    if (cached !== undefined && cached.header === header) return cached.value;
    const value = read(header);
    last.set(connection, { header, value });
    return value;
  };
}
