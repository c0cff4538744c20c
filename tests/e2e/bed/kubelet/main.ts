/**
 * The kubelet stand-in of one bed cluster: runs every bound Pod as a container behind its node.
 * Usage: deno run -A main.ts CLUSTER   (ends by itself when the cluster's containers are gone)
 */
import { join } from "node:path";
import { ensurePart } from "../parts.ts";
import { until } from "../engine.ts";
import { KubeApi } from "../kube_api.ts";
import { BED_CLUSTER, BED_POD } from "../labels.ts";
import { clusterDirectory, type ClusterShape } from "../shape.ts";
import { run } from "../shell.ts";
import { type EngineEvent, engineEvents } from "./engine_events.ts";
import { NodeAgent } from "./node_agent.ts";
import { AddressTurn } from "./pod_network.ts";
import { followPods } from "./pod_watch.ts";
import { PodWorker, type PodWorld } from "./pod_worker.ts";
import { sleep } from "./probes.ts";
import type { Pod } from "./types.ts";

/** What clusterUp leaves for this process. */
export interface KubeletSettings {
  readonly runId: string;
  readonly shape: ClusterShape;
}

/** Runs the stand-in until the cluster is gone. */
async function serve(cluster: string): Promise<void> {
  const directory = clusterDirectory(cluster);
  const text = await Deno.readTextFile(join(directory, "settings.json"));
  const { runId, shape } = JSON.parse(text) as KubeletSettings;
  using api = new KubeApi(await Deno.readTextFile(join(directory, "kubeconfig")));
  await until(() => api.ready(), 60_000, "the API server is not ready");
  const nodeapi = join(await ensurePart("nodeapi"), "nodeapi");
  const nodes = new NodeAgent({ api, shape, nodeapi });
  await Promise.all([removeOldPods(cluster), nodes.refresh()]);
  const turns = new Map<string, AddressTurn>();
  const world: PodWorld = {
    api,
    shape,
    runId,
    node: (name) => nodes.get(name),
    addresses: (node) => turns.getOrInsertComputed(node, () => new AddressTurn()),
    tell,
  };
  await new Kubelet(world, nodes).run();
}

/** Ties the Pods, the nodes and the engine's events together. */
class Kubelet {
  readonly #world: PodWorld;
  readonly #nodes: NodeAgent;
  readonly #pods = new Map<string, PodWorker>();
  readonly #stop = new AbortController();

  constructor(world: PodWorld, nodes: NodeAgent) {
    this.#world = world;
    this.#nodes = nodes;
  }

  async run(): Promise<void> {
    const { signal } = this.#stop;
    await Promise.all([
      this.#nodes.heartbeat(signal),
      followPods(this.#world.api, {
        present: (pod) => this.#present(pod),
        absent: (uid) => this.#absent(uid),
        known: () => this.#pods.keys(),
        tell,
      }, signal),
      this.#followEngine(signal),
    ]);
  }

  #present(pod: Pod): void {
    if (pod.spec.nodeName === undefined) return;
    const known = this.#pods.get(pod.metadata.uid);
    if (known !== undefined) return known.update(pod);
    const worker = new PodWorker(this.#world, pod);
    this.#pods.set(pod.metadata.uid, worker);
    worker.poke();
  }

  #absent(uid: string): void {
    this.#pods.get(uid)?.removed();
    this.#pods.delete(uid);
  }

  async #followEngine(signal: AbortSignal): Promise<void> {
    let since = new Date();
    let lost = false;
    while (!signal.aborted) {
      try {
        if (lost) await this.#engineRestarted();
        lost = true;
        const options = { since, signal };
        const events = engineEvents(this.#world.shape.name, options);
        for await (const event of events) await this.#engineEvent(event);
        // What happens until the next stream is not missed: that one starts from here.
        since = new Date();
      } catch (error) {
        tell(`engine: ${error instanceof Error ? error.message : error}`);
      }
      await sleep(500, signal);
    }
  }

  async #engineEvent(event: EngineEvent): Promise<void> {
    if (event.kind === "pod") {
      if (event.action !== "die") return;
      this.#pods.get(event.uid)?.containerDied(event.name, event.exitCode);
      return;
    }
    if (await this.#nodes.refresh() === 0) return this.#stop.abort();
    for (const worker of this.#pods.values()) {
      if (worker.nodeName !== event.name) continue;
      if (event.action === "die") await worker.nodeDied();
      else worker.poke();
    }
  }

  /** The engine stopped every container; nodes come back by its restart policy, Pods by us. */
  async #engineRestarted(): Promise<void> {
    if (await this.#nodes.refresh() === 0) return this.#stop.abort();
    for (const worker of this.#pods.values()) await worker.nodeDied();
  }
}

/** Containers of an earlier stand-in have no one who watches them: they start anew. */
async function removeOldPods(cluster: string): Promise<void> {
  const filters = [`label=${BED_CLUSTER}=${cluster}`, `label=${BED_POD}`];
  const ids = await run(["docker", "ps", "-aq", ...filters.flatMap((one) => ["--filter", one])]);
  const list = ids.split("\n").filter(Boolean);
  if (list.length > 0) await run(["docker", "rm", "-f", "-v", ...list]);
}

function tell(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${new Date().toISOString()} ${text}\n`));
}

if (import.meta.main) {
  const [cluster] = Deno.args;
  if (cluster === undefined) throw new Error("usage: main.ts CLUSTER");
  await serve(cluster);
  Deno.exit(0);
}
