import { errorText, systemClock } from "../../core/mod.ts";
import type {
  BackendTLSPolicy,
  Gateway,
  GatewayClass,
  ListenerSet,
  Route,
  RouteKind,
} from "../../gateway/types.ts";
import { type KubeClient, KubeError } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { collectionPath, GATEWAY_VERSIONS, type GatewayKind } from "../app/gateway_kinds.ts";
import { decodeGatewayObject } from "../app/gateway_object.ts";
import type { GatewayObjectsRead, GatewayReading } from "../gateway_rows.ts";
import { publishedLookup } from "../../planes/envoy/mod.ts";
import type { CallOptions, GatewayPorts } from "../ports.ts";
import { EngineSource, type SourceOptions, withClient } from "./engine.ts";
import { readBackends, readIngresses } from "./ingresses.ts";
import { missingClusters, readKubeconfig, withContext } from "./status.ts";

/** Time that one cluster may take to answer, in milliseconds. */
const CLUSTER_TIMEOUT_MS = 10_000;

const ROUTE_KINDS: readonly RouteKind[] = [
  "HTTPRoute",
  "GRPCRoute",
  "TLSRoute",
  "TCPRoute",
  "UDPRoute",
];

/** Reads the Gateways of every chosen kind cluster, or of the one cluster of a kubeconfig. */
export async function gatewaySource(
  options: SourceOptions,
): Promise<GatewayPorts & AsyncDisposable> {
  const { kubeconfig, context } = options.settings;
  const now = () => systemClock.now();
  if (kubeconfig !== undefined) {
    const one = withContext(await readKubeconfig(kubeconfig), context);
    const gateways = async ({ signal }: CallOptions) => [
      await reading(one.context, () => readGateways(one.text, signal)),
    ];
    return { now, gateways, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const source = await EngineSource.open(options);
  const gateways = async ({ signal }: CallOptions) => {
    const { clusters, ...others } = await source.survey();
    const hostPorts = await publishedLookup(source.engine);
    const found = await Promise.all(clusters.map((cluster) =>
      reading(cluster.name, async () => {
        const { kubeconfig } = await source.connect(cluster, signal);
        const read = await readGateways(kubeconfig, signal);
        return { ...read, published: publishedPorts(cluster.name, { read, hostPorts }) };
      })
    ));
    return [...found, ...missingClusters(others)];
  };
  return { now, gateways, [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() };
}

/** Host ports of a cluster's Gateways and of its Ingresses, by what they serve. */
function publishedPorts(
  cluster: string,
  { read, hostPorts }: {
    readonly read: GatewayObjectsRead;
    readonly hostPorts: (key: string) => readonly string[];
  },
): ReadonlyMap<string, readonly string[]> {
  const names = read.gateways.map(({ metadata: { namespace = "default", name } }) =>
    `${cluster}/gateway/${namespace}/${name}`
  );
  const found = [`${cluster}/ingress`, ...names].map((key) => [key, hostPorts(key)] as const);
  return new Map(found.filter(([, ports]) => ports.length > 0));
}

async function reading(
  cluster: string,
  read: () => Promise<GatewayObjectsRead>,
): Promise<GatewayReading> {
  try {
    return { cluster, ...await read() };
  } catch (error) {
    return { cluster, error: errorText(error) };
  }
}

async function readGateways(kubeconfig: string, signal: AbortSignal): Promise<GatewayObjectsRead> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(CLUSTER_TIMEOUT_MS)]);
  return await withClient(kubeconfig, async (client) => {
    // the server checked the objects against their schema when they were written
    const list = async <T extends KubeObject>(kind: GatewayKind) =>
      (await listKind(client, kind, limited)).objects as readonly T[];
    const [classes, gateways, listenerSets, routes, policies, ingress] = await Promise.all([
      list<GatewayClass>("GatewayClass"),
      list<Gateway>("Gateway"),
      list<ListenerSet>("ListenerSet"),
      Promise.all(ROUTE_KINDS.map((kind) => list<Route>(kind))),
      list<BackendTLSPolicy>("BackendTLSPolicy"),
      readIngresses(client, limited),
    ]);
    const read = { classes, gateways, listenerSets, routes: routes.flat(), policies, ingress };
    if (read.routes.length === 0) return read;
    if (ingress.ingresses.length > 0) return { ...read, backends: ingress };
    // without them the remarks about Pods are left out, and nothing else
    const backends = await readBackends(client, limited).catch(() => undefined);
    return backends === undefined ? read : { ...read, backends };
  });
}

/** Objects of a kind in the best version that the cluster serves; none where it serves none. */
export async function listKind(
  client: KubeClient,
  kind: GatewayKind,
  signal: AbortSignal,
): Promise<{ readonly version?: string; readonly objects: readonly KubeObject[] }> {
  for (const version of GATEWAY_VERSIONS) {
    try {
      const { items } = await client.list(collectionPath(kind, version), { signal });
      return { version, objects: items.map((raw) => decodeGatewayObject(kind, raw)) };
    } catch (error) {
      if (!(error instanceof KubeError && error.kind === "not-found")) throw error;
    }
  }
  return { objects: [] };
}
