import { wrap } from "./text_table.ts";

/** How a check came out; `skip` when an earlier failure makes it pointless. */
export type Verdict = "ok" | "warn" | "fail" | "skip";

/** One line of `berth doctor`. */
export interface Check {
  readonly name: string;
  readonly verdict: Verdict;
  /** What was found. */
  readonly detail: string;
  /** What to do about a warning or failure. */
  readonly remedy?: string;
}

/** `berth doctor` for people: verdict, name and finding, the remedy below. */
export function doctorText(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length), 0);
  const lines = checks.flatMap(({ name, verdict, detail, remedy }) => {
    const head = `${verdict.padEnd(4)}  ${name.padEnd(width)}  `;
    const [first = "", ...more] = wrap(detail, " ".repeat(head.length));
    return [
      `${head}${first.trim()}`,
      ...more,
      ...remedy === undefined ? [] : wrap(`-> ${remedy}`, " ".repeat(head.length)),
    ];
  });
  return [...lines, "", summary(checks), ""].join("\n");
}

/** True when something stops berth from serving. */
export function hasFailure(checks: readonly Check[]): boolean {
  return checks.some(({ verdict }) => verdict === "fail");
}

function summary(checks: readonly Check[]): string {
  const count = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length;
  const failures = count("fail");
  if (failures > 0) return `${failures} of ${checks.length} checks failed`;
  const warnings = count("warn");
  if (warnings === 0) return "ready";
  return `ready, with ${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
}
