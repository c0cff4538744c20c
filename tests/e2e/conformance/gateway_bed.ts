/** Where the suite runs: a bed cluster of its own with berth, or what is up already. */
import { join } from "node:path";
import {
  type Bed,
  clusterAt,
  clusterDown,
  clusterUp,
  docker,
  ensureGatewayImages,
  ignore,
  until,
} from "../bed/mod.ts";
import { startBerth } from "../berth.ts";
import { clusterName } from "../scenario.ts";
import type { GatewaySettings } from "./gateway_settings.ts";

const CLASS_MS = 30_000;

/** A place to run in. */
export interface Place extends AsyncDisposable {
  readonly kubeconfig: string;
  readonly network: string;
}

/** Opens the place that the settings ask for; `output` takes berth's log. */
export async function openPlace(settings: GatewaySettings, output: string): Promise<Place> {
  await ensureGatewayImages();
  const network = settings.network ?? Deno.env.get("KIND_EXPERIMENTAL_DOCKER_NETWORK") ?? "kind";
  if (settings.cluster !== undefined) {
    await using stack = new AsyncDisposableStack();
    return place({ kubeconfig: settings.cluster, network }, stack.move());
  }
  await using stack = new AsyncDisposableStack();
  const bed = await openBed(settings, network);
  stack.defer(async () => {
    if (settings.bed === undefined && !settings.keep) await bed.down();
    else bed.api[Symbol.dispose]();
  });
  const berth = await startBerth({
    clusters: [bed.name],
    log: join(output, "berth.log"),
    args: ["-v", "3", "--network", network, "--gateway-channel", settings.channel],
  });
  stack.use(berth);
  await leftoversGone(bed);
  await classAccepted(bed, settings.gatewayClass);
  return place({ kubeconfig: bed.kubeconfigPath, network }, stack.move());
}

/** Subnets of an engine network. */
export async function subnetsOf(network: string): Promise<readonly string[]> {
  const format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
  return (await docker("network", "inspect", "-f", format, network)).split(" ").filter(Boolean);
}

async function openBed(settings: GatewaySettings, network: string): Promise<Bed> {
  const { bed, index } = settings;
  const options = { name: bed ?? clusterName("gateway"), workers: 2, index, network };
  if (bed !== undefined) return await clusterAt(options);
  await clusterDown(options.name);
  return await clusterUp(options);
}

interface GatewayClass {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly supportedFeatures?: readonly unknown[];
  };
}

/** The suite reads the class's features once, as it starts. */
async function classAccepted(bed: Bed, name: string): Promise<void> {
  const path = `/apis/gateway.networking.k8s.io/v1/gatewayclasses/${name}`;
  const accepted = async () => {
    const { status } = await bed.api.get<GatewayClass>(path).catch(ignore(404)) ?? {};
    const isAccepted = status?.conditions?.some((one) =>
      one.type === "Accepted" && one.status === "True"
    );
    return isAccepted === true && (status?.supportedFeatures?.length ?? 0) > 0;
  };
  const complaint = `GatewayClass ${name} is not accepted with its features: see berth.log`;
  await until(accepted, CLASS_MS, complaint);
}

/** What an earlier run deleted may still be on its way out. */
async function leftoversGone(bed: Bed): Promise<void> {
  const names = ["infra", "app-backend", "web-backend"].map((one) =>
    `namespace/gateway-conformance-${one}`
  );
  const phases = await bed.kubectl(
    ...["get", "namespaces", "-o", "jsonpath={.items[*].status.phase}"],
  );
  if (!phases.includes("Terminating")) return;
  await bed.kubectl("wait", "--for=delete", ...names, "--timeout=120s");
}

function place(
  facts: Pick<Place, "kubeconfig" | "network">,
  stack: AsyncDisposableStack,
): Place {
  return { ...facts, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
