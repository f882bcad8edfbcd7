// JSON that comes from outside: what it can be, and reading values of it that may be of any type.

/** A JSON object whose members have not been read yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string, or null for anything else. */
export function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A boolean, or null for anything else. */
export function readFlag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** The strings of a list, or null for anything else. */
export function readTexts(value: unknown): string[] | null {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : null;
}

/** Whether two values of JSON are the same, whatever the order of the members of objects. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (!isJsonObject(one) || !isJsonObject(other)) return JSON.stringify(one) === JSON.stringify(other);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => sameJson(one[name], other[name]));
}
