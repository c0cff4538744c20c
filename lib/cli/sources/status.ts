import { parse, stringify } from "yaml";
import { AppError, errorText, systemClock } from "../../core/mod.ts";
import { isClusterServed } from "../../clusters/mod.ts";
import type { KindCluster } from "../../clusters/types.ts";
import type { KubeClient } from "../../kube/mod.ts";
import type { CallOptions, StatusPorts } from "../ports.ts";
import type { ClusterReading } from "../status_view.ts";
import {
  type ClusterSurvey,
  EngineSource,
  listServices,
  type SourceOptions,
  withClient,
} from "./engine.ts";

const ROUTE_LISTS: readonly string[] = [
  "/apis/gateway.networking.k8s.io/v1/gateways",
  "/apis/networking.k8s.io/v1/ingresses",
];

/** Time that they may take to be listed, in milliseconds. */
const ROUTES_TIMEOUT_MS = 3_000;

/** Reads every chosen kind cluster, or the one cluster of a kubeconfig. */
export async function statusSource(
  options: SourceOptions,
): Promise<StatusPorts & AsyncDisposable> {
  const { kubeconfig, context } = options.settings;
  const now = () => systemClock.now();
  if (kubeconfig !== undefined) {
    const text = withContext(await readKubeconfig(kubeconfig), context);
    const readings = async ({ signal }: CallOptions) => [await readOne(text, signal)];
    return { now, readings, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const source = await EngineSource.open(options);
  const readings = async ({ signal }: CallOptions) => {
    const { clusters, ...others } = await source.survey();
    const found = await Promise.all(clusters.map((cluster) => read(source, cluster, signal)));
    return [...found, ...missingClusters(others)];
  };
  return { now, readings, [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() };
}

async function read(
  source: EngineSource,
  cluster: KindCluster,
  signal: AbortSignal,
): Promise<ClusterReading> {
  try {
    const { kubeconfig } = await source.connect(cluster, signal);
    const [reading, served] = await Promise.all([
      readCluster(kubeconfig, signal),
      // what cannot be told is left out
      isClusterServed(source.engine, cluster, { signal }).then(
        (served) => ({ served }),
        () => ({}),
      ),
    ]);
    return { cluster: cluster.name, ...reading, ...served };
  } catch (error) {
    return { cluster: cluster.name, error: errorText(error) };
  }
}

async function readCluster(kubeconfig: string, signal: AbortSignal) {
  return await withClient(kubeconfig, async (client) => {
    const [services, hasRoutes] = await Promise.all([
      listServices(client, signal),
      anyRoutes(client, signal),
    ]);
    return { services, hasRoutes };
  });
}

/** True with a Gateway or an Ingress of anybody; what cannot be read is not worth an error here. */
async function anyRoutes(client: KubeClient, signal: AbortSignal): Promise<boolean> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(ROUTES_TIMEOUT_MS)]);
  const lists = await Promise.allSettled(
    ROUTE_LISTS.map((path) => client.list(path, { signal: limited })),
  );
  return lists.some((list) => list.status === "fulfilled" && list.value.items.length > 0);
}

/** Readings of clusters that are not there. */
export function missingClusters(
  { missing, there }: Pick<ClusterSurvey, "missing" | "there">,
): readonly { readonly cluster: string; readonly error: string }[] {
  return missing.map((cluster) => ({ cluster, error: `there is no such cluster: ${there}` }));
}

async function readOne(kubeconfig: ContextText, signal: AbortSignal): Promise<ClusterReading> {
  const { text, context } = kubeconfig;
  try {
    return { cluster: context, ...await readCluster(text, signal) };
  } catch (error) {
    return { cluster: context, error: errorText(error) };
  }
}

/** A kubeconfig and the context in it that counts. */
export interface ContextText {
  readonly text: string;
  readonly context: string;
}

/**
 * Makes a context the current one.
 *
 * @throws AppError `invalid` for a text that is no kubeconfig or lacks the context.
 */
export function withContext(text: string, wanted: string | undefined): ContextText {
  const config: unknown = parse(text);
  const fields = isRecord(config) ? config : {};
  const contexts = (Array.isArray(fields["contexts"]) ? fields["contexts"] : [])
    .flatMap((entry) =>
      isRecord(entry) && typeof entry["name"] === "string" ? [entry["name"]] : []
    );
  const context = wanted ?? fields["current-context"];
  if (typeof context !== "string" || !contexts.includes(context)) {
    const known = contexts.length === 0 ? "it has none" : `it has ${contexts.join(", ")}`;
    const name = typeof context === "string" && context !== "" ? `context ${context}` : "context";
    throw new AppError(`the kubeconfig has no such ${name}: give --context (${known})`, {
      kind: "invalid",
    });
  }
  return { text: stringify({ ...fields, "current-context": context }), context };
}

/** The text of a kubeconfig file. */
export async function readKubeconfig(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new AppError(`cannot read the kubeconfig ${path}: give a readable file to --kubeconfig`, {
      kind: "invalid",
      cause,
    });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
