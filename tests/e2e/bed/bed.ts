/** A cluster as tests use it: made by `clusterUp`, gone at the end of its scope. */
import { echoDeployment, type EchoOptions, echoService } from "./echo.ts";
import { docker, until } from "./engine.ts";
import { BACKEND_IMAGE } from "./images.ts";
import { ignore, KubeApi } from "./kube_api.ts";
import { bedOwner } from "./labels.ts";
import { type NodeContainer, nodeContainers } from "./nodes.ts";
import { type Provider, provider } from "./provider.ts";
import { type ClusterOptions, type ClusterShape, shapeOf } from "./shape.ts";
import { run, runAnyway, type RunResult } from "./shell.ts";

const READY_MS = 60_000;

/** How a backend Deployment is made. */
export interface BackendOptions {
  /** Default 2. */
  readonly replicas?: number;
  readonly namespace?: string;
  /** Serves on for this long after SIGTERM. */
  readonly drainSeconds?: number;
  /** Pins the Pods to a node. */
  readonly nodeName?: string;
  /** Where readiness is asked; default /healthz, which /fail and /recover switch. */
  readonly readinessPath?: string;
}

/** Makes a cluster. Use it as `await using bed = await clusterUp({ name, workers: 2 })`. */
export async function clusterUp(options: ClusterOptions): Promise<Bed> {
  const shape = shapeOf(options);
  const from = provider();
  try {
    await from.up(shape, bedOwner());
  } catch (error) {
    await from.down(shape.name).catch(() => {});
    throw error;
  }
  return await attach(shape, from);
}

/** Removes a cluster by name, whoever left it; fine when there is none. */
export async function clusterDown(name: string): Promise<void> {
  await provider().down(name);
}

/** A cluster that is up already, made by `deno task bed up` with the same options. */
export async function clusterAt(options: ClusterOptions): Promise<Bed> {
  return await attach(shapeOf(options), provider());
}

async function attach(shape: ClusterShape, from: Provider): Promise<Bed> {
  const path = from.kubeconfigPath(shape);
  return new Bed(shape, {
    provider: from,
    api: new KubeApi(await Deno.readTextFile(path)),
    kubectl: await from.kubectl(),
    kubeconfigPath: path,
  });
}

interface BedParts {
  readonly provider: Provider;
  readonly api: KubeApi;
  readonly kubectl: string;
  readonly kubeconfigPath: string;
}

/** A running cluster. */
export class Bed implements AsyncDisposable {
  readonly shape: ClusterShape;
  /** Kubeconfig for this machine. */
  readonly kubeconfigPath: string;
  /** A client of its API server. */
  readonly api: KubeApi;
  readonly #parts: BedParts;
  #down = false;

  constructor(shape: ClusterShape, parts: BedParts) {
    this.shape = shape;
    this.#parts = parts;
    this.api = parts.api;
    this.kubeconfigPath = parts.kubeconfigPath;
  }

  /** The cluster's name. */
  get name(): string {
    return this.shape.name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }

  /** Removes the cluster. */
  async down(): Promise<void> {
    if (this.#down) return;
    this.#down = true;
    this.api[Symbol.dispose]();
    await this.#parts.provider.down(this.name);
  }

  /** The node containers as they are now. */
  async nodes(): Promise<readonly NodeContainer[]> {
    return [...(await nodeContainers(this.name)).values()];
  }

  /** Runs kubectl and returns what it printed; throws when it fails. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return await run([this.#parts.kubectl, "--kubeconfig", this.kubeconfigPath, ...args]);
  }

  /** Applies manifests. */
  async apply(yaml: string): Promise<void> {
    const command = [this.#parts.kubectl, "--kubeconfig", this.kubeconfigPath] as const;
    await run([...command, "apply", "-f", "-"], { input: yaml });
  }

  /** A Deployment of the test backend under label `app=NAME`; returns when all are ready. */
  async deployBackend(name: string, options: BackendOptions = {}): Promise<void> {
    const { namespace = "default", replicas = 2 } = options;
    await this.api.create(
      `/apis/apps/v1/namespaces/${namespace}/deployments`,
      backendDeployment(name, options),
    );
    if (replicas === 0) return;
    await this.kubectl(
      ...["-n", namespace, "rollout", "status", `deployment/${name}`, "--timeout=60s"],
    );
  }

  /** An echo server and a Service of the same name; returns when its slices name all its Pods. */
  async deployEcho(name: string, options: EchoOptions = {}): Promise<void> {
    const { namespace = "default", replicas = 1 } = options;
    const core = `/api/v1/namespaces/${namespace}`;
    await this.api.create(`${core}/services`, echoService(name, options));
    const apps = `/apis/apps/v1/namespaces/${namespace}`;
    await this.api.create(`${apps}/deployments`, echoDeployment(name, options));
    await this.kubectl(
      ...["-n", namespace, "rollout", "status", `deployment/${name}`, "--timeout=60s"],
    );
    // the slice's controller has a back-off and a limiter of its own: it may be seconds behind
    const complete = async () => await this.#readyEndpoints(name, namespace) >= replicas;
    await until(complete, READY_MS, `the slices of Service ${name} do not name all Pods`);
  }

  /** How many Pods a Service's slices call ready. */
  async #readyEndpoints(service: string, namespace: string): Promise<number> {
    const { items } = await this.api.get<{ readonly items: readonly Slice[] }>(
      `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices` +
        `?labelSelector=kubernetes.io/service-name=${service}`,
    );
    const endpoints = items.flatMap((slice) => slice.endpoints ?? []);
    const ready = endpoints.filter(({ conditions }) => conditions?.ready === true);
    return new Set(ready.map(({ targetRef }) => targetRef?.name)).size;
  }

  /** Runs a script in a node; never throws for its exit status. */
  async onNode(node: string, script: string): Promise<RunResult> {
    return await runAnyway(["docker", "exec", node, "bash", "-c", script]);
  }

  /** Kills a node as a power cut does. */
  async killNode(node: string): Promise<void> {
    await docker("kill", node);
  }

  /** Starts a killed node; returns when it is Ready. */
  async startNode(node: string): Promise<void> {
    await docker("start", node);
    await this.kubectl("wait", "--for=condition=Ready", `node/${node}`, "--timeout=60s");
  }

  /** Takes the API server of the first control plane down and keeps it down. */
  async stopApiServer(): Promise<void> {
    await this.#parts.provider.holdApiServer(this.#firstNode(), true);
  }

  /** Lets the API server come up again; returns when it is ready. */
  async startApiServer(): Promise<void> {
    await this.#parts.provider.holdApiServer(this.#firstNode(), false);
    await this.apiReady();
  }

  /** Kills the API server and waits until its successor is ready. */
  async restartApiServer(): Promise<void> {
    await this.stopApiServer();
    await this.startApiServer();
  }

  /** Waits until the API server is ready. */
  async apiReady(): Promise<void> {
    await until(() => this.api.ready(), READY_MS, `the API server of "${this.name}" is not ready`);
  }

  /** The address in a Service's status, or undefined. */
  async address(service: string, namespace = "default"): Promise<string | undefined> {
    const found = await this.api
      .get<ServiceStatus>(`/api/v1/namespaces/${namespace}/services/${service}`)
      .catch(ignore(404));
    return found?.status?.loadBalancer?.ingress?.[0]?.ip;
  }

  #firstNode(): string {
    return this.shape.nodes[0]?.name ?? "";
  }
}

interface Slice {
  readonly endpoints?: readonly {
    readonly conditions?: { readonly ready?: boolean };
    readonly targetRef?: { readonly name: string };
  }[];
}

interface ServiceStatus {
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
  };
}

function backendDeployment(name: string, options: BackendOptions): Record<string, unknown> {
  const { replicas = 2, drainSeconds = 0, nodeName, readinessPath = "/healthz" } = options;
  const labels = { app: name };
  const container = {
    name: "backend",
    image: BACKEND_IMAGE,
    imagePullPolicy: "IfNotPresent",
    env: [{ name: "DRAIN_SECONDS", value: String(drainSeconds) }],
    ports: [
      { name: "http", containerPort: 8080 },
      { name: "udp", containerPort: 8081, protocol: "UDP" },
      { name: "tcp", containerPort: 8082 },
    ],
    readinessProbe: { httpGet: { path: readinessPath, port: 8080 }, periodSeconds: 1 },
  };
  const spec = {
    ...(nodeName === undefined ? {} : { nodeName }),
    terminationGracePeriodSeconds: drainSeconds + 1,
    containers: [container],
  };
  return {
    metadata: { name, labels },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}
