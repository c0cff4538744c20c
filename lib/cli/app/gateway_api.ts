import { getLogger } from "@logtape/logtape";
import { type Clock, errorText } from "../../core/mod.ts";
import {
  decodeObject,
  type InformerHandlers,
  type KubeClient,
  KubeError,
  runInformer,
} from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { failureLog } from "./failure_log.ts";
import { isRefusal } from "./first_listing.ts";
import { usableVersion } from "./gateway_definitions.ts";
import { collectionPath, type GatewayKind, kindOfDefinition } from "./gateway_kinds.ts";
import { decodeGatewayObject } from "./gateway_object.ts";

const log = getLogger(["berth", "gateway"]);

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** News of the Gateway API's objects; all of a kind go when its definition goes. */
export interface GatewayApiHandlers {
  sync(kind: WatchedKind, objects: readonly KubeObject[]): void;
  applied(kind: WatchedKind, object: KubeObject): void;
  deleted(kind: WatchedKind, object: KubeObject): void;
  /** The definitions that the cluster has, whenever they were listed. */
  definitions(present: ReadonlyMap<string, KubeObject>): void;
}

/** Namespaces are watched as soon as anything of the Gateway API is. */
export type WatchedKind = GatewayKind | "Namespace";

/** Options of {@link GatewayApi}. */
export interface GatewayApiOptions {
  readonly cluster: string;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly handlers: GatewayApiHandlers;
}

interface Watching {
  readonly version: string;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  readonly synced: Promise<void>;
}

/**
 * Watches every kind of the Gateway API that the cluster serves, from the moment when its resource
 * definition is established until it goes, in the best version that both sides know.
 */
export class GatewayApi implements AsyncDisposable {
  readonly #options: GatewayApiOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #present = new Map<string, KubeObject>();
  readonly #watching = new Map<WatchedKind, Watching>();
  /** The last look at each definition, so that looks follow one another. */
  readonly #looks = new Map<GatewayKind, Promise<void>>();
  readonly #first = Promise.withResolvers<void>();
  readonly #running: Promise<void>;

  constructor(options: GatewayApiOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#running = this.#watchDefinitions();
  }

  /** Resolves when every kind that the cluster serves at first has been listed. */
  async ready(): Promise<void> {
    await this.#first.promise;
    await Promise.all(this.#looks.values());
    await Promise.all([...this.#watching.values()].map(({ synced }) => synced));
  }

  /** The version in which a kind is watched; undefined when it is not. */
  version(kind: GatewayKind): string | undefined {
    return this.#watching.get(kind)?.version;
  }

  /** Definitions as last seen, by name. */
  get definitions(): ReadonlyMap<string, KubeObject> {
    return this.#present;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#first.resolve();
    await this.#running;
    await Promise.all(this.#looks.values());
    await Promise.all([...this.#watching.values()].map(({ ended }) => ended));
  }

  #watchDefinitions(): Promise<void> {
    const { client, clock, cluster } = this.#options;
    const failures = failureLog(cluster, DEFINITIONS);
    return runInformer({
      client,
      clock,
      signal: this.#signal,
      random: Math.random,
      path: DEFINITIONS,
      metadataOnly: true,
      decode: (raw) => decodeObject(raw, { kind: "CustomResourceDefinition" }),
      handlers: {
        sync: (objects) => this.#synced(objects),
        applied: (object) => this.#put(object),
        deleted: ({ metadata }) => {
          this.#present.delete(metadata.name);
          this.#look(metadata.name);
        },
        unreadable: failures.unreadable,
        failed: (error) => {
          failures.failed(error);
          if (isRefusal(error)) this.#first.resolve();
        },
      },
    });
  }

  #synced(objects: readonly KubeObject[]): void {
    const before = [...this.#present.keys()];
    this.#present.clear();
    for (const object of objects) this.#put(object);
    for (const name of before) if (!this.#present.has(name)) this.#look(name);
    this.#options.handlers.definitions(this.#present);
    this.#first.resolve();
  }

  #put(definition: KubeObject): void {
    const { name } = definition.metadata;
    if (!name.includes("gateway.networking.")) return;
    this.#present.set(name, definition);
    this.#look(name);
  }

  /** Metadata does not tell versions: a definition that changed is read whole, once. */
  #look(name: string): void {
    const kind = kindOfDefinition(name);
    if (kind === undefined) return;
    const before = this.#looks.get(kind) ?? Promise.resolve();
    const look = before.then(() => this.#follow(kind, name)).catch((error) => {
      if (this.#signal.aborted) return;
      log.warn("definition not read", {
        cluster: this.#options.cluster,
        definition: name,
        error: errorText(error),
      });
    });
    this.#looks.set(kind, look);
  }

  async #follow(kind: GatewayKind, name: string): Promise<void> {
    if (this.#signal.aborted) return;
    const version = this.#present.has(name) ? await this.#versionOf(name) : undefined;
    if (version === this.#watching.get(kind)?.version) return;
    await this.#leave(kind);
    if (this.#signal.aborted) return;
    // in another version they are the same objects: its listing replaces them
    if (version === undefined) return this.#options.handlers.sync(kind, []);
    if (!this.#watching.has("Namespace")) this.#watchNamespaces();
    this.#watch(kind, {
      version,
      path: collectionPath(kind, version),
      decode: (raw) => decodeGatewayObject(kind, raw),
    });
  }

  async #versionOf(name: string): Promise<string | undefined> {
    const { client } = this.#options;
    try {
      return usableVersion(await client.get(`${DEFINITIONS}/${name}`, { signal: this.#signal }));
    } catch (error) {
      // it is gone already, as the watch will tell
      if (error instanceof KubeError && error.kind === "not-found") return undefined;
      throw error;
    }
  }

  #watchNamespaces(): void {
    this.#watch("Namespace", {
      version: "v1",
      path: "/api/v1/namespaces",
      metadataOnly: true,
      decode: (raw) => decodeObject(raw, { kind: "Namespace" }),
    });
  }

  #watch(kind: WatchedKind, what: Watched): void {
    const { client, clock, cluster } = this.#options;
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const synced = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => synced.resolve(), { once: true });
    const { version, ...rest } = what;
    const handlers = this.#handlersOf(kind, synced.resolve);
    const ended = runInformer({
      ...{ ...rest, client, clock, signal, random: Math.random },
      handlers: { ...handlers, ...quietWhileAbsent(failureLog(cluster, what.path)) },
    });
    this.#watching.set(kind, { version, stop, ended, synced: synced.promise });
  }

  #handlersOf(
    kind: WatchedKind,
    synced: () => void,
  ): Pick<InformerHandlers<KubeObject>, "sync" | "applied" | "deleted"> {
    const { handlers } = this.#options;
    return {
      sync: (objects) => {
        handlers.sync(kind, objects);
        synced();
      },
      applied: (object) => handlers.applied(kind, object),
      deleted: (object) => handlers.deleted(kind, object),
    };
  }

  async #leave(kind: GatewayKind): Promise<void> {
    const watching = this.#watching.get(kind);
    if (watching === undefined) return;
    watching.stop.abort();
    await watching.ended;
    this.#watching.delete(kind);
  }
}

/** A fresh definition is established before it is served; for one that goes it is the reverse. */
function quietWhileAbsent(to: ReturnType<typeof failureLog>): ReturnType<typeof failureLog> {
  return {
    unreadable: (error) => to.unreadable(error),
    failed(error) {
      if (!(error instanceof KubeError && error.kind === "not-found")) to.failed(error);
    },
  };
}

interface Watched {
  readonly version: string;
  readonly path: string;
  readonly metadataOnly?: boolean;
  decode(raw: unknown): KubeObject;
}
