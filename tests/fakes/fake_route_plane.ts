import type { RoutePlane, RoutesServed, Served } from "../../lib/planes/types.ts";
import type { RouteSpec } from "../../lib/proxy/types.ts";

/** Remembers what it serves; refuses when told to. */
export class FakeRoutePlane implements RoutePlane {
  readonly name = "envoy";
  readonly specs = new Map<string, RouteSpec>();
  /** Thrown by the next calls. */
  trouble: Error | undefined;

  ensure(): Promise<Served> {
    return Promise.reject(new Error("this fake serves routes alone"));
  }

  ensureRoutes(spec: RouteSpec): Promise<RoutesServed> {
    if (this.trouble !== undefined) return Promise.reject(this.trouble);
    this.specs.set(spec.key, spec);
    const addresses = spec.addresses.map((address) => ({ address }));
    return Promise.resolve({ key: spec.key, addresses, published: [], refused: [], warnings: [] });
  }

  remove(key: string): Promise<void> {
    if (this.trouble !== undefined) return Promise.reject(this.trouble);
    this.specs.delete(key);
    return Promise.resolve();
  }

  setNodes(): Promise<void> {
    return Promise.resolve();
  }

  list(): Promise<readonly Served[]> {
    return Promise.resolve([...this.specs.values()].map(({ key, addresses }) => ({
      key,
      addresses: addresses.map((address) => ({ address })),
      warnings: [],
    })));
  }

  config(key: string): Promise<unknown> {
    return Promise.resolve(this.specs.get(key));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
