const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/; // RFC 9110, section 5.6.2
// deno-lint-ignore no-control-regex
const forbidden = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** What is wrong with the name of a header that is to be matched, or undefined. */
export function headerNameProblem(name: string): string | undefined {
  return token.test(name)
    ? undefined
    : `"${name}" is not a header name: use letters, digits and hyphens`;
}

/** What is wrong with the name of a header that is to be set, added or removed, or undefined. */
export function editedHeaderProblem(name: string): string | undefined {
  if (name.toLowerCase() === "host") {
    return `header "${name}" cannot be edited: rewrite the host name instead`;
  }
  return headerNameProblem(name);
}

/** What is wrong with the value of a header, or undefined. */
export function headerValueProblem(value: string): string | undefined {
  return forbidden.test(value)
    ? `${JSON.stringify(value)} has control characters: remove them`
    : undefined;
}
