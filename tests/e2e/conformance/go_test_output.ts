/** Follows what a verbose Go test run prints. No I/O. */

/** What test2json mode puts before the lines that are the framework's own. */
const FRAMEWORK = "\x16";

/** How a test ended; "unfinished" when the run stopped before its end. */
export type Outcome = "passed" | "failed" | "skipped" | "unfinished";

/** What became of one test directly below the run's only top-level test. */
export interface TestResult {
  readonly name: string;
  readonly outcome: Outcome;
  /** From its (last) start to its end; Go's own figure leaves parallel subtests out. */
  readonly seconds: number;
  /** Everything that it logged, its own subtests included. */
  readonly lines: readonly string[];
}

interface Draft {
  outcome: Outcome;
  seconds: number;
  begin: number;
  readonly lines: string[];
}

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  PASS: "passed",
  FAIL: "failed",
  SKIP: "skipped",
};

/**
 * Reads the output of `-test.v=test2json`, in which results come as tests end; plain `-test.v`
 * works too, but tells them all at the end.
 */
export class GoTestOutput {
  readonly #tests = new Map<string, Draft>();
  readonly #outside: string[] = [];
  readonly #now: () => number;
  #current: string | undefined;

  /** `now` tells milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes one line; returns a test when the line ends it. */
  push(line: string): TestResult | undefined {
    const text = line.startsWith(FRAMEWORK) ? line.slice(FRAMEWORK.length) : line;
    const control = /^=== (RUN|CONT|PAUSE|NAME) *(\S*)/.exec(text);
    if (control !== null) {
      this.#turn(control[1] ?? "", control[2] ?? "");
      return undefined;
    }
    const end = /^\s*--- (PASS|FAIL|SKIP): (\S+) \(/.exec(text);
    if (end !== null) return this.#ended(end[2] ?? "", end[1] ?? "");
    const lines = this.#current === undefined ? this.#outside : this.#draft(this.#current).lines;
    lines.push(text);
    return undefined;
  }

  /** Every test that was started, in order. */
  results(): readonly TestResult[] {
    return [...this.#tests].map(([name, draft]) => resultOf(name, draft));
  }

  /** What was said outside of any test, such as why the set-up failed. */
  outside(): readonly string[] {
    return this.#outside;
  }

  /** What follows is said by this test; it starts, or goes on when its turn has come. */
  #turn(word: string, path: string): void {
    const name = testOf(path);
    this.#current = name;
    if (name === undefined) return;
    const draft = this.#draft(name);
    if (isWhole(path) && (word === "RUN" || word === "CONT")) draft.begin = this.#now();
  }

  #ended(path: string, word: string): TestResult | undefined {
    const name = testOf(path);
    if (name === undefined || !isWhole(path)) return undefined;
    const draft = this.#draft(name);
    draft.outcome = OUTCOMES[word] ?? "unfinished";
    draft.seconds = Math.round((this.#now() - draft.begin) / 10) / 100;
    return resultOf(name, draft);
  }

  #draft(name: string): Draft {
    return this.#tests.getOrInsertComputed(
      name,
      () => ({ outcome: "unfinished", seconds: 0, begin: this.#now(), lines: [] }),
    );
  }
}

/** Why a test failed, in one line: what its assertions said, else what it logged last. */
export function failureReason(lines: readonly string[]): string {
  const said = lines.flatMap((line, at) => {
    const text = /^\s*(?:Error|Messages):\s+(\S.*)$/.exec(line)?.[1]?.trim();
    if (text === undefined) return [];
    // what an assertion wraps stands on the next line
    return text.endsWith(":") ? `${text} ${lines[at + 1]?.trim() ?? ""}` : text;
  });
  const last = lines.findLast((line) => line.trim() !== "")?.trim() ?? "no output";
  return said.length === 0 ? last : [...new Set(said)].slice(0, 3).join("; ");
}

function resultOf(name: string, { outcome, seconds, lines }: Draft): TestResult {
  return { name, outcome, seconds, lines };
}

/** True for `Top/Test`, false for its parts. */
function isWhole(path: string): boolean {
  return path.split("/").length === 2;
}

/** `Top/Test/part/of/it` → `Test`. */
function testOf(path: string): string | undefined {
  return path.split("/")[1];
}
