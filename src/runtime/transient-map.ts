// What is kept by name while something goes on, where names come and go with every request.
//
// Not a Map: when many have been deleted from one, V8 (14) moves it to a new table, and the old one keeps a reference to the
// new, for iterators that are under way. Once one of these has been moved to the old generation it holds all that come after
// it, with everything in them, until the next full collection. The table of an object has no such reference.

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
