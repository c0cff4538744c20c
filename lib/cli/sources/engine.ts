import { type ClusterAccess, connectOnce, discoverClusters } from "../../clusters/mod.ts";
import { CLUSTER_LABEL } from "../../clusters/mod.ts";
import type { KindCluster } from "../../clusters/types.ts";
import { createKubeClient, decodeService, type KubeClient } from "../../kube/mod.ts";
import type { Service } from "../../kube/types.ts";
import {
  createEngine,
  type DetectedEngine,
  detectEngine,
  type Environment,
} from "../../runtime/mod.ts";
import type { ContainerEngine } from "../../runtime/types.ts";
import type { Settings } from "../options.ts";

/** Time that one cluster may take to answer a one-shot command, in milliseconds. */
const CLUSTER_TIMEOUT_MS = 10_000;

/** What the one-shot commands know of the machine. */
export interface SourceOptions {
  readonly settings: Settings;
  readonly env: Environment;
}

/** Clusters that were asked for. */
export interface ClusterSurvey {
  readonly clusters: readonly KindCluster[];
  /** Those that were not asked for. */
  readonly others: readonly KindCluster[];
  /** Names of those that are not there; they must not look like clusters without anything. */
  readonly missing: readonly string[];
  /** Which clusters there are, for messages: `found one, two`. */
  readonly there: string;
}

/** The engine as one-shot commands use it: found once, closed with them. */
export class EngineSource implements AsyncDisposable {
  readonly facts: DetectedEngine;
  readonly engine: ContainerEngine;
  readonly #settings: Settings;

  constructor(facts: DetectedEngine, settings: Settings) {
    this.facts = facts;
    this.engine = createEngine({ socketPath: facts.socketPath });
    this.#settings = settings;
  }

  /** Finds the engine; rejects as `detectEngine` does. */
  static async open({ settings, env }: SourceOptions): Promise<EngineSource> {
    return new EngineSource(await detectEngine({ env: engineEnv(settings, env) }), settings);
  }

  /** The clusters that were asked for. */
  async clusters(): Promise<readonly KindCluster[]> {
    return (await this.survey()).clusters;
  }

  /** The clusters that were asked for, and which of them are not there. */
  async survey(): Promise<ClusterSurvey> {
    const containers = await this.engine.containers({ labels: [CLUSTER_LABEL] });
    const { clusters: chosen, network } = this.#settings;
    const all = discoverClusters(containers, { network });
    const names = all.map(({ name }) => name);
    const isChosen = ({ name }: KindCluster) => chosen.length === 0 || chosen.includes(name);
    return {
      clusters: all.filter(isChosen),
      others: all.filter((cluster) => !isChosen(cluster)),
      missing: chosen.filter((name) => !names.includes(name)),
      there: names.length === 0
        ? "no cluster was found, create one with kind"
        : `found ${names.join(", ")}`,
    };
  }

  /** Credentials and endpoint of a cluster. */
  connect(cluster: KindCluster, signal: AbortSignal): Promise<ClusterAccess> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(CLUSTER_TIMEOUT_MS)]);
    return connectOnce(cluster, { engine: this.engine, signal: limited });
  }

  /** Every Service of a cluster. */
  async services(cluster: KindCluster, signal: AbortSignal): Promise<readonly Service[]> {
    const { kubeconfig } = await this.connect(cluster, signal);
    return await withClient(kubeconfig, (client) => listServices(client, signal));
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.engine[Symbol.asyncDispose]();
  }
}

/** Runs with a client and closes it. */
export async function withClient<T>(
  kubeconfig: string,
  use: (client: KubeClient) => Promise<T>,
): Promise<T> {
  const client = createKubeClient(kubeconfig);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

/** All Services of all namespaces. */
export async function listServices(
  client: KubeClient,
  signal: AbortSignal,
): Promise<readonly Service[]> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(CLUSTER_TIMEOUT_MS)]);
  const { items } = await client.list("/api/v1/services", { signal: limited });
  return items.map(decodeService);
}

/** The environment with the engine that the settings name. */
export function engineEnv({ provider }: Settings, env: Environment): Environment {
  return { ...env, KIND_EXPERIMENTAL_PROVIDER: provider === "auto" ? undefined : provider };
}
