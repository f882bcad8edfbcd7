// What the header of a connection came to, kept for its next request: most clients say the same on a connection over and
// over, and to see that it is the same takes a fiftieth of the time that reading and hashing a token takes.

/**
 * Reads headers, each only once while its connection goes on saying the same.
 *
 * @param read what throws is asked again the next time
 */
export function perConnection<T>(
  read: (header: string | undefined) => T,
): (header: string | undefined, connection: object) => T {
  // What is kept goes with its connection, and so does the token in it.
  const last = new WeakMap<object, { readonly header: string | undefined; readonly value: T }>();
  return (header, connection) => {
    const known = last.get(connection);
    if (known !== undefined && known.header === header) return known.value;
    const value = read(header);
    last.set(connection, { header, value });
    return value;
  };
}
