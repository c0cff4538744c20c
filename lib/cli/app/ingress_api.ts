import type { Clock } from "../../core/mod.ts";
import {
  DEFAULT_CLASS_ANNOTATION,
  type Ingress,
  INGRESS_CLASSES,
  type IngressClass,
  type IngressStatusWrite,
} from "../../ingress/mod.ts";
import { decodeObject, type KubeClient, KubeError, runInformer } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { isRefusal } from "./first_listing.ts";
import { failureLog } from "./failure_log.ts";
import type { IngressStore } from "./ingress_store.ts";

const GROUP = "/apis/networking.k8s.io/v1";

/** Options of {@link watchIngresses}. */
export interface IngressWatchOptions {
  readonly cluster: string;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly store: IngressStore;
  /** 0..1, spreads retries. */
  random(): number;
  changed(): void;
}

/** The two watches, once both kinds were listed, and their end. */
export interface IngressWatches {
  readonly synced: Promise<void>;
  readonly ended: Promise<void>;
}

/** Keeps a store in step with the Ingresses and classes of a cluster. */
export function watchIngresses(options: IngressWatchOptions): IngressWatches {
  const { store } = options;
  const ingresses = watch<Ingress>(options, {
    ...{ path: `${GROUP}/ingresses`, kind: "Ingress", needs: ["spec"], takes: ["status"] },
    sync: (objects) => store.syncIngresses(objects),
    put: (object) => store.putIngress(object),
    remove: (object) => store.removeIngress(object),
  });
  const classes = watch<IngressClass>(options, {
    ...{ path: `${GROUP}/ingressclasses`, kind: "IngressClass", needs: [], takes: ["spec"] },
    sync: (objects) => store.syncClasses(objects),
    put: (object) => store.putClass(object),
    remove: (object) => store.removeClass(object),
  });
  return {
    synced: Promise.all([ingresses.synced, classes.synced]).then(() => {}),
    ended: Promise.all([ingresses.ended, classes.ended]).then(() => {}),
  };
}

interface Watched<T> {
  readonly path: string;
  readonly kind: string;
  readonly needs: readonly string[];
  readonly takes: readonly string[];
  sync(objects: readonly T[]): void;
  put(object: T): void;
  remove(object: T): void;
}

function watch<T extends KubeObject>(options: IngressWatchOptions, what: Watched<T>) {
  const { client, clock, signal, cluster, random, changed } = options;
  const { path, kind, needs, takes } = what;
  const synced = Promise.withResolvers<void>();
  const failures = failureLog(cluster, path);
  signal.addEventListener("abort", () => synced.resolve(), { once: true });
  const ended = runInformer<T>({
    ...{ client, clock, signal, path, random },
    decode: (raw) => decodeObject(raw, { kind, needs, takes }) as T, // its schema was checked
    handlers: {
      sync: (objects) => {
        what.sync(objects);
        synced.resolve();
        changed();
      },
      applied: (object) => {
        what.put(object);
        changed();
      },
      deleted: (object) => {
        what.remove(object);
        changed();
      },
      unreadable: failures.unreadable,
      failed(error) {
        failures.failed(error);
        if (isRefusal(error)) synced.resolve();
      },
    },
  });
  return { synced: synced.promise, ended };
}

/** Options of the writing calls. */
export interface IngressWriteOptions {
  readonly client: Pick<KubeClient, "create" | "patch">;
  readonly signal: AbortSignal;
}

/**
 * Makes the classes that are absent. The first becomes the default one where asked for, unless the
 * cluster has a default already: Ingresses without a class would change hands.
 */
export async function createIngressClasses(
  present: readonly IngressClass[],
  { client, signal, asDefault }: IngressWriteOptions & { readonly asDefault: boolean },
): Promise<void> {
  const names = new Set(present.map(({ metadata }) => metadata.name));
  const taken = present.some(({ metadata }) =>
    metadata.annotations?.[DEFAULT_CLASS_ANNOTATION] === "true"
  );
  const missing = INGRESS_CLASSES.filter(({ name }) => !names.has(name));
  await Promise.all(missing.map(async ({ name, controller }) => {
    const isDefault = asDefault && !taken && name === INGRESS_CLASSES[0]?.name;
    const annotations = isDefault ? { [DEFAULT_CLASS_ANNOTATION]: "true" } : {};
    const body = {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name, annotations },
      spec: { controller },
    };
    await client.create(`${GROUP}/ingressclasses`, body, { signal }).catch((error) => {
      if (!(error instanceof KubeError && error.kind === "conflict")) throw error;
    });
  }));
}

/** Writes the load balancer status of one Ingress; one that is gone is fine. */
export async function writeIngressStatus(
  { namespace, name, loadBalancer }: IngressStatusWrite,
  { client, signal }: IngressWriteOptions,
): Promise<void> {
  const [space, ingress] = [encodeURIComponent(namespace), encodeURIComponent(name)];
  const path = `${GROUP}/namespaces/${space}/ingresses/${ingress}/status`;
  try {
    await client.patch(path, { status: { loadBalancer } }, { type: "merge", signal });
  } catch (error) {
    if (!(error instanceof KubeError && error.kind === "not-found")) throw error;
  }
}
