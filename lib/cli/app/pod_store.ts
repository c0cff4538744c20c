import type { Pod, Service } from "../../kube/types.ts";
import { objectKey } from "../../kube/mod.ts";

/** Pods as last seen, found by label: the cost of a look-up is the Pods of one label, not all. */
export class PodStore {
  readonly #pods = new Map<string, Pod>();
  readonly #byLabel = new Map<string, Set<string>>();

  sync(pods: readonly Pod[]): void {
    this.#pods.clear();
    this.#byLabel.clear();
    for (const pod of pods) this.applied(pod);
  }

  applied(pod: Pod): void {
    this.deleted(pod);
    const key = objectKey(pod);
    this.#pods.set(key, pod);
    for (const label of labelsOf(pod)) {
      const keys = this.#byLabel.get(label) ?? new Set<string>();
      this.#byLabel.set(label, keys.add(key));
    }
  }

  deleted(pod: Pod): void {
    const key = objectKey(pod);
    const known = this.#pods.get(key);
    if (known === undefined) return;
    this.#pods.delete(key);
    for (const label of labelsOf(known)) {
      const keys = this.#byLabel.get(label);
      keys?.delete(key);
      if (keys?.size === 0) this.#byLabel.delete(label);
    }
  }

  /** Pods of the Service's namespace that carry every label of its selector. */
  selected({ metadata, spec }: Service): readonly Pod[] {
    const wanted = Object.entries(spec.selector ?? {});
    const sets = wanted.map(([name, value]) =>
      this.#byLabel.get(labelKey(metadata.namespace, name, value)) ?? new Set<string>()
    );
    const smallest = sets.toSorted((a, b) => a.size - b.size)[0] ?? new Set<string>();
    return [...smallest].flatMap((key) => this.#pods.get(key) ?? []).filter((pod) =>
      wanted.every(([name, value]) => pod.metadata.labels?.[name] === value)
    );
  }
}

function labelsOf({ metadata }: Pod): readonly string[] {
  return Object.entries(metadata.labels ?? {}).map(([name, value]) =>
    labelKey(metadata.namespace, name, value)
  );
}

function labelKey(namespace: string | undefined, name: string, value: string): string {
  return `${namespace ?? "default"}/${name}=${value}`;
}
