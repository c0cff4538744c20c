import { clip } from "../addresses/mod.ts";
import type { LabelRequirement, LabelSelector } from "../core/mod.ts";
import type { PoolProblem } from "../addresses/types.ts";

/** Operators of `matchExpressions`. */
const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

/** Reads the fields of one YAML mapping and collects what is wrong with them. */
export class FieldReader {
  readonly problems: PoolProblem[] = [];
  readonly #key: string;
  readonly #known: readonly string[];
  #fields: Readonly<Record<string, unknown>> = {};

  constructor({ key, known }: { readonly key: string; readonly known: readonly string[] }) {
    this.#key = key;
    this.#known = known;
  }

  /** Takes the mapping; false when it is none. */
  open(source: { readonly value: unknown } | { readonly wrong: string }): boolean {
    if ("wrong" in source) {
      this.#error("", `is no YAML (${source.wrong}): write it like "addresses: [10.0.0.0/24]"`);
      return false;
    }
    if (!isRecord(source.value)) {
      this.#error("", `must be a YAML mapping: write it like "addresses: [10.0.0.0/24]"`);
      return false;
    }
    this.#fields = source.value;
    for (const name of Object.keys(this.#fields)) {
      if (this.#known.includes(name)) continue;
      // it may have been meant to keep somebody out
      this.#error(name, `is not known: use ${this.#known.join(", ")}`);
    }
    const addresses = this.#fields["addresses"] ?? "";
    if (addresses === "" || (Array.isArray(addresses) && addresses.length === 0)) {
      this.#error("addresses", "is missing: list prefixes or ranges");
    }
    return true;
  }

  /** Texts, from a list or a comma separated text. */
  list(name: string): readonly string[] {
    const value = this.#fields[name] ?? [];
    const items = Array.isArray(value) ? value : [value];
    const texts = items.filter((item) => typeof item === "string");
    if (texts.length < items.length) this.#error(name, "must be a list of texts: quote its items");
    return texts.flatMap((text) => text.split(",")).map((text) => text.trim())
      .filter((text) => text !== "");
  }

  /** What cannot be read counts as `narrow`, with which fewer addresses are given. */
  flag(
    name: string,
    { otherwise, narrow }: { readonly otherwise: boolean; readonly narrow: boolean },
  ): boolean {
    const value = this.#fields[name] ?? otherwise;
    if (typeof value === "boolean") return value;
    this.#error(name, `counts as ${narrow}: write true or false, without quotes`);
    return narrow;
  }

  whole(name: string): number {
    const value = this.#fields[name] ?? 0;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    this.#warn(name, "counts as 0: write a whole number, the lowest goes first");
    return 0;
  }

  word(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    this.#warn(name, "is not used: write a text");
    return undefined;
  }

  choice<const T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.#fields[name];
    const known = values.find((word) => word === value);
    if (known === undefined && value !== undefined) {
      this.#warn(name, `is not used: write ${values.join(" or ")}`);
    }
    return known;
  }

  /** Labels, or a LabelSelector as Kubernetes has it; undefined when absent. */
  selector(name: string): LabelSelector | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    const selector = isRecord(value) ? readSelector(value) : undefined;
    if (selector === undefined) {
      this.#error(name, "cannot be read: write labels, or matchLabels and matchExpressions");
    }
    return selector;
  }

  #error(name: string, what: string): void {
    this.#report("error", { name, what });
  }

  #warn(name: string, what: string): void {
    this.#report("warning", { name, what });
  }

  #report(
    severity: PoolProblem["severity"],
    { name, what }: { readonly name: string; readonly what: string },
  ): void {
    const value = clip(JSON.stringify(this.#fields[name]) ?? "");
    const field = name === "" ? "its value" : `field ${name} ${value}`.trimEnd();
    this.problems.push({
      severity,
      key: this.#key,
      value,
      message: `${this.#key}: ${field} ${what}`,
    });
  }
}

function readSelector(fields: Readonly<Record<string, unknown>>): LabelSelector | undefined {
  const long = "matchLabels" in fields || "matchExpressions" in fields;
  const labels = long ? fields["matchLabels"] ?? {} : fields;
  const lines = long ? fields["matchExpressions"] ?? [] : [];
  if (!isRecord(labels) || !Array.isArray(lines)) return undefined;
  const matchLabels = Object.entries(labels).flatMap(([label, value]) =>
    typeof value === "string" ? [[label, value] as const] : []
  );
  const matchExpressions = lines.flatMap((line) => readRequirement(line) ?? []);
  const whole = matchLabels.length === Object.keys(labels).length &&
    matchExpressions.length === lines.length;
  return whole ? { matchLabels: Object.fromEntries(matchLabels), matchExpressions } : undefined;
}

function readRequirement(line: unknown): LabelRequirement | undefined {
  if (!isRecord(line) || typeof line["key"] !== "string") return undefined;
  const operator = operators.find((known) => known === line["operator"]);
  const values = line["values"] ?? [];
  if (operator === undefined || !Array.isArray(values)) return undefined;
  const texts = values.filter((value) => typeof value === "string");
  return texts.length === values.length ? { key: line["key"], operator, values: texts } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
