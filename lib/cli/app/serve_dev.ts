import { getLogger } from "@logtape/logtape";
import { errorText, systemClock } from "../../core/mod.ts";
import { Ledger, networkPools } from "../../addresses/mod.ts";
import { type EmbeddedApi, SampleRunner, serve } from "../../embedded/mod.ts";
import { createKubeClient } from "../../kube/mod.ts";
import type { Settings } from "../options.ts";
import type { Streams } from "../ports.ts";
import { ClusterController } from "./cluster_controller.ts";
import type { Confirmation } from "./service_runner.ts";
import { sampleDeployment, sampleService } from "./sample_objects.ts";
import { workerEntry } from "./worker_entry.ts";

const log = getLogger(["berth", "dev"]);

/** Name of the embedded cluster in keys and messages. */
const clusterName = "berth-dev";

/** Loopback addresses that Services get. */
const loopbackSubnet = "127.80.0.0/16";

/** Time that clean-up may take on exit, milliseconds. */
const releaseTime = 5_000;

/** Options of {@link serveDev}. */
export interface DevOptions {
  readonly signal: AbortSignal;
  readonly streams: Streams;
  /** Where Services get their addresses from; by default {@link loopbackSubnet}. */
  readonly subnet?: string;
}

/** `berth dev`: a whole cluster in this process, served on loopback, until the signal aborts. */
export async function serveDev(settings: Settings, options: DevOptions): Promise<void> {
  const { signal, streams, subnet = loopbackSubnet } = options;
  await using api = serve({ runner: new SampleRunner() });
  api.seedSample();
  const path = await writeKubeconfig(settings.stateDir, api);
  streams.out(introduction(path));
  await using controller = devController(settings, {
    subnet,
    confirmed: (result) => result.first && streams.out(addressLine(result)),
  });
  controller.setContainers(undefined);
  await controller.connect(api.kubeconfig());
  await createSamples(api, signal).catch((error) => {
    if (!signal.aborted) throw error;
  });
  await aborted(signal);
  await controller.releaseAll(AbortSignal.timeout(releaseTime)).catch((error) =>
    log.warn("not everything was given back", { error: errorText(error) })
  );
}

function devController(settings: Settings, options: DevControllerOptions): ClusterController {
  const { subnet, confirmed } = options;
  const ledger = new Ledger(networkPools({ name: "loopback", subnets: [subnet] }));
  return new ClusterController({
    cluster: clusterName,
    ledger,
    planes: ["embedded"],
    workers: settings.workers,
    workerEntry,
    // the task allows loopback alone, where listeners and sample Pods live
    workerPermissions: { net: "inherit" },
    log: { level: settings.verbosity, format: settings.logFormat },
    clock: systemClock,
    mayAllocate: Promise.resolve(),
    confirmed,
  });
}

interface DevControllerOptions {
  readonly subnet: string;
  confirmed(result: Confirmation): void;
}

async function writeKubeconfig(directory: string, api: EmbeddedApi): Promise<string> {
  const path = `${directory}/kubeconfig`;
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(path, api.kubeconfig(), { mode: 0o600 });
  return path;
}

async function createSamples(api: EmbeddedApi, signal: AbortSignal): Promise<void> {
  const client = createKubeClient(api.kubeconfig());
  try {
    const apps = "/apis/apps/v1/namespaces/default/deployments";
    await client.create(apps, sampleDeployment, { signal });
    await client.create("/api/v1/namespaces/default/services", sampleService, { signal });
  } finally {
    client.close();
  }
}

function introduction(path: string): string {
  return `An embedded Kubernetes cluster is running in this process.
In another terminal, in the same folder:

  export KUBECONFIG=${path}
  kubectl get services
  kubectl create deployment hello --image=hello --port=8080
  kubectl expose deployment hello --type=LoadBalancer
  kubectl get service hello --watch

Addresses, as they appear (Ctrl-C ends everything):

`;
}

function addressLine({ served, service }: Confirmation): string {
  const [, namespace, name] = served.key.split("/");
  const urls = served.addresses.flatMap(({ address }) =>
    (service.spec.ports ?? []).map(({ port, protocol = "TCP" }) =>
      protocol === "TCP" ? `http://${address}:${port}` : `${address}:${port}/${protocol}`
    )
  );
  return `  ${namespace}/${name}  ${urls.join(" ")}\n`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}
