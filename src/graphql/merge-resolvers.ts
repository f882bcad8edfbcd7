// Resolvers of several modules as one. Modules may add fields to the same type, as each facet of a profile adds to `User`.
// Two modules that define the same field are an error at start: whichever of them won would be wrong.

/** The resolvers of types, by the name of the type: of fields by their names, or of a scalar. */
export type ResolverModule = Readonly<Record<string, object | undefined>>;

/** @throws TypeError that names the type and the field that two modules define */
export function mergeResolvers(modules: readonly ResolverModule[]): Record<string, object> {
  const merged = new Map<string, object>();
  for (const module of modules) {
    for (const [type, resolvers] of Object.entries(module)) {
      if (resolvers === undefined) continue;
      const known = merged.get(type);
      merged.set(type, known === undefined ? resolvers : mergeFields(type, known, resolvers));
    }
  }
  return Object.fromEntries(merged);
}

function mergeFields(type: string, known: object, more: object): object {
  if (!isFields(known) || !isFields(more)) throw new TypeError(`resolvers: two modules define ${type}`);
  for (const field of Object.keys(more)) {
    if (Object.hasOwn(known, field)) throw new TypeError(`resolvers: two modules define ${type}.${field}`);
  }
  return { ...known, ...more };
}

/** A scalar or enum is an object of a class, and has no fields. */
function isFields(resolvers: object): boolean {
  return Object.getPrototypeOf(resolvers) === Object.prototype;
}
