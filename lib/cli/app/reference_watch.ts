import { type Clock, errorKind } from "../../core/mod.ts";
import type { ConfigMap, NamespacedName, Secret } from "../../gateway/mod.ts";
import { decodeObject, type KubeClient, KubeError, runInformer } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { failureLog } from "./failure_log.ts";
import { isRefusal, listedWithin } from "./first_listing.ts";
import { KeyRelation } from "./key_relation.ts";

/** Options of {@link ReferenceWatch}. */
export interface ReferenceWatchOptions {
  readonly cluster: string;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** 0..1, spreads retries. */
  random(): number;
  /** `Secret/shop/tls` appeared, changed or went. */
  changed(name: string): void;
}

/** Kinds that are read one by one. */
export type ReferencedKind = "Secret" | "ConfigMap";

/** Longest wait for what is not known yet, milliseconds. */
const longestWait = 2_000;

/** A server that answers so often with a failure will not tell soon. */
const mostFailures = 8;

interface Watching {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  readonly synced: Promise<void>;
  isKnown: boolean;
  /** Somebody went on without knowing it. */
  isAwaited: boolean;
  object: KubeObject | undefined;
}

/**
 * Secrets and ConfigMaps that somebody holds by name: each is watched alone, so that no others are
 * ever read, and let go when nobody holds it any more.
 */
export class ReferenceWatch implements AsyncDisposable {
  readonly #options: ReferenceWatchOptions;
  readonly #holders = new KeyRelation();
  readonly #watching = new Map<string, Watching>();

  constructor(options: ReferenceWatchOptions) {
    this.#options = options;
  }

  /**
   * Replaces what a holder needs; true when all of it is known, false when that takes too long: then
   * what is there could look like what is gone.
   */
  async hold(holder: string, names: readonly string[]): Promise<boolean> {
    const before = [...this.#holders.targets(holder)];
    this.#holders.set(holder, names);
    for (const name of names) if (!this.#watching.has(name)) this.#watch(name);
    for (const name of before) if (!this.#isHeld(name)) this.#leave(name);
    const { clock, signal } = this.#options;
    const known = Promise.all(names.map((name) => this.#watching.get(name)?.synced));
    if (names.length === 0) return true;
    const isKnown = await listedWithin(known, { clock, ms: longestWait, signal });
    for (const name of names) {
      const watching = this.#watching.get(name);
      if (watching?.isKnown === false) watching.isAwaited = true;
    }
    return isKnown;
  }

  /** Those of the names that exist. */
  secrets(names: readonly NamespacedName[]): readonly Secret[] {
    return this.#found("Secret", names);
  }

  /** Those of the names that exist. */
  configMaps(names: readonly NamespacedName[]): readonly ConfigMap[] {
    return this.#found("ConfigMap", names);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const watching = [...this.#watching.values()];
    for (const { stop } of watching) stop.abort();
    await Promise.all(watching.map(({ ended }) => ended));
  }

  #found(kind: ReferencedKind, names: readonly NamespacedName[]): readonly KubeObject[] {
    return names.flatMap((name) => this.#watching.get(referenceKey(kind, name))?.object ?? []);
  }

  #isHeld(name: string): boolean {
    return [...this.#holders.keys(name)].length > 0;
  }

  #watch(name: string): void {
    const { client, clock, cluster, random } = this.#options;
    const [kind = "", namespace = "", object = ""] = name.split("/");
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/${kind.toLowerCase()}s`;
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, stop.signal]);
    const synced = Promise.withResolvers<void>();
    const failures = failureLog(cluster, path);
    let answers = 0;
    const known = () => {
      synced.resolve();
      this.#tellKnown(name);
    };
    signal.addEventListener("abort", () => synced.resolve(), { once: true });
    const ended = runInformer<KubeObject>({
      ...{ client, clock, signal, path, random },
      fieldSelector: `metadata.name=${object}`,
      decode: (raw) => decodeObject(raw, { kind, takes: ["type", "data", "binaryData"] }),
      handlers: {
        sync: ([found]) => {
          this.#set(name, found);
          known();
        },
        applied: (found) => this.#set(name, found),
        deleted: () => this.#set(name, undefined),
        unreadable: failures.unreadable,
        failed(error) {
          failures.failed(error);
          if (error instanceof KubeError) answers++;
          // a name that no object can have is no selector, either
          const isWrong = isRefusal(error) || errorKind(error) === "invalid";
          if (isWrong || answers >= mostFailures) known();
        },
      },
    });
    this.#watching.set(name, {
      ...{ stop, ended, synced: synced.promise },
      ...{ isKnown: false, isAwaited: false, object: undefined },
    });
  }

  /** Who waits for something that is not there would never hear of it. */
  #tellKnown(name: string): void {
    const watching = this.#watching.get(name);
    if (watching === undefined || watching.isKnown) return;
    watching.isKnown = true;
    if (watching.isAwaited && watching.object === undefined) this.#options.changed(name);
  }

  #leave(name: string): void {
    this.#watching.get(name)?.stop.abort();
    this.#watching.delete(name);
  }

  #set(name: string, object: KubeObject | undefined): void {
    const watching = this.#watching.get(name);
    if (watching === undefined) return;
    const before = watching.object?.metadata.resourceVersion;
    watching.object = object;
    if (before !== object?.metadata.resourceVersion) this.#options.changed(name);
  }
}

/** `Secret/shop/tls`. */
export function referenceKey(kind: ReferencedKind, { namespace, name }: NamespacedName): string {
  return `${kind}/${namespace}/${name}`;
}
