// deno-lint-ignore-file no-console -- scripts speak to people

/** Ends a check: prints its problems and exits with 1, or prints the summary. */
export function verdict(problems: readonly string[], summary: string): void {
  for (const problem of problems) console.error(`error: ${problem}`);
  if (problems.length > 0) Deno.exit(1);
  console.log(summary);
}
