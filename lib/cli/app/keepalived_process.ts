import { getLogger } from "@logtape/logtape";
import { AppError, type Clock, errorText } from "../../core/mod.ts";
import type { CheckResult } from "../../keepalived/mod.ts";
import type { ConfPorts } from "./conf_keeper.ts";

const log = getLogger(["berth", "keepalived"]);

/** Back-off between starts of a keepalived that ends by itself, milliseconds. */
const firstDelay = 500;
const longestDelay = 30_000;
/** A keepalived that ran for so long has not failed at once, milliseconds. */
const goodRun = 60_000;
/** Time to give its addresses back, milliseconds. */
const stopTime = 10_000;

/** How keepalived is called. */
export interface KeepalivedOptions {
  readonly program: string;
  readonly conf: string;
  readonly pidFile: string;
  readonly vrrpOnly: boolean;
  readonly clock: Clock;
}

/** The file, the check, and the reload of a keepalived that somebody else runs. */
export function keepalivedPorts(options: KeepalivedOptions): ConfPorts {
  const { conf } = options;
  const staged = `${conf}.new`;
  return {
    current: () => readIfThere(conf),
    stage: (text) => Deno.writeTextFile(staged, text, { mode: 0o644 }),
    check: () => check(options, staged),
    adopt: () => Deno.rename(staged, conf),
    reload: () => reload(options),
  };
}

/** A keepalived that is our child; disposing ends it, and it gives its addresses back. */
export class KeepalivedChild implements AsyncDisposable {
  readonly #options: KeepalivedOptions;
  readonly #stop = new AbortController();
  #child: Deno.ChildProcess | undefined;
  #running: Promise<void> | undefined;

  constructor(options: KeepalivedOptions) {
    this.#options = options;
  }

  /** The same ports, with this child to reload. */
  ports(): ConfPorts {
    return { ...keepalivedPorts(this.#options), reload: () => this.#reload() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#signal("SIGTERM");
    const done = new AbortController();
    const late = this.#options.clock.sleep(stopTime, done.signal)
      .then(() => this.#signal("SIGKILL"), () => {});
    await this.#running;
    done.abort();
    await late;
  }

  /** The first start tells its caller when it fails: no check may have come before. */
  async #reload(): Promise<void> {
    if (this.#child !== undefined) this.#signal("SIGHUP");
    else if (this.#running === undefined) this.#running = this.#run(this.#spawn());
    await Promise.resolve();
  }

  #signal(name: Deno.Signal): void {
    try {
      this.#child?.kill(name);
    } catch {
      // it ended in between: the loop that runs it knows
    }
  }

  /** Runs it, again and again while it ends by itself. */
  async #run(first: Deno.ChildProcess): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    let delay = firstDelay;
    let child: Deno.ChildProcess | undefined = first;
    while (!signal.aborted) {
      const started = clock.now();
      const code = await this.#end(child);
      child = undefined;
      if (signal.aborted) return;
      if (clock.now() - started > goodRun) delay = firstDelay;
      // at once: most often one that was left behind still runs
      const { pidFile } = this.#options;
      log.error("keepalived ended, starting it again", { code, delay, pidFile });
      await clock.sleep(delay, signal).catch(() => {});
      delay = Math.min(delay * 2, longestDelay);
    }
  }

  /** Its exit code; undefined when it could not be started. */
  async #end(child: Deno.ChildProcess | undefined): Promise<number | undefined> {
    try {
      const { code } = await (child ?? this.#spawn()).status;
      return code;
    } catch (error) {
      log.error("keepalived cannot be started", { error: errorText(error) });
      return undefined;
    } finally {
      this.#child = undefined;
    }
  }

  #spawn(): Deno.ChildProcess {
    const { program, conf, pidFile, vrrpOnly } = this.#options;
    const stem = pidFile.replace(/\.pid$/, "");
    const command = new Deno.Command(program, {
      args: [
        ...["--dont-fork", "--log-console", "--release-vips"],
        ...["-f", conf, "-p", pidFile, "-r", `${stem}_vrrp.pid`, "-c", `${stem}_checkers.pid`],
        ...vrrpOnly ? ["-P"] : [],
      ],
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
    });
    try {
      return this.#child = command.spawn();
    } catch (cause) {
      throw cannotRun(program, cause);
    }
  }
}

async function check(
  { program, vrrpOnly }: KeepalivedOptions,
  file: string,
): Promise<CheckResult> {
  try {
    const args = ["-t", "-f", file, ...vrrpOnly ? ["-P"] : []];
    const command = new Deno.Command(program, { args, stdin: "null", stdout: "null" });
    const { code, stderr } = await command.output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  } catch (cause) {
    throw cannotRun(program, cause);
  }
}

function cannotRun(program: string, cause: unknown): AppError {
  if (cause instanceof Deno.errors.NotCapable) {
    const message = `berth may not run ${program}: start the agent with --allow-run=${program}`;
    return new AppError(message, { kind: "forbidden", cause });
  }
  const message = `cannot run ${program}: install keepalived, or name it with --keepalived`;
  return new AppError(message, { kind: "unavailable", cause });
}

/** One that does not run reads the file when it starts. */
async function reload({ pidFile }: KeepalivedOptions): Promise<void> {
  const pid = Number((await readIfThere(pidFile))?.trim());
  if (!Number.isInteger(pid) || pid < 2) {
    log.warn("keepalived is not running, so nothing was reloaded", { pidFile });
    return;
  }
  // Deno's own kill would need the right to run anything
  const command = new Deno.Command("kill", { args: ["-HUP", `${pid}`], stdin: "null" });
  const { success } = await command.output().catch((cause) => {
    throw cannotSignal(cause);
  });
  if (!success) log.warn("keepalived is not running, so nothing was reloaded", { pidFile, pid });
}

function cannotSignal(cause: unknown): AppError {
  const message = "cannot run kill to reload keepalived: start the agent with " +
    "--allow-run=keepalived,kill, or with --spawn";
  return new AppError(message, { kind: "forbidden", cause });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
