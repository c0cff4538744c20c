/**
 * The berth command: arguments in, exit code out.
 *
 * Exit codes: 0 success and being told to stop, 1 failure, 2 bad command line, 130 second signal.
 */
import process from "node:process";
import type { Streams } from "./lib/cli/mod.ts";

/** Windows knows only the first. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

/** A terminal signals a whole group, and `deno task` passes its own on: one Ctrl-C comes thrice. */
const SAME_SIGNAL_MS = 500;

const stop = new AbortController();

/** The first signal asks for an orderly end, a later one does not wait for it. */
function signalHandler(): () => void {
  let toldAt: number | undefined;
  return () => {
    const now = performance.now();
    if (toldAt !== undefined && now - toldAt > SAME_SIGNAL_MS) Deno.exit(130);
    toldAt ??= now;
    stop.abort(new DOMException("told to stop", "AbortError"));
  };
}

/** Writes at once; a reader that went away (`berth status | head`) is no failure. */
function writer(stream: { writeSync(bytes: Uint8Array): number }): (text: string) => void {
  const encoder = new TextEncoder();
  return (text) => {
    try {
      let bytes = encoder.encode(text);
      while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  };
}

/** All variables, or none where berth may not read them: they are then as if they were not set. */
function environment(): Record<string, string | undefined> {
  try {
    return Deno.env.toObject();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    // libraries look at variables, too, and would end the program
    return process.env = {};
  }
}

const env = environment();
// only now: libraries look at variables as soon as they are loaded
const { createWiring, runProgram } = await import("./lib/cli/mod.ts");
const streams: Streams = {
  ...{ out: writer(Deno.stdout), err: writer(Deno.stderr) },
  ...(Deno.stdout.isTerminal() ? { width: Deno.consoleSize().columns } : {}),
};
const onSignal = signalHandler();
for (const signal of SIGNALS) Deno.addSignalListener(signal, onSignal);
const code = await runProgram(Deno.args, {
  process: { env: (name) => env[name], streams, signal: stop.signal },
  wiring: createWiring(env),
});
// what a library left open must not keep a finished program alive
Deno.exit(code);
