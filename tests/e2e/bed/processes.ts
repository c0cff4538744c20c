/** Background processes of the bed on this machine, known by their pid files. */
import { join } from "node:path";
import { alive, until } from "./engine.ts";
import type { KubeletSettings } from "./kubelet/main.ts";
import { run } from "./shell.ts";

/** Starts the kubelet stand-in of a cluster, apart from this process. */
export async function startKubelet(settings: KubeletSettings): Promise<void> {
  const { directory, name } = settings.shape;
  await Deno.writeTextFile(join(directory, "settings.json"), JSON.stringify(settings));
  const program = join(import.meta.dirname ?? ".", "kubelet", "main.ts");
  const script = 'log=$1; shift; setsid "$0" "$@" >"$log" 2>&1 </dev/null & echo $!';
  const args = [join(directory, "kubelet.log"), "run", "-A", "--no-lock", program, name];
  const pid = await run(["sh", "-c", script, Deno.execPath(), ...args]);
  await Deno.writeTextFile(join(directory, "kubelet.pid"), pid);
}

/** Ends the process of a pid file, if it still is the bed's. */
export async function endProcess(pidFile: string): Promise<void> {
  const pid = Number(await Deno.readTextFile(pidFile).catch(() => ""));
  if (!(pid > 1) || !await isKubelet(pid)) return;
  Deno.kill(pid, "SIGTERM");
  await until(() => Promise.resolve(!alive(pid)), 10_000, `process ${pid} does not end`);
}

/** Process ids are used again: the command line tells whether it is ours. */
async function isKubelet(pid: number): Promise<boolean> {
  const line = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
  return line.includes("kubelet/main.ts");
}
