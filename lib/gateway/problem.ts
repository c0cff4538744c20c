/** Why something does not hold: the reason of a condition, and a sentence with the remedy. */
export interface Problem {
  readonly reason: string;
  readonly message: string;
}

/** Shorthand for a {@link Problem}. */
export function problem(reason: string, message: string): Problem {
  return { reason, message };
}

/** Several problems as one: the first reason, all the sentences; undefined for none. */
export function joined(problems: readonly Problem[]): Problem | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const messages = [...new Set(problems.map(({ message }) => message))];
  return { reason: first.reason, message: messages.join("; ") };
}
