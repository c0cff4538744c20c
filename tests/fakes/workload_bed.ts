import { startControllers } from "../../lib/embedded/controllers/start.ts";
import type { BackendRunner } from "../../lib/embedded/backends/types.ts";
import type { JsonObject } from "../../lib/embedded/json.ts";
import { seedNodes } from "../../lib/embedded/seed.ts";
import type { KubeObject } from "../../lib/embedded/types.ts";
import { deleteObject, type DeleteOptions } from "../../lib/embedded/write_delete.ts";
import { updateObject } from "../../lib/embedded/write_update.ts";
import { RegistryBed, settle } from "./registry_bed.ts";

const LABELS = { app: "web" };

/** A registry with nodes and all controllers running. */
export class WorkloadBed extends RegistryBed implements AsyncDisposable {
  readonly #stop: () => Promise<void>;

  constructor(runner?: BackendRunner) {
    super();
    seedNodes(this.registry);
    this.#stop = startControllers(this.registry, { endpointSlices: true, runner });
  }

  /** Creates a Deployment `web` and lets the controllers work. */
  async deploy(spec: JsonObject = {}): Promise<void> {
    const template = {
      metadata: { labels: LABELS },
      spec: { containers: [{ name: "c", image: "v1" }] },
    };
    this.create("deployments", {
      metadata: { name: "web" },
      spec: { replicas: 2, selector: { matchLabels: LABELS }, template, ...spec },
    });
    await settle();
  }

  /** Changes an object and lets the controllers work. */
  async change(
    plural: string,
    name: string,
    change: (object: KubeObject) => KubeObject,
  ): Promise<void> {
    const row = this.row(plural);
    const namespace = row.namespaced ? "default" : undefined;
    updateObject(this.registry, row, { namespace, name, change });
    await settle();
  }

  /** Deletes an object and lets the controllers work. */
  async remove(plural: string, name: string, options: DeleteOptions = {}): Promise<void> {
    const row = this.row(plural);
    const namespace = row.namespaced ? "default" : undefined;
    deleteObject(this.registry, row, { ...options, namespace, name });
    await settle();
  }

  /** Gives the Deployment `web` another image. */
  roll(image: string): Promise<void> {
    const template = { metadata: { labels: LABELS }, spec: { containers: [{ name: "c", image }] } };
    return this.change(
      "deployments",
      "web",
      (old) => ({ ...old, spec: { ...old.spec, template } }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
