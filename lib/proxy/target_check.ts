import { headerValueProblem } from "./header_check.ts";

const host = /^[A-Za-z0-9._:[\]-]{1,253}$/;

/** What is wrong with a host that requests are sent or redirected to, or undefined. */
export function hostProblem(text: string): string | undefined {
  return host.test(text) ? undefined : `"${text}" is not a host: use a DNS name`;
}

const domain = /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/**
 * What is wrong with a name that requests or TLS clients ask for, lower case and perhaps with `*.`
 * in front, or undefined. The Kubernetes APIs take longer labels than DNS has.
 */
export function domainProblem(text: string): string | undefined {
  if (domain.test(text) && text.length <= 253) return undefined;
  return `"${text}" is no DNS name: use labels of up to 63 letters, digits and hyphens, and 253 in all`;
}

/** What is wrong with a path that requests are compared with, or undefined. */
export function matchedPathProblem(path: string): string | undefined {
  const wrong = writtenPathProblem(path);
  if (wrong !== undefined) return wrong;
  return /[?#]/.test(path) ? `path "${path}" has ? or #: leave out what follows` : undefined;
}

/** What is wrong with a path that requests get instead of their own, or undefined. */
export function writtenPathProblem(path: string): string | undefined {
  if (!path.startsWith("/")) return `path "${path}" does not begin with /: put one in front`;
  const wrong = headerValueProblem(path);
  return wrong === undefined ? undefined : `path: ${wrong}`;
}
