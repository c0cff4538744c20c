import {
  domainProblem,
  headerNameProblem,
  headerValueProblem,
  hostProblem,
  writtenPathProblem,
} from "../../../proxy/mod.ts";
import type { HeaderEdit, PathEdit } from "../../../proxy/types.ts";

/** True for what RFC 9110 calls a token: names of headers and methods. */
export function isToken(text: string): boolean {
  return headerNameProblem(text) === undefined;
}

/** True for text that may stand in a header. */
export function isValue(text: string): boolean {
  return headerValueProblem(text) === undefined;
}

/** True for a domain of a virtual host: a name, `*.` and a name, or `*`. */
export function isDomain(text: string): boolean {
  return text === "*" || isServerName(text);
}

/** True for a server name of TLS: a name, or `*.` and a name. */
export function isServerName(text: string): boolean {
  return domainProblem(text) === undefined;
}

/** Why a host of a rewrite or redirect cannot be. */
export function hostProblems(host: string | undefined): readonly string[] {
  const wrong = host === undefined ? undefined : hostProblem(host);
  return wrong === undefined ? [] : [wrong];
}

/** Why a path of a rewrite or redirect cannot be; an empty one means `/`. */
export function pathEditProblems(edit: PathEdit | undefined): readonly string[] {
  if (edit === undefined || edit.value === "") return [];
  const wrong = writtenPathProblem(edit.value);
  return wrong === undefined ? [] : [wrong];
}

/** Why Envoy would refuse edits of headers. */
export function editProblems(...edits: readonly (HeaderEdit | undefined)[]): readonly string[] {
  return edits.flatMap(headerProblems);
}

/** True for whole numbers of a range. */
export function within(
  value: number,
  range: { readonly from: number; readonly to: number },
): boolean {
  return Number.isInteger(value) && value >= range.from && value <= range.to;
}

function headerProblems(edit: HeaderEdit | undefined): readonly string[] {
  if (edit === undefined) return [];
  const written = [...edit.set, ...edit.add];
  const names = [...written.map(({ name }) => name), ...edit.remove];
  return [
    ...names.filter((name) => !isToken(name))
      .map((name) => `header name "${name}" holds characters that none may: change it`),
    ...written.filter(({ value }) => !isValue(value))
      .map(({ name }) => `the value of header "${name}" is too long or holds control characters`),
    ...(names.length > 500 ? [`${names.length} headers are edited: 500 are possible`] : []),
  ];
}
