/** Fails when a file with behaviour has no unit test, or a unit test mirrors no file. */
import { ROOT, sourceFiles } from "./module_graph.ts";
import { verdict } from "./verdict.ts";

/** Files that are exempt, each with its reason. */
export const EXEMPT: Readonly<Record<string, string>> = {};

/** True when a source holds code that can be right or wrong, not just types and re-exports. */
export function hasBehaviour(source: string): boolean {
  const code = source
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\/\/[^\n]*/g, "");
  return /\b(function|class)\b/.test(code) || /\bconst\s+\w+[^;]*=[^;]*=>/.test(code);
}

/** Where the unit test of a file stands: `lib/a/b.ts` → `tests/unit/a/b_test.ts`. */
export function testPath(file: string): string {
  const inside = file.startsWith("lib/") ? file.slice("lib/".length) : file;
  return `tests/unit/${inside.replace(/\.ts$/, "_test.ts")}`;
}

/** True when a test belongs to one of the files: same path, or with a topic (`b_property_test.ts`). */
export function mirrors(test: string, files: readonly string[]): boolean {
  const stem = test.replace(/_test\.ts$/, "");
  return files.some((file) => {
    const own = testPath(file).replace(/_test\.ts$/, "");
    return stem === own || stem.startsWith(`${own}_`);
  });
}

if (import.meta.main) {
  const files = [...sourceFiles("lib"), ...sourceFiles("scripts"), ...sourceFiles("workers")];
  const tests = sourceFiles("tests/unit").filter((path) => path.endsWith("_test.ts"));
  const problems = tests
    .filter((test) => !mirrors(test, files))
    .map((test) => `${test} mirrors no file`);
  for (const file of sourceFiles("lib")) {
    const exempt = file in EXEMPT || !hasBehaviour(await Deno.readTextFile(ROOT + file));
    if (!exempt && !tests.some((test) => mirrors(test, [file]))) {
      problems.push(`${file} has no test: expected ${testPath(file)}`);
    }
  }
  problems.push(
    ...Object.keys(EXEMPT).filter((file) => !files.includes(file))
      .map((file) => `${file} is exempt but does not exist`),
  );
  verdict(problems, `mirror: ${tests.length} tests cover ${files.length} files`);
}
