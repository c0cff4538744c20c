/**
 * Program of the engine-restart scenario. It runs in a network namespace of its own with an
 * engine of its own, so that the machine's engine and its rules are not touched.
 */
import { join } from "node:path";
import { alive, engineAnswers, run, until } from "./bed/mod.ts";
import { answered, askHttp } from "./net_client.ts";
import { scenario } from "./scenario.ts";

const folder = await Deno.makeTempDir({ prefix: "berth-engine-" });
const socket = join(folder, "docker.sock");
// Where a rootless engine's socket lies: a place that berth may read.
Deno.env.set("XDG_RUNTIME_DIR", folder);
Deno.env.set("DOCKER_HOST", `unix://${socket}`);
Deno.env.set("KIND_EXPERIMENTAL_DOCKER_NETWORK", "kind");

async function startEngine(): Promise<Deno.ChildProcess> {
  const own = ["--data-root", "--exec-root", "--pidfile"].flatMap((flag) => [
    flag,
    join(folder, flag.slice(2)),
  ]);
  const child = new Deno.Command("dockerd", {
    args: [...own, "--host", `unix://${socket}`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await until(engineAnswers, 30_000, "the engine of the scenario did not start");
  return child;
}

async function stopEngine(engine: Deno.ChildProcess): Promise<void> {
  if (alive(engine.pid)) engine.kill("SIGTERM");
  await engine.status;
}

await run(["ip", "link", "set", "lo", "up"]);
let engine = await startEngine();
try {
  await using world = await scenario("engine", { workers: 1 });
  await world.bed.deployBackend("web");
  const address = await world.expose("web");
  await answered(() => askHttp(address, 80));
  await stopEngine(engine);
  engine = await startEngine();
  await world.bed.apiReady();
  await answered(() => askHttp(address, 80), 60_000).catch(async (error) => {
    const pods = await world.bed.kubectl("get", "nodes,pods,services,endpointslices", "-o", "wide");
    const holders = await world.holders(address);
    const log = (await world.berth.output()).split("\n").slice(-30).join("\n");
    throw new Error(`${error.message}; on ${holders}\n${pods}\n${log}`);
  });
  await Deno.stdout.write(new TextEncoder().encode(`${address} answers again\n`));
} finally {
  await stopEngine(engine);
  await Deno.remove(folder, { recursive: true });
}
