import type { Bed, KubeObject } from "../../e2e/bed/mod.ts";
import { deadline, pause } from "./wait.ts";

/** Path of the bench's Services. */
const path = "/api/v1/namespaces/default/services";

/** A Service as the bench reads it. */
export interface BenchService extends KubeObject {
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { ip?: string }[] } };
}

/** Knobs of a bench Service; it selects the Pods labelled `app=NAME`. */
export interface ServiceShape {
  readonly app: string;
  readonly type?: "LoadBalancer" | "ClusterIP";
  readonly port?: number;
  readonly targetPort?: number;
}

/** Creates a Service through the API. */
export async function createService(bed: Bed, name: string, shape: ServiceShape): Promise<void> {
  const { app, type = "LoadBalancer", port = 80, targetPort = 8080 } = shape;
  await bed.api.create(path, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels: { bench: "yes" } },
    spec: { type, selector: { app }, ports: [{ port, targetPort }] },
  });
}

/** Objects whose statuses tell an address. */
export interface Watched<T extends KubeObject> {
  readonly path: string;
  addressOf(object: T): string | undefined;
}

const SERVICES: Watched<BenchService> = {
  path,
  addressOf: ({ status }) => status?.loadBalancer?.ingress?.[0]?.ip,
};

/** Address by name, filled by one watch as statuses are written. */
export class AddressWatch implements Disposable {
  readonly #stop = new AbortController();
  readonly #known = new Map<string, PromiseWithResolvers<string>>();

  /** Watches Services, unless it is told what. */
  constructor(bed: Bed, watched: Watched<KubeObject> = SERVICES) {
    this.#run(bed, watched).catch((error) => {
      if (!this.#stop.signal.aborted) throw error;
    });
  }

  /** The address of a Service, once its status has one. */
  async address(name: string, limitMs = 60_000): Promise<string> {
    return await deadline(this.#entry(name).promise, limitMs);
  }

  /** Forgets a name, so that it can be used again. */
  forget(name: string): void {
    this.#known.delete(name);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  #entry(name: string): PromiseWithResolvers<string> {
    const entry = this.#known.get(name) ?? Promise.withResolvers<string>();
    this.#known.set(name, entry);
    return entry;
  }

  /** Watches again when the server ends a watch. */
  async #run<T extends KubeObject>(bed: Bed, watched: Watched<T>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      for await (const { type, object } of bed.api.watch<T>(watched.path, "0", signal)) {
        const ip = watched.addressOf(object);
        if (type !== "DELETED" && ip !== undefined) this.#entry(object.metadata.name).resolve(ip);
      }
    }
  }
}

/** Deletes the bench's Services and waits until they are gone; kubectl alone asks too seldom. */
export async function clearServices(bed: Bed): Promise<void> {
  await bed.kubectl("delete", "services", "-l", "bench=yes", "--wait=false");
  for (let left = 1; left > 0;) {
    const list = await bed.api.get<{ items: readonly unknown[] }>(
      `${path}?labelSelector=bench%3Dyes`,
    );
    left = list.items.length;
    if (left > 0) await pause(50);
  }
}
