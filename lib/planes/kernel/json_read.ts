/** Parses JSON of a command; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field at a path; undefined when anything on the way is missing. */
export function read(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = Object.getOwnPropertyDescriptor(at, name)?.value;
  }
  return at;
}

/** A text field; undefined when it is missing or no text. */
export function readText(value: unknown, ...path: readonly string[]): string | undefined {
  const found = read(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The members of an array field's value; empty when it is none. */
export function entries(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
