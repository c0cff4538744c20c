/** Reads the report of a Kubernetes test run. Pure. */

/** How a test ended. */
export interface SpecResult {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly seconds: number;
  /** Why it failed or skipped itself. */
  readonly message: string;
}

interface Spec {
  readonly ContainerHierarchyTexts: readonly string[] | null;
  readonly LeafNodeText: string;
  readonly LeafNodeType: string;
  readonly State: string;
  readonly NumAttempts: number;
  readonly RunTime: number;
  readonly Failure?: { readonly Message?: string };
}

/** The tests that were started; those that the filter left out are not there. */
export function specResults(json: string): SpecResult[] {
  const suites = JSON.parse(json) as readonly { readonly SpecReports?: readonly Spec[] }[];
  return suites
    .flatMap((suite) => suite.SpecReports ?? [])
    .filter((spec) => spec.LeafNodeType === "It" && spec.NumAttempts > 0)
    .map((spec) => ({
      name: [...spec.ContainerHierarchyTexts ?? [], spec.LeafNodeText].join(" "),
      outcome: outcomeOf(spec.State),
      seconds: Math.round(spec.RunTime / 1e9),
      message: (spec.Failure?.Message ?? "").split("\n")[0] ?? "",
    }));
}

function outcomeOf(state: string): SpecResult["outcome"] {
  if (state === "passed" || state === "skipped") return state;
  return "failed";
}
