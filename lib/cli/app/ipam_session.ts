import { getLogger } from "@logtape/logtape";
import {
  decodeNode,
  decodeObject,
  decodeService,
  type InformerHandlers,
  type KubeClient,
  runInformer,
} from "../../kube/mod.ts";
import type { KubeObject, Node, Service } from "../../kube/types.ts";
import { type Clock, errorText, stableJson } from "../../core/mod.ts";
import { unlessDenied } from "./denial.ts";
import { failureLog } from "./failure_log.ts";
import { isRefusal } from "./first_listing.ts";
import type { IpamController, PoolMap } from "./ipam_controller.ts";

const log = getLogger(["berth", "ipam"]);

/** Labels of an object. */
type Labels = Readonly<Record<string, string>>;

/** Options of {@link runIpamSession}. */
export interface IpamSessionOptions {
  readonly client: Pick<KubeClient, "list" | "watch">;
  readonly controller: Pick<
    IpamController,
    | "start"
    | "sync"
    | "apply"
    | "remove"
    | "configure"
    | "label"
    | "syncNodes"
    | "applyNode"
    | "removeNode"
  >;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The ConfigMap with the pools. */
  readonly poolNamespace: string;
  readonly poolConfigMap: string;
  random(): number;
  /** Why nothing can be given now; undefined: it can. */
  unready(problem: string | undefined): void;
}

/**
 * Watches Services, the ConfigMap, the labels of namespaces and the nodes until the signal aborts.
 * Nothing is given before all are known once: only then is it known what is in use. Without the
 * right to see nodes it goes on without them. Rejects when berth may not reach the API server.
 */
export async function runIpamSession(options: IpamSessionOptions): Promise<void> {
  const { controller } = options;
  const missing = new Set(["Services", "ConfigMap", "namespaces", "nodes"]);
  const known = (what: string) => {
    if (!missing.delete(what)) return;
    options.unready(missing.size === 0 ? undefined : `not known yet: ${[...missing].join(", ")}`);
    if (missing.size === 0) controller.start();
  };
  const follow = follower(options, (what, error) => {
    if (what === "nodes" && isRefusal(error)) known(what);
    else if (missing.has(what)) options.unready(`${what} not known yet: ${errorText(error)}`);
  });
  const labels = new NamespaceLabels((all) => controller.label(all));
  await Promise.all([
    follow<Service>({
      what: "Services",
      path: "/api/v1/services",
      decode: decodeService,
      handlers: {
        sync: (services) => {
          controller.sync(services);
          known("Services");
        },
        applied: (service) => controller.apply(service),
        deleted: (service) => controller.remove(service),
      },
    }),
    follow(poolMap(options, known)),
    follow<KubeObject>({
      what: "namespaces",
      path: "/api/v1/namespaces",
      metadataOnly: true,
      decode: (raw) => decodeObject(raw, { kind: "Namespace" }),
      handlers: {
        sync: (namespaces) => {
          labels.sync(namespaces);
          known("namespaces");
        },
        applied: (namespace) => labels.apply(namespace),
        deleted: () => {},
      },
    }),
    follow<Node>({
      what: "nodes",
      path: "/api/v1/nodes",
      decode: decodeNode,
      handlers: {
        sync: (nodes) => {
          controller.syncNodes(nodes);
          known("nodes");
        },
        applied: (node) => controller.applyNode(node),
        deleted: (node) => controller.removeNode(node),
      },
    }),
  ]);
}

/** Hands the ConfigMap on; one that is missing is told once until it comes. */
function poolMap(
  { controller, poolNamespace, poolConfigMap }: IpamSessionOptions,
  known: (what: string) => void,
): Followed<PoolMap> {
  let missing = false;
  const configure = (map: PoolMap | undefined) => {
    if (map === undefined && !missing) {
      log.warn("there is no ConfigMap with pools, nothing new is given: create it", {
        configMap: `${poolNamespace}/${poolConfigMap}`,
        create: `kubectl -n ${poolNamespace} create configmap ${poolConfigMap} ` +
          `--from-literal=cidr-global=CIDR`,
      });
    }
    missing = map === undefined;
    controller.configure(map);
  };
  const what = "ConfigMap";
  return {
    what,
    path: `/api/v1/namespaces/${encodeURIComponent(poolNamespace)}/configmaps`,
    fieldSelector: `metadata.name=${poolConfigMap}`,
    decode: (raw) => decodeObject(raw, { kind: what, takes: ["data"] }),
    handlers: {
      sync: ([map]) => {
        configure(map);
        known(what);
      },
      applied: configure,
      deleted: () => configure(undefined),
    },
  };
}

interface Followed<T extends KubeObject> {
  readonly what: string;
  readonly path: string;
  readonly fieldSelector?: string;
  readonly metadataOnly?: boolean;
  decode(raw: unknown): T;
  readonly handlers: Pick<InformerHandlers<T>, "sync" | "applied" | "deleted">;
}

function follower(
  { client, clock, signal, random }: IpamSessionOptions,
  failed: (what: string, error: unknown) => void,
): <T extends KubeObject>(followed: Followed<T>) => Promise<void> {
  return ({ what, handlers, ...source }) => {
    const troubles = failureLog(undefined, source.path);
    return unlessDenied((denied) =>
      runInformer({
        ...{ client, clock, signal, random },
        ...source,
        handlers: {
          ...handlers,
          unreadable: (error) => troubles.unreadable(error),
          failed(error) {
            if (denied(error)) return;
            troubles.failed(error);
            failed(what, error);
          },
        },
      })
    );
  };
}

/** Labels of every namespace; tells when they changed. */
class NamespaceLabels {
  readonly #all = new Map<string, Labels>();
  readonly #changed: (all: ReadonlyMap<string, Labels>) => void;

  constructor(changed: (all: ReadonlyMap<string, Labels>) => void) {
    this.#changed = changed;
  }

  sync(namespaces: readonly KubeObject[]): void {
    this.#all.clear();
    for (const { metadata } of namespaces) this.#all.set(metadata.name, metadata.labels ?? {});
    this.#changed(this.#all);
  }

  apply({ metadata }: KubeObject): void {
    const labels = metadata.labels ?? {};
    const same = stableJson(this.#all.get(metadata.name) ?? {}) === stableJson(labels);
    this.#all.set(metadata.name, labels);
    // everybody who waits is asked again then
    if (!same) this.#changed(this.#all);
  }
}
