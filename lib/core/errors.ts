/** What went wrong, as a closed set: decides retry, event reason and metric label. */
export type ErrorKind =
  | "invalid" // bad input: only a changed object can mend it
  | "conflict" // lost a race or an address is taken: try again on fresh state
  | "exhausted" // no address, no node, no resource left: wait for a change, retry slowly
  | "not-found"
  | "forbidden" // permission or credential problem: a person must act
  | "unavailable" // the other side is down, busy or gone midway: retry with back-off
  | "timeout"
  | "canceled"
  | "internal"; // our own defect

/** Options of {@link AppError}. */
export interface AppErrorOptions {
  readonly kind: ErrorKind;
  readonly cause?: unknown;
}

/**
 * An error with a kind that decides its handling.
 *
 * @example
 * ```ts
 * import { AppError, errorKind } from "./errors.ts";
 * const error = new AppError("pool is full: add addresses to it", { kind: "exhausted" });
 * if (errorKind(error) !== "exhausted") throw error;
 * ```
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly kind: ErrorKind;

  constructor(message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind;
  }
}

/** A value on the command line, or in its variables, that nothing can be done with. */
export class UsageError extends AppError {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? { kind: "invalid" } : { kind: "invalid", cause });
  }
}

/** The kind of any thrown value; foreign errors are `internal`, aborts are `canceled`. */
export function errorKind(error: unknown): ErrorKind {
  if (error instanceof AppError) return error.kind;
  if (error instanceof DOMException && error.name === "AbortError") return "canceled";
  if (error instanceof DOMException && error.name === "TimeoutError") return "timeout";
  return "internal";
}

/** True when trying again without a new event can help. */
export function isRetryable(kind: ErrorKind): boolean {
  return kind !== "invalid" && kind !== "canceled";
}

/** The text of any thrown value, with the messages of its causes. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const message = isDenial(error) ? denialText(error.message) : error.message;
  if (!(cause instanceof Error)) return message;
  const why = errorText(cause);
  return message.includes(cause.message) || message.includes(why) ? message : `${message}: ${why}`;
}

/** True when the runtime's sandbox refused something: no second try can help. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && (isDenial(error) || isDenied(error.cause));
}

/** By name: not every runtime has the class. */
function isDenial({ name }: Error): boolean {
  return name === "NotCapable";
}

/** The runtime's words for `deno run`, as our own with the exact flag. */
function denialText(message: string): string {
  const [, what, place, flag] =
    /^Requires (.+) access(?: to "([^"]*)")?, run again with the (--allow-[a-z]+) flag/.exec(
      message,
    ) ??
      [];
  if (flag === undefined) return message;
  const value = place === undefined ? "" : `=${place}`;
  return `berth has no ${what} permission: start it with deno run ${flag}${value}`;
}
