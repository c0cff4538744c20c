import {
  type EmbeddedApi,
  type Fault,
  type FaultInjector,
  type FaultRequest,
  serve,
  type ServeOptions,
} from "../../lib/embedded/mod.ts";
import { createKubeClient, type KubeClient } from "../../lib/kube/mod.ts";

/** An object as the emulator stores it, loosely typed for assertions. */
export interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly finalizers?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  // deno-lint-ignore no-explicit-any -- assertions look into it
  readonly [field: string]: any;
}

/** What {@link ApiBed} keeps of each request. */
export type Seen = Pick<FaultRequest, "method" | "path" | "watch"> & {
  readonly version: string | null;
};

/** The emulator with a client, faults that can be switched, and waits without polling. */
export class ApiBed implements AsyncDisposable {
  readonly api: EmbeddedApi;
  readonly client: KubeClient;
  /** Every request so far. */
  readonly requests: Seen[] = [];
  /** Decides what goes wrong; set it at any time. */
  fault: FaultInjector = () => undefined;
  readonly #signal = new AbortController().signal;

  constructor(options: ServeOptions = {}) {
    this.api = serve({ ...options, fault: (request) => this.#judge(request) });
    this.client = createKubeClient(this.api.kubeconfig());
  }

  /** The next requests for which `matches` is true go wrong in this way, `times` in all. */
  fail(fault: Fault, times: number, matches: (request: FaultRequest) => boolean): void {
    const before = this.fault;
    let left = times;
    this.fault = (request) => {
      if (left === 0 || !matches(request)) return before(request);
      left--;
      return fault;
    };
  }

  /** Creates an object in a collection such as `/api/v1/namespaces/default/services`. */
  async create(path: string, object: unknown): Promise<Stored> {
    return await this.client.create(path, object, { signal: this.#signal }) as Stored;
  }

  /** Merge patch. */
  async patch(path: string, body: unknown): Promise<Stored> {
    return await this.client.patch(path, body, { type: "merge", signal: this.#signal }) as Stored;
  }

  async get(path: string): Promise<Stored> {
    return await this.client.get(path, { signal: this.#signal }) as Stored;
  }

  async remove(path: string): Promise<void> {
    const response = await fetch(this.api.url + path, { method: "DELETE" });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`DELETE ${path} answered ${response.status}`);
  }

  /** All objects of a resource such as `services` or `discovery.k8s.io/endpointslices`. */
  objects(resource: string): readonly Stored[] {
    return [...this.api.store.collection(groupResource(resource)).objects()] as unknown as Stored[];
  }

  /** The first object of a resource that satisfies the condition, now or when it does. */
  async until(resource: string, condition: (object: Stored) => boolean): Promise<Stored> {
    await this.settled(resource, (objects) => objects.some(condition));
    const found = this.objects(resource).find(condition);
    if (found === undefined) throw new Error(`no object of ${resource} satisfies the condition`);
    return found;
  }

  /** Resolves when the condition holds for all objects of a resource, now or later. */
  async settled(
    resource: string,
    condition: (objects: readonly Stored[]) => boolean,
  ): Promise<void> {
    if (condition(this.objects(resource))) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.api.store.subscribe(groupResource(resource), {}, () => {
      if (condition(this.objects(resource))) resolve();
    });
    try {
      await promise;
    } finally {
      stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // a watch that is opened between the end of all watches and that of the server would stay
    this.fault = () => ({ kind: "status", code: 503 });
    this.client.close();
    await this.api[Symbol.asyncDispose]();
  }

  #judge(request: FaultRequest): Fault | undefined {
    const { method, path, watch } = request;
    this.requests.push({ method, path, watch, version: request.params.get("resourceVersion") });
    return this.fault(request);
  }
}

/** A ConfigMap to watch: `data.n` tells states apart. */
export function configMap(name: string, n = 0): unknown {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { n: String(n) } };
}

function groupResource(resource: string): { group: string; plural: string } {
  const at = resource.indexOf("/");
  return { group: resource.slice(0, Math.max(0, at)), plural: resource.slice(at + 1) };
}
