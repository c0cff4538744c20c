/** One Pod's life: its containers follow the newest object that the API server sent. */
import { join } from "node:path";
import type { KubeApi } from "../kube_api.ts";
import { ignore } from "../kube_api.ts";
import type { ClusterShape } from "../shape.ts";
import { run, runAnyway } from "../shell.ts";
import { containerArgs, type ContainerContext, containerName } from "./container_args.ts";
import { type Place, referenceNames } from "./pod_fields.ts";
import { addressIn, type AddressTurn, attachPod } from "./pod_network.ts";
import { failedStart, podStatus } from "./pod_status.ts";
import { VolumeWriter } from "./pod_volumes.ts";
import { sleep, watchReadiness } from "./probes.ts";
import type { ContainerState, NodeState, Pod, Strings } from "./types.ts";

/** Suites make a Pod before the Secret that it mounts. */
const RETRY_MS = 1000;

/** What all Pods of a cluster share. */
export interface PodWorld {
  readonly api: KubeApi;
  readonly shape: ClusterShape;
  readonly runId: string;
  readonly node: (name: string) => NodeState | undefined;
  readonly addresses: (node: string) => AddressTurn;
  /** Says that something went wrong, for the log. */
  readonly tell: (text: string) => void;
}

/** The started containers of a Pod. */
interface Running {
  readonly node: NodeState;
  readonly podIPs: readonly string[];
  readonly hostNumber: number;
  readonly containers: ContainerState[];
  readonly stop: AbortController;
}

/** Follows one Pod. */
export class PodWorker {
  readonly #world: PodWorld;
  #pod: Pod;
  #gone = false;
  #busy = false;
  #dirty = false;
  #running: Running | undefined;
  #statusTail: Promise<void> = Promise.resolve();

  constructor(world: PodWorld, pod: Pod) {
    this.#world = world;
    this.#pod = pod;
  }

  /** Takes a newer object. */
  update(pod: Pod): void {
    this.#pod = pod;
    this.poke();
  }

  /** The object is gone: its containers go at once, whatever grace they had. */
  removed(): void {
    this.#gone = true;
    this.#kill().catch(() => {});
    this.poke();
  }

  /** Looks again at what there is to do. */
  poke(): void {
    this.#dirty = true;
    if (!this.#busy) this.#loop();
  }

  /** The Pod's node. */
  get nodeName(): string | undefined {
    return this.#pod.spec.nodeName;
  }

  /** Its node died and took the containers along. */
  async nodeDied(): Promise<void> {
    await this.#teardown(0);
    this.poke();
  }

  /** One of its containers ended. */
  containerDied(id: string, exitCode: number): void {
    const running = this.#running;
    const at = running?.containers.findIndex((one) => one.id === id) ?? -1;
    const before = running?.containers[at];
    if (running === undefined || before === undefined || this.#leaving()) return;
    running.containers[at] = { ...before, ended: { exitCode, at: new Date().toISOString() } };
    const policy = this.#pod.spec.restartPolicy ?? "Always";
    if (policy === "Always" || (policy === "OnFailure" && exitCode !== 0)) {
      // The first container owns the network, so the Pod starts anew as a whole.
      this.#restart(running).catch((error) => this.#tell(error));
    } else this.#writeStatus();
  }

  async #restart(running: Running): Promise<void> {
    this.#writeStatus();
    await sleep(1000, running.stop.signal);
    if (this.#running !== running || this.#leaving()) return;
    const restarts = running.containers.map((one) => one.restarts + 1);
    await this.#teardown(0);
    this.#restarts = restarts;
    this.poke();
  }
  #restarts: readonly number[] = [];

  #leaving(): boolean {
    return this.#gone || this.#pod.metadata.deletionTimestamp !== undefined;
  }

  async #loop(): Promise<void> {
    this.#busy = true;
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await this.#sync();
      } catch (error) {
        this.#tell(error);
        setTimeout(() => this.poke(), RETRY_MS);
      }
    }
    this.#busy = false;
  }

  async #sync(): Promise<void> {
    const { metadata, spec, status } = this.#pod;
    if (this.#gone) return await this.#teardown(0);
    if (metadata.deletionTimestamp !== undefined) {
      await this.#teardown(metadata.deletionGracePeriodSeconds ?? 30);
      return await this.#world.api.remove(this.#path(), metadata.uid);
    }
    if (this.#running !== undefined || status?.phase === "Succeeded") return;
    if (status?.phase === "Failed") return;
    const node = this.#world.node(spec.nodeName ?? "");
    if (node !== undefined) await this.#start(node);
  }

  async #start(node: NodeState): Promise<void> {
    const { api, shape, runId } = this.#world;
    const pod = this.#pod;
    const turn = this.#world.addresses(node.name);
    const hostNumber = turn.take();
    const podIPs = pod.spec.hostNetwork
      ? node.addresses
      : node.podRanges.map((range) => addressIn(range, hostNumber));
    const running: Running = {
      node,
      podIPs,
      hostNumber,
      containers: [],
      stop: new AbortController(),
    };
    this.#running = running;
    try {
      const place: Place = { podIPs, hostIPs: node.addresses };
      const folder = join(shape.directory, "pods", pod.metadata.uid);
      const writer = new VolumeWriter(api, pod, place);
      const context: ContainerContext = {
        pod,
        cluster: shape.name,
        runId,
        place,
        references: await references(pod, writer),
        volumes: await writer.write(join(folder, "volumes")),
        resolvConf: await this.#resolvConf(folder),
        apiAddress: shape.apiServiceAddresses[0] ?? "",
        ipv6: shape.family !== "ipv4",
      };
      for (const index of pod.spec.containers.keys()) await this.#startOne(index, context, running);
    } catch (error) {
      await this.#teardown(0);
      const message = error instanceof Error ? error.message : String(error);
      await this.#patchStatus(failedStart(pod, message));
      throw error;
    }
    this.#writeStatus();
    this.#watchReadiness(running);
  }

  async #startOne(index: number, context: ContainerContext, running: Running): Promise<void> {
    const id = containerName(context.pod, index);
    await runAnyway(["docker", "rm", "-f", "-v", id]);
    await run(["docker", ...containerArgs(index, context)]);
    if (index === 0 && !context.pod.spec.hostNetwork) {
      const pid = Number(await run(["docker", "inspect", "-f", "{{.State.Pid}}", id]));
      const link = `veth${context.pod.metadata.uid.replaceAll("-", "").slice(0, 10)}`;
      await attachPod(running.node, pid, { link, addresses: running.podIPs });
    }
    const container = context.pod.spec.containers[index];
    if (container === undefined) return;
    running.containers[index] = {
      name: container.name,
      image: container.image,
      id,
      startedAt: new Date().toISOString(),
      restarts: this.#restarts[index] ?? 0,
      ready: container.readinessProbe === undefined,
    };
  }

  #watchReadiness(running: Running): void {
    for (const [index, container] of this.#pod.spec.containers.entries()) {
      if (container.readinessProbe === undefined) continue;
      const target = {
        container,
        id: containerName(this.#pod, index),
        podIP: running.podIPs[0] ?? "",
        probeSocket: running.node.probeSocket,
      };
      const changed = (ready: boolean) => {
        const before = running.containers[index];
        if (before !== undefined) running.containers[index] = { ...before, ready };
        this.#writeStatus();
      };
      watchReadiness(target, changed, running.stop.signal).catch((error) => this.#tell(error));
    }
  }

  async #resolvConf(folder: string): Promise<string> {
    const path = join(folder, "resolv.conf");
    const zone = "svc.cluster.local";
    const search = `search ${this.#pod.metadata.namespace}.${zone} ${zone} cluster.local`;
    const server = `nameserver ${this.#world.shape.dnsAddress}`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(path, `${search}\n${server}\noptions ndots:5\n`);
    return path;
  }

  /** Stops and removes the containers; with a grace, readiness is watched to the end. */
  async #teardown(graceSeconds: number): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    if (graceSeconds > 0 && !this.#gone) {
      const ids = running.containers.map((one) => one.id);
      await runAnyway(["docker", "stop", "-t", String(graceSeconds), ...ids]);
    }
    running.stop.abort();
    await this.#kill();
    this.#world.addresses(running.node.name).give(running.hostNumber);
    if (this.#running === running) this.#running = undefined;
    const folder = join(this.#world.shape.directory, "pods", this.#pod.metadata.uid);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }

  async #kill(): Promise<void> {
    if (this.#running === undefined) return;
    const ids = this.#pod.spec.containers.map((_, index) => containerName(this.#pod, index));
    await runAnyway(["docker", "rm", "-f", "-v", ...ids]);
  }

  /** Writes the status after those before it, from what is known by then. */
  #writeStatus(): void {
    this.#statusTail = this.#statusTail.then(async () => {
      const running = this.#running;
      if (running === undefined || this.#gone) return;
      await this.#patchStatus(podStatus({
        pod: this.#pod,
        containers: running.containers,
        podIPs: running.podIPs,
        hostIPs: running.node.addresses,
        now: new Date().toISOString(),
      }));
    }).catch((error) => this.#tell(error));
  }

  async #patchStatus(status: Record<string, unknown>): Promise<void> {
    await this.#world.api.patch(`${this.#path()}/status`, { status }).catch(ignore(404));
  }

  #path(): string {
    const { namespace, name } = this.#pod.metadata;
    return `/api/v1/namespaces/${namespace}/pods/${name}`;
  }

  #tell(error: unknown): void {
    const { namespace, name } = this.#pod.metadata;
    const text = error instanceof Error ? error.message : String(error);
    this.#world.tell(`${namespace}/${name}: ${text}`);
  }
}

async function references(pod: Pod, writer: VolumeWriter): Promise<Map<string, Strings>> {
  const names = new Set(pod.spec.containers.flatMap(referenceNames));
  const found = new Map<string, Strings>();
  for (const name of names) found.set(name, await writer.values(name));
  return found;
}
