/** The container engine: the one that answers, or one of our own for the length of a run. */
import { join } from "node:path";
import { cacheDirectory } from "./cache.ts";
import { isInstalled, run, runAnyway } from "./shell.ts";

const START_MS = 30_000;
const STOP_MS = 20_000;

/** Runs an engine command and returns what it printed. */
export async function docker(...args: readonly string[]): Promise<string> {
  return await run(["docker", ...args]);
}

/** True when the engine answers on DOCKER_HOST (or its default socket). */
export async function engineAnswers(): Promise<boolean> {
  return (await runAnyway(["docker", "version", "--format", "{{.Server.Version}}"])).code === 0;
}

/** Starts an engine when none answers; returns its process id, or undefined when one was there. */
export async function startEngine(): Promise<number | undefined> {
  if (await engineAnswers()) return undefined;
  if (!await isInstalled("dockerd")) {
    throw new Error("no container engine answers and dockerd is not installed: install docker.io");
  }
  await Deno.mkdir(cacheDirectory(), { recursive: true });
  const log = join(cacheDirectory(), "dockerd.log");
  const script = 'setsid dockerd >"$0" 2>&1 </dev/null & echo $!';
  const pid = Number(await run(["sh", "-c", script, log]));
  await until(engineAnswers, START_MS, `the engine did not start: see ${log}`);
  return pid;
}

/** Stops an engine that `startEngine` started. */
export async function stopEngine(pid: number): Promise<void> {
  if (!alive(pid)) return;
  Deno.kill(pid, "SIGTERM");
  await until(() => Promise.resolve(!alive(pid)), STOP_MS, `engine process ${pid} does not end`);
}

/** Waits until `check` holds; throws with `complaint` when it takes longer than `limitMs`. */
export async function until(
  check: () => Promise<boolean>,
  limitMs: number,
  complaint: string,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!await check()) {
    if (performance.now() > deadline) throw new Error(`${complaint} (waited ${limitMs} ms)`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** True while a process lives and is no zombie. */
export function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}
