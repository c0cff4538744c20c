import { badRequest } from "./api_error.ts";

/** One term of a label selector. */
export interface Requirement {
  readonly key: string;
  readonly operator: "in" | "notin" | "exists" | "absent" | "gt" | "lt";
  readonly values: readonly string[];
}

/** A label selector: every requirement must hold. */
export type LabelSelector = readonly Requirement[];

type Labels = Readonly<Record<string, string>>;

const KEY = "[A-Za-z0-9][A-Za-z0-9._/-]*";
const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => Requirement])[] = [
  [new RegExp(`^(${KEY})\\s+in\\s*\\(([^()]*)\\)$`), (m) => setTerm(m, "in")],
  [new RegExp(`^(${KEY})\\s+notin\\s*\\(([^()]*)\\)$`), (m) => setTerm(m, "notin")],
  [new RegExp(`^(${KEY})\\s*(?:==|=)\\s*([^=!<>,()\\s]*)$`), (m) => valueTerm(m, "in")],
  [new RegExp(`^(${KEY})\\s*!=\\s*([^=!<>,()\\s]*)$`), (m) => valueTerm(m, "notin")],
  [new RegExp(`^(${KEY})\\s*>\\s*(-?\\d+)$`), (m) => valueTerm(m, "gt")],
  [new RegExp(`^(${KEY})\\s*<\\s*(-?\\d+)$`), (m) => valueTerm(m, "lt")],
  [new RegExp(`^!\\s*(${KEY})$`), (m) => ({ key: m[1] ?? "", operator: "absent", values: [] })],
  [new RegExp(`^(${KEY})$`), (m) => ({ key: m[1] ?? "", operator: "exists", values: [] })],
];

function valueTerm(match: RegExpExecArray, operator: Requirement["operator"]): Requirement {
  return { key: match[1] ?? "", operator, values: [match[2] ?? ""] };
}

function setTerm(match: RegExpExecArray, operator: "in" | "notin"): Requirement {
  const values = (match[2] ?? "").split(",").map((value) => value.trim());
  return { key: match[1] ?? "", operator, values: [...new Set(values)].sort() };
}

/** Splits at commas outside parentheses. */
function splitTerms(text: string): readonly string[] {
  const terms = text.match(/(?:[^,(]|\([^)]*\)?)+/g) ?? [];
  return terms.map((term) => term.trim());
}

function parseTerm(term: string): Requirement {
  for (const [pattern, build] of PATTERNS) {
    const match = pattern.exec(term);
    if (match) return build(match);
  }
  throw badRequest(`unable to parse requirement: ${JSON.stringify(term)} is not a label selector`);
}

/**
 * Reads a selector such as `app=web,tier in (a,b),!canary`.
 *
 * @throws {ApiError} 400 when a term cannot be read
 *
 * @example
 * ```ts
 * import { matchesLabels, parseLabelSelector } from "./label_selector.ts";
 * const selector = parseLabelSelector("app=web,tier notin (a,b)");
 * if (!matchesLabels(selector, { app: "web" })) throw new Error("should match");
 * ```
 */
export function parseLabelSelector(text: string): LabelSelector {
  if (text.trim() === "") return [];
  const terms = splitTerms(text);
  if (/(^|,)\s*(,|$)/.test(text.replace(/\([^)]*\)/g, "()"))) {
    throw badRequest(`unable to parse requirement: empty term in ${JSON.stringify(text)}`);
  }
  return terms.map(parseTerm);
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "in":
      return value !== undefined && values.includes(value);
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "gt":
      return value !== undefined && /^-?\d+$/.test(value) && Number(value) > Number(values[0]);
    case "lt":
      return value !== undefined && /^-?\d+$/.test(value) && Number(value) < Number(values[0]);
  }
}

/** True when every requirement holds for the labels. */
export function matchesLabels(selector: LabelSelector, labels: Labels | undefined): boolean {
  return selector.every((requirement) => holds(requirement, labels ?? {}));
}

/** True when the labels hold every pair of a plain selector map (a Service's `spec.selector`). */
export function matchesMap(selector: Labels, labels: Labels | undefined): boolean {
  return Object.entries(selector).every(([key, value]) => labels?.[key] === value);
}
