import { getLogger } from "@logtape/logtape";
import type { BackendRunner, BackendSpec, RunningBackend } from "../backends/types.ts";
import { asArray, asString, at, type JsonObject } from "../json.ts";
import type { Registry } from "../registry.ts";
import type { KubeObject } from "../types.ts";
import { condition } from "./deployment_status.ts";
import { Objects } from "./objects.ts";
import { containerPorts, isFinished, isTerminating, PORTS_ANNOTATION } from "./pod_view.ts";

const logger = getLogger(["berth", "embedded"]);
const DEFAULT_PORT = { number: 8080, protocol: "TCP" } as const;
const CONDITIONS = ["PodScheduled", "Initialized", "ContainersReady", "Ready"] as const;

function specOf(pod: KubeObject): BackendSpec {
  const declared = containerPorts(pod.spec).map(({ number, protocol }) => ({ number, protocol }));
  const { uid = "", namespace = "", name } = pod.metadata;
  const ports = declared.length > 0 ? declared : [DEFAULT_PORT];
  return { uid, namespace, name, nodeName: asString(pod.spec?.["nodeName"]), ports };
}

function runningStatus(pod: KubeObject, running: RunningBackend, context: {
  readonly now: string;
  readonly hostIp: string;
}): JsonObject {
  const { now, hostIp } = context;
  const [podIP = ""] = running.ips;
  return {
    ...pod.status,
    phase: "Running",
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    podIP,
    podIPs: running.ips.map((ip) => ({ ip })),
    startTime: now,
    conditions: CONDITIONS.map((type) =>
      condition(pod, { type, status: "True", reason: "", message: "" }, now)
    ),
    containerStatuses: asArray(pod.spec?.["containers"]).map((container) => ({
      name: at(container, "name") ?? "",
      image: at(container, "image") ?? "",
      imageID: "",
      containerID: `berth://${pod.metadata.uid}`,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: now } },
    })),
  };
}

function failedStatus(pod: KubeObject, message: string): JsonObject {
  return {
    ...pod.status,
    phase: "Pending",
    containerStatuses: asArray(pod.spec?.["containers"]).map((container) => ({
      name: at(container, "name") ?? "",
      image: at(container, "image") ?? "",
      imageID: "",
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: "CreateContainerError", message } },
    })),
  };
}

/** Runs the Pods that are bound to nodes and reports what became of them. */
class NodeAgent {
  readonly #registry: Registry;
  readonly #runner: BackendRunner;
  readonly #pods: Objects;
  readonly #nodes: Objects;
  /** Work in flight, by uid; each Pod's steps run one after the other. */
  readonly #tasks = new Map<string, Promise<void>>();
  readonly #started = new Set<string>();
  readonly #unfollow: () => void;
  #stopped = false;

  constructor(registry: Registry, runner: BackendRunner) {
    this.#registry = registry;
    this.#runner = runner;
    this.#pods = new Objects(registry, { group: "", plural: "pods" });
    this.#nodes = new Objects(registry, { group: "", plural: "nodes" });
    this.#unfollow = this.#pods.follow(({ type, key, object }) => this.#changed(type, key, object));
  }

  /** Stops every Pod that runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unfollow();
    await Promise.all(this.#tasks.values());
    await Promise.all([...this.#started].map((uid) => this.#runner.stop(uid)));
  }

  #changed(type: string, key: string, pod: KubeObject): void {
    const uid = pod.metadata.uid ?? "";
    const bound = asString(pod.spec?.["nodeName"]) !== "" && !isFinished(pod);
    const leaves = type === "DELETED" || isTerminating(pod);
    if (bound && !leaves && !this.#started.has(uid)) {
      this.#started.add(uid);
      this.#enqueue(uid, () => this.#start(key, pod));
    } else if (leaves && this.#started.has(uid)) {
      this.#started.delete(uid);
      this.#enqueue(uid, () => this.#finish(key, uid));
    } else if (bound && isTerminating(pod) && type !== "DELETED" && !this.#tasks.has(uid)) {
      this.#enqueue(uid, () => this.#finish(key, uid));
    }
  }

  #enqueue(uid: string, step: () => Promise<void>): void {
    const before = this.#tasks.get(uid) ?? Promise.resolve();
    const task = before.then(() => step()).catch((error: unknown) => {
      logger.error("pod step failed", { uid, error });
    }).finally(() => {
      if (this.#tasks.get(uid) === task) this.#tasks.delete(uid);
    });
    this.#tasks.set(uid, task);
  }

  async #start(key: string, pod: KubeObject): Promise<void> {
    try {
      const running = await this.#runner.start(specOf(pod));
      this.#report(key, pod, running);
    } catch (error) {
      // not tried again: the Pod shows why, and whoever owns it may replace it
      const message = error instanceof Error ? error.message : String(error);
      logger.warn("pod did not start", { pod: key, error });
      this.#pods.setStatus(key, failedStatus(this.#pods.get(key) ?? pod, message));
    }
  }

  #report(key: string, started: KubeObject, running: RunningBackend): void {
    const pod = this.#pods.get(key);
    if (this.#stopped || !pod || pod.metadata.uid !== started.metadata.uid) return;
    if (running.ports) this.#annotate(key, JSON.stringify(running.ports));
    const now = this.#registry.timestamp();
    const hostIp = this.#hostIp(asString(pod.spec?.["nodeName"]));
    this.#pods.setStatus(key, runningStatus(pod, running, { now, hostIp }));
  }

  #annotate(key: string, ports: string): void {
    this.#pods.update(key, (pod) => ({
      ...pod,
      metadata: {
        ...pod.metadata,
        annotations: { ...pod.metadata.annotations, [PORTS_ANNOTATION]: ports },
      },
    }));
  }

  #hostIp(nodeName: string): string {
    const addresses = asArray(this.#nodes.get(`/${nodeName}`)?.status?.["addresses"]);
    return asString(at(addresses.find((a) => at(a, "type") === "InternalIP"), "address"));
  }

  async #finish(key: string, uid: string): Promise<void> {
    await this.#runner.stop(uid);
    const pod = this.#pods.get(key);
    if (this.#stopped || pod?.metadata.uid !== uid) return;
    this.#pods.delete(key, { gracePeriodSeconds: 0, uid });
  }
}

/** Starts running bound Pods; the result stops all of them. */
export function startNodeAgent(registry: Registry, runner: BackendRunner): () => Promise<void> {
  const agent = new NodeAgent(registry, runner);
  return () => agent.stop();
}
