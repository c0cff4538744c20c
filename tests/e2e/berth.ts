/** Runs the product under test as a person runs it: the `start` task of deno.json. */
import { join } from "node:path";
import { alive, until } from "./bed/mod.ts";

const ROOT = join(import.meta.dirname ?? ".", "..", "..");
const STOP_MS = 30_000;

/** How berth is started. */
export interface BerthOptions {
  /** Clusters to serve; only these, so that several beds do not meet. */
  readonly clusters: readonly string[];
  /** File for its log; appended to. */
  readonly log: string;
  /** Further arguments of `berth run`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A running berth. At the end of its scope it is stopped as by a person. */
export class Berth implements AsyncDisposable {
  readonly log: string;
  readonly #child: Deno.ChildProcess;
  #ended = false;

  constructor(child: Deno.ChildProcess, log: string) {
    this.#child = child;
    this.log = log;
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** True while it runs. */
  get running(): boolean {
    return !this.#ended && alive(this.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** SIGTERM, and the exit status. */
  async stop(): Promise<number> {
    if (this.running) this.#child.kill("SIGTERM");
    const late = setTimeout(() => this.running && this.#child.kill("SIGKILL"), STOP_MS);
    const { code } = await this.#child.status;
    clearTimeout(late);
    this.#ended = true;
    return code;
  }

  /** SIGKILL: no chance to clean up. */
  async kill(): Promise<void> {
    if (this.running) this.#child.kill("SIGKILL");
    await this.#child.status;
    this.#ended = true;
  }

  /** What it wrote so far. */
  async output(): Promise<string> {
    return await Deno.readTextFile(this.log);
  }
}

/** Starts `berth run`. It finds the clusters by itself, so nothing is waited for. */
export async function startBerth(options: BerthOptions): Promise<Berth> {
  const clusters = options.clusters.flatMap((name) => ["--cluster", name]);
  const args = ["run", ...clusters, ...options.args ?? []];
  const script = `exec >>"$0" 2>&1; ${await startCommand()} "$@"`;
  const child = new Deno.Command("sh", {
    args: ["-c", script, options.log, ...args],
    cwd: ROOT,
    stdin: "null",
    env: { ...options.env },
  }).spawn();
  const berth = new Berth(child, options.log);
  // A wrong flag or permission ends it at once: better told here than as a missing address.
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (!berth.running) throw new Error(`berth ended at once: ${await berth.output()}`);
  return berth;
}

/**
 * The command of the `start` task with its permissions, made to replace the shell: the process
 * that is signalled and killed has to be berth itself, not a task runner. BERTH_E2E_COMMAND names
 * another one, such as a compiled binary.
 */
async function startCommand(): Promise<string> {
  const chosen = Deno.env.get("BERTH_E2E_COMMAND");
  if (chosen) return `exec ${chosen}`;
  const config: unknown = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const { tasks } = config as { readonly tasks: Readonly<Record<string, Task>> };
  let command = commandOf(tasks.start);
  const other = /^deno task(?: --quiet)? (\S+)$/.exec(command)?.[1];
  if (other !== undefined) command = commandOf(tasks[other]);
  return command.replace(/(^|&& )deno run/, "$1exec deno run");
}

type Task = string | { readonly command?: string } | undefined;

function commandOf(task: Task): string {
  const command = typeof task === "string" ? task : task?.command;
  if (command === undefined) throw new Error("deno.json has no start task: nothing to test");
  return command;
}

/** Waits until berth's log holds a text. */
export async function logged(berth: Berth, text: string, limitMs = 20_000): Promise<void> {
  const holds = async () => (await berth.output()).includes(text);
  await until(holds, limitMs, `berth did not log "${text}"`);
}
