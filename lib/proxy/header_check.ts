const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}$/; // RFC 9110, section 5.6.2
// deno-lint-ignore no-control-regex
const forbidden = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Largest value of a header, in bytes. */
const MAX_VALUE = 16_384;

/** What is wrong with the name of a header, or undefined. */
export function headerNameProblem(name: string): string | undefined {
  return token.test(name)
    ? undefined
    : `"${name}" is not a header name: use letters, digits and hyphens`;
}

/** What is wrong with the value of a header, or with a text that becomes part of one. */
export function headerValueProblem(value: string): string | undefined {
  if (forbidden.test(value) || !value.isWellFormed()) {
    return `${JSON.stringify(value)} has control characters: remove them`;
  }
  const { length } = new TextEncoder().encode(value);
  return length > MAX_VALUE ? `${length} bytes are too many: use up to ${MAX_VALUE}` : undefined;
}

/** What is wrong with a method of HTTP, or undefined. */
export function methodProblem(method: string): string | undefined {
  return token.test(method) ? undefined : `"${method}" is not a method: use letters`;
}
