// A map for entries that live as long as one request.
//
// It is not a Map: after many deletions, V8 (14) moves a Map to a new table, and the old table keeps a reference to the new
// one for running iterators. Once an old table is in the old generation, it keeps all later tables and their entries alive
// until the next full collection. The table of an object has no such reference.

export class TransientMap<T> {
  readonly #entries: Record<string, T | undefined> = Object.create(null);

  get(name: string): T | undefined {
    return this.#entries[name];
  }

  set(name: string, value: T): void {
    this.#entries[name] = value;
  }

  delete(name: string): void {
    delete this.#entries[name];
  }
}
