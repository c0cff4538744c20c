import type {
  KubeClient,
  Listing,
  ListOptions,
  PatchOptions,
  WatchEvent,
  WatchOptions,
} from "../../lib/kube/mod.ts";
import { KubeError } from "../../lib/kube/mod.ts";

/** An object as the fake stores it, loosely typed for assertions. */
export interface FakeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // deno-lint-ignore no-explicit-any -- assertions look into it
  readonly [field: string]: any;
}

interface Watcher {
  readonly path: string;
  readonly name: string | undefined;
  readonly queue: WatchEvent[];
  wake: () => void;
}

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const group = "gateway.networking.k8s.io";

/**
 * An API server in memory, as far as custom resources need one: collections exist while their
 * definition does, the status is a subresource, versions forbid lost updates, watches tell.
 */
export class FakeApi implements KubeClient {
  /** `PATCH /apis/…/status` and so on, in order; watches and lists are left out. */
  readonly writes: string[] = [];
  /** Paths that were read as a list or object, in order. */
  readonly reads: string[] = [];
  readonly #objects = new Map<string, FakeObject>();
  readonly #watchers = new Set<Watcher>();
  readonly #settling = new Set<() => void>();
  #version = 1;

  /** The cluster has a kind from now on, in these versions. */
  define(plural: string, versions: readonly string[] = ["v1"], more: object = {}): void {
    this.put(definitions, {
      metadata: { name: `${plural}.${group}`, ...more },
      spec: { group, versions: versions.map((name) => ({ name, served: true })) },
      status: { conditions: [{ type: "Established", status: "True" }] },
    });
  }

  /** Creates or replaces an object, as a person would; a changed spec is a new generation. */
  put(collection: string, object: FakeObject): FakeObject {
    const { namespace, name } = object.metadata;
    const path = `${collection}/${name}`;
    const before = this.#objects.get(path);
    const same = JSON.stringify(before?.["spec"]) === JSON.stringify(object["spec"]);
    const generation = (before?.metadata.generation ?? 0) + (same && before ? 0 : 1);
    return this.#store(path, {
      ...object,
      metadata: {
        uid: before?.metadata.uid ?? `uid-${path.split("/").slice(-3).join("-")}-${this.#version}`,
        ...object.metadata,
        generation,
        ...(namespace === undefined ? namespaceOf(collection) : { namespace }),
      },
    });
  }

  remove(path: string): void {
    const object = this.#objects.get(path);
    if (object === undefined) return;
    this.#objects.delete(path);
    this.#tell("DELETED", path, object);
  }

  /** An object as it is now. */
  at(path: string): FakeObject | undefined {
    return this.#objects.get(path);
  }

  /** Paths that are being watched now, with `?name` for those of one object. */
  get watched(): readonly string[] {
    return [...this.#watchers].map(({ path, name }) =>
      name === undefined ? path : `${path}?${name}`
    )
      .toSorted();
  }

  /** Resolves as soon as the condition holds; asked after each change of an object. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#settling.add(resolve);
      await promise;
      this.#settling.delete(resolve);
    }
  }

  get(path: string): Promise<unknown> {
    this.reads.push(path);
    const object = this.#objects.get(path);
    return object === undefined ? Promise.reject(notFound(path)) : Promise.resolve(object);
  }

  list(path: string, options: ListOptions): Promise<Listing> {
    this.reads.push(path);
    if (!this.#isServed(path)) return Promise.reject(notFound(path));
    const name = nameOf(options);
    const items = [...this.#objects].filter(([at]) => isIn(at, path, name)).map(([, one]) => one);
    return Promise.resolve({ items, resourceVersion: String(this.#version) });
  }

  async *watch(path: string, options: WatchOptions): AsyncIterable<WatchEvent> {
    const watcher: Watcher = { path, name: nameOf(options), queue: [], wake: () => {} };
    // what changed between the listing and now
    for (const [at, object] of this.#objects) {
      const isNew = Number(object.metadata.resourceVersion) > Number(options.resourceVersion);
      if (isNew && isIn(at, path, watcher.name)) watcher.queue.push({ type: "ADDED", object });
    }
    this.#watchers.add(watcher);
    this.#changed();
    const stop = () => watcher.wake();
    options.signal.addEventListener("abort", stop, { once: true });
    try {
      while (!options.signal.aborted) {
        const event = watcher.queue.shift();
        if (event !== undefined) yield event;
        else {
          const { promise, resolve } = Promise.withResolvers<void>();
          watcher.wake = resolve;
          await promise;
        }
      }
    } finally {
      this.#watchers.delete(watcher);
      options.signal.removeEventListener("abort", stop);
      this.#changed();
    }
  }

  create(path: string, body: unknown): Promise<unknown> {
    const object = body as FakeObject;
    this.writes.push(`POST ${path}`);
    if (!this.#isServed(path)) return Promise.reject(notFound(path));
    if (this.#objects.has(`${path}/${object.metadata.name}`)) {
      return Promise.reject(new KubeError(`${path} exists already`, { status: 409 }));
    }
    return Promise.resolve(this.put(path, object));
  }

  patch(path: string, body: unknown, _options: PatchOptions): Promise<unknown> {
    this.writes.push(`PATCH ${path}`);
    const at = path.replace(/\/status$/, "");
    const object = this.#objects.get(at);
    if (object === undefined) return Promise.reject(notFound(path));
    const change = body as { readonly metadata?: { readonly resourceVersion?: string } };
    const { resourceVersion = object.metadata.resourceVersion } = change.metadata ?? {};
    if (resourceVersion !== object.metadata.resourceVersion) {
      return Promise.reject(new KubeError(`${path} has changed`, { status: 409 }));
    }
    const next = merged(object, body) as FakeObject;
    const same = JSON.stringify(next) === JSON.stringify(object);
    return Promise.resolve(same ? object : this.#store(at, next));
  }

  close(): void {}

  #store(path: string, object: FakeObject): FakeObject {
    const resourceVersion = String(++this.#version);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion } };
    const type = this.#objects.has(path) ? "MODIFIED" : "ADDED";
    this.#objects.set(path, stored);
    this.#tell(type, path, stored);
    return stored;
  }

  #tell(type: string, at: string, object: FakeObject): void {
    for (const watcher of this.#watchers) {
      if (!isIn(at, watcher.path, watcher.name)) continue;
      watcher.queue.push({ type, object });
      watcher.wake();
    }
    this.#changed();
  }

  #changed(): void {
    for (const resolve of this.#settling) resolve();
  }

  #isServed(path: string): boolean {
    const [, version = "", plural = ""] =
      new RegExp(`^/apis/${group}/([^/]+)/(?:namespaces/[^/]+/)?([^/]+)$`).exec(path) ?? [];
    if (plural === "") return true;
    const definition = this.#objects.get(`${definitions}/${plural}.${group}`);
    const versions = (definition?.["spec"].versions ?? []) as readonly { name: string }[];
    return versions.some(({ name }) => name === version);
  }
}

function nameOf({ fieldSelector }: ListOptions): string | undefined {
  return fieldSelector?.replace(/^metadata\.name=/, "");
}

/** True when the object at a path belongs to a collection, of all namespaces or of one. */
function isIn(at: string, collection: string, name: string | undefined): boolean {
  const place = at.slice(0, at.lastIndexOf("/"));
  const last = at.slice(at.lastIndexOf("/") + 1);
  if (name !== undefined && name !== last) return false;
  return place === collection || place.replace(/\/namespaces\/[^/]+(?=\/)/, "") === collection;
}

function namespaceOf(collection: string): { readonly namespace?: string } {
  const namespace = /\/namespaces\/([^/]+)\//.exec(collection)?.[1];
  return namespace === undefined ? {} : { namespace };
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const base = isRecord(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete base[name];
    else if (value !== undefined) base[name] = merged(base[name], value);
  }
  return base;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notFound(path: string): KubeError {
  return new KubeError(`${path} is not there`, { status: 404 });
}
