/** What `keepalived -t` said. */
export interface CheckResult {
  readonly code: number;
  readonly stderr: string;
}

/**
 * Why a file must not be used; undefined when it may. keepalived exits with 5 for mere warnings,
 * too, but of these berth writes none, so any complaint means that something is not as it should be.
 */
export function checkProblem({ code, stderr }: CheckResult): string | undefined {
  if (code === 0) return undefined;
  const said = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const first = said.slice(0, 3).join("; ") || "it gave no reason";
  return `keepalived refuses the new configuration (status ${code}): ${first}`;
}
