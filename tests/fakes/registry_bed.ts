import { asKubeObject, createObject, type WriteOptions } from "../../lib/embedded/write_create.ts";
import { makeRegistry, type RegistryParts } from "../../lib/embedded/make_registry.ts";
import type { Registry } from "../../lib/embedded/registry.ts";
import type { JsonObject } from "../../lib/embedded/json.ts";
import type { KubeObject, ResourceRow } from "../../lib/embedded/types.ts";
import { seedSystem } from "../../lib/embedded/seed.ts";

/** A registry with the system namespaces and a clock that tests move by hand. */
export class RegistryBed {
  readonly registry: Registry;
  now = Date.UTC(2026, 0, 2, 3, 4, 5);

  constructor(parts: Omit<RegistryParts, "now"> = {}) {
    this.registry = makeRegistry({ ...parts, now: () => this.now });
    seedSystem(this.registry, parts.serviceNetworks?.[0] ?? "10.96.0.0/16");
  }

  /** The row of a plural (the first group that has it). */
  row(plural: string): ResourceRow {
    const row = this.registry.rows.find((known) => known.plural === plural);
    if (!row) throw new Error(`no resource is called ${plural}`);
    return row;
  }

  /** Creates an object, in `default` when the resource has namespaces. */
  create(plural: string, object: JsonObject, options: WriteOptions = {}): KubeObject {
    const row = this.row(plural);
    const namespace = row.namespaced ? "default" : undefined;
    return createObject(this.registry, row, {
      ...options,
      namespace,
      object: asKubeObject(object),
    });
  }

  /** The stored object, in `default` when the resource has namespaces. */
  get(plural: string, name: string): KubeObject | undefined {
    const row = this.row(plural);
    return this.registry.store.get(row, `${row.namespaced ? "default" : ""}/${name}`);
  }

  /** The stored object; fails when it is gone. */
  require(plural: string, name: string): KubeObject {
    const object = this.get(plural, name);
    if (!object) throw new Error(`${plural} ${name} is gone`);
    return object;
  }

  /** Every object of a resource in `default`. */
  list(plural: string): readonly KubeObject[] {
    const row = this.row(plural);
    return [...this.registry.collection(row).objects(row.namespaced ? "default" : undefined)];
  }
}

/** Lets work that was put off to microtasks finish. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** The error code of a call that must throw an ApiError, with its text. */
export function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof Error && "code" in error) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error("the call did not throw");
}
