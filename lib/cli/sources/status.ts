import { parse, stringify } from "yaml";
import { AppError, errorText, systemClock } from "../../core/mod.ts";
import type { KindCluster } from "../../clusters/types.ts";
import type { CallOptions, StatusPorts } from "../ports.ts";
import type { ClusterReading } from "../status_view.ts";
import { EngineSource, listServices, type SourceOptions, withClient } from "./engine.ts";

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
    const clusters = await source.clusters();
    const found = await Promise.all(clusters.map((cluster) => read(source, cluster, signal)));
    return [...found, ...missingClusters(options.settings.clusters, clusters)];
  };
  return { now, readings, [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() };
}

async function read(
  source: EngineSource,
  cluster: KindCluster,
  signal: AbortSignal,
): Promise<ClusterReading> {
  try {
    return { cluster: cluster.name, services: await source.services(cluster, signal) };
  } catch (error) {
    return { cluster: cluster.name, error: errorText(error) };
  }
}

/** A cluster that was asked for and is not there must not look like one without Services. */
export function missingClusters(
  chosen: readonly string[],
  found: readonly KindCluster[],
): readonly { readonly cluster: string; readonly error: string }[] {
  return chosen
    .filter((cluster) => !found.some(({ name }) => name === cluster))
    .map((cluster) => ({ cluster, error: "there is no such cluster: see kind get clusters" }));
}

async function readOne(kubeconfig: ContextText, signal: AbortSignal): Promise<ClusterReading> {
  const { text, context } = kubeconfig;
  try {
    const services = await withClient(text, (client) => listServices(client, signal));
    return { cluster: context, services };
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
