import type { Json } from "./json.ts";
import type { Cause } from "./types.ts";

/** How a bad value is shown: text quoted, lists and objects as JSON. */
function shown(value: Json | undefined): string {
  return value === undefined ? "null" : JSON.stringify(value);
}

/** The field must be there. */
export function required(field: string, why = ""): Cause {
  const message = why ? `Required value: ${why}` : "Required value";
  return { reason: "FieldValueRequired", message, field };
}

/** The field's value is wrong. */
export function invalidValue(field: string, value: Json | undefined, why: string): Cause {
  return { reason: "FieldValueInvalid", message: `Invalid value: ${shown(value)}: ${why}`, field };
}

/** The field may not be set here. */
export function forbiddenField(field: string, why: string): Cause {
  return { reason: "FieldValueForbidden", message: `Forbidden: ${why}`, field };
}

/** The value is not one of a closed set. */
export function notSupported(
  field: string,
  value: Json | undefined,
  set: readonly string[],
): Cause {
  const list = set.map((item) => `"${item}"`).join(", ");
  const message = `Unsupported value: ${shown(value)}: supported values: ${list}`;
  return { reason: "FieldValueNotSupported", message, field };
}

/** The value is there twice. */
export function duplicate(field: string, value: Json | undefined): Cause {
  return { reason: "FieldValueDuplicate", message: `Duplicate value: ${shown(value)}`, field };
}
