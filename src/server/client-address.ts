// The part of a request's address after its question mark, as GraphQL over HTTP reads it.

/** Parameters that may be left out, and the values that say as much as leaving them out. */
const OPTIONAL: Readonly<Record<string, ReadonlySet<string>>> = {
  operationName: new Set(['']),
  variables: new Set(['', 'null']),
  extensions: new Set(['', 'null']),
};

/** The query of an address with its question mark, without parameters that are empty; empty for none. */
export function searchOf(url: string): string {
  const start = url.indexOf('?');
  if (start === -1) return '';
  const search = url.slice(start);
  const parameters = new URLSearchParams(search);
  const empty = Object.keys(OPTIONAL).filter((name) => isEmpty(name, parameters.getAll(name)));
  if (empty.length === 0) return search;
  for (const name of empty) parameters.delete(name);
  return `?${parameters}`;
}

/** What is given several times is refused by whoever reads it. */
function isEmpty(name: string, values: readonly string[]): boolean {
  const [value = '', ...others] = values;
  return values.length > 0 && others.length === 0 && OPTIONAL[name]?.has(value) === true;
}
