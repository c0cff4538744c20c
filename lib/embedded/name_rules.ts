import { invalidValue, required } from "./causes.ts";
import { asObject, isObject, type Json } from "./json.ts";
import type { Cause } from "./types.ts";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const LABEL_WORDS =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters " +
  "or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', " +
  "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_WORDS = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric " +
  "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. " +
  "'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const VALUE_WORDS =
  "a valid label must be an empty string or consist of alphanumeric characters, " +
  "'-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or " +
  "'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED_WORDS = "name part must consist of alphanumeric characters, '-', '_' or '.', and " +
  "must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', " +
  "regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/** How a name may look; `path` allows anything that can be a path segment. */
export type NameRule = "label" | "subdomain" | "path";

function tooLong(field: string, value: string, max: number): readonly Cause[] {
  if (value.length <= max) return [];
  return [invalidValue(field, value, `must be no more than ${max} characters`)];
}

/** What is wrong with a name under a rule (RFC 1123 label or subdomain, path segment). */
export function nameCauses(name: string, rule: NameRule, field: string): readonly Cause[] {
  if (rule === "path") {
    const bad = name === "." || name === ".." || /[/%]/.test(name);
    return bad ? [invalidValue(field, name, "may not be '.' or '..' or contain '/' or '%'")] : [];
  }
  const label = rule === "label";
  const fits = (label ? LABEL : SUBDOMAIN).test(name);
  const words = label ? LABEL_WORDS : SUBDOMAIN_WORDS;
  return [
    ...tooLong(field, name, label ? 63 : 253),
    ...(fits ? [] : [invalidValue(field, name, words)]),
  ];
}

/** What is wrong with a qualified name such as `example.com/class`. */
export function qualifiedNameCauses(name: string, field: string): readonly Cause[] {
  const slash = name.lastIndexOf("/");
  const prefix = slash < 0 ? undefined : name.slice(0, slash);
  const part = name.slice(slash + 1);
  const bad = part.length > 63
    ? "name part must be no more than 63 characters"
    : QUALIFIED.test(part)
    ? undefined
    : QUALIFIED_WORDS;
  const badPrefix = prefix !== undefined && !SUBDOMAIN.test(prefix)
    ? [invalidValue(field, name, `prefix part ${SUBDOMAIN_WORDS}`)]
    : [];
  return [...badPrefix, ...(bad ? [invalidValue(field, name, bad)] : [])];
}

/** What is wrong with a map of labels. */
export function labelCauses(labels: Json | undefined, field: string): readonly Cause[] {
  if (labels !== undefined && !isObject(labels)) {
    return [invalidValue(field, labels, "must be an object of strings")];
  }
  return Object.entries(asObject(labels)).flatMap(([key, value]) => [
    ...qualifiedNameCauses(key, field),
    ...(typeof value === "string" && LABEL_VALUE.test(value) && value.length <= 63
      ? []
      : [invalidValue(field, value, VALUE_WORDS)]),
  ]);
}

/** What is wrong with a name that must be there. */
export function requiredName(name: string, rule: NameRule, field: string): readonly Cause[] {
  return name === ""
    ? [required(field, "name or generateName is required")]
    : nameCauses(name, rule, field);
}
