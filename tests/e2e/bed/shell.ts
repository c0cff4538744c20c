/** Runs programs for the test bed: one call, one result, an error that carries what the program said. */

/** How much of a command line an error shows. */
const SHOWN = 160;

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text or bytes for its standard input, which is empty otherwise. */
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Gives the program our own input and output instead of collecting what it prints. */
  readonly inherit?: boolean;
}

/** What a finished program left. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit status. */
export async function runAnyway(
  command: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<RunResult> {
  const [program, ...args] = command;
  const out = options.inherit ? "inherit" : "piped";
  const child = new Deno.Command(program, {
    args,
    stdin: options.input !== undefined ? "piped" : options.inherit ? "inherit" : "null",
    stdout: out,
    stderr: out,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }).spawn();
  const fed = options.input === undefined ? undefined : feed(child.stdin, options.input);
  const [status, stdout, stderr] = await Promise.all([
    child.status,
    options.inherit ? "" : new Response(child.stdout).text(),
    options.inherit ? "" : new Response(child.stderr).text(),
    fed,
  ]);
  return { code: status.code, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
}

/** Runs a program and returns its standard output; throws when it fails. */
export async function run(
  command: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<string> {
  const result = await runAnyway(command, options);
  if (result.code !== 0) {
    const said = result.stderr || result.stdout || "no output";
    const line = command.join(" ");
    const shown = line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
    throw new Error(`"${shown}" ended with status ${result.code}: ${said}`);
  }
  return result.stdout;
}

/** True when the program exists on the PATH. */
export async function isInstalled(program: string): Promise<boolean> {
  return (await runAnyway(["sh", "-c", `command -v "$0"`, program])).code === 0;
}

async function feed(
  stdin: WritableStream<Uint8Array<ArrayBufferLike>>,
  input: string | Uint8Array,
): Promise<void> {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const writer = stdin.getWriter();
  // A program may end without reading its input; its exit status tells whether that is wrong.
  await writer.write(bytes).catch(() => {});
  await writer.close().catch(() => {});
}
