// The query string of a request's URL, as GraphQL over HTTP defines its parameters.

/** Optional parameters, with the values that mean the same as an absent parameter. */
const OPTIONAL: Readonly<Record<string, ReadonlySet<string>>> = {
  operationName: new Set(['']),
  variables: new Set(['', 'null']),
  extensions: new Set(['', 'null']),
};

/** The query string with its question mark, without empty parameters. Empty when the URL has no query string. */
export function queryStringOf(url: string): string {
  const start = url.indexOf('?');
  if (start === -1) return '';
  const search = url.slice(start);
  const parameters = new URLSearchParams(search);
  const empty = Object.keys(OPTIONAL).filter((name) => isEmpty(name, parameters.getAll(name)));
  if (empty.length === 0) return search;
  for (const name of empty) parameters.delete(name);
  return `?${parameters}`;
}

/** A repeated parameter is kept, so that Apollo Server rejects it. */
function isEmpty(name: string, values: readonly string[]): boolean {
  const [value = '', ...others] = values;
  return values.length > 0 && others.length === 0 && OPTIONAL[name]?.has(value) === true;
}
