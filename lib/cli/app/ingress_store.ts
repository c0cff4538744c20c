import {
  type Ingress,
  type IngressClass,
  ingressReferences,
  ownsIngress,
} from "../../ingress/mod.ts";
import { objectKey } from "../../kube/mod.ts";

/** Ingresses and their classes as last seen, and which of them are ours. */
export class IngressStore {
  readonly #ingresses = new Map<string, Ingress>();
  readonly #classes = new Map<string, IngressClass>();
  /** Kept until an Ingress or a class changes: Services change more often. */
  #chosen: Chosen | undefined;

  /** Those that berth serves. */
  ours(): readonly Ingress[] {
    return this.#choose().ours;
  }

  ingress(key: string): Ingress | undefined {
    return this.#ingresses.get(key);
  }

  classes(): readonly IngressClass[] {
    return [...this.#classes.values()];
  }

  syncIngresses(ingresses: readonly Ingress[]): void {
    this.#ingresses.clear();
    for (const ingress of ingresses) this.#ingresses.set(objectKey(ingress), ingress);
    this.#changed();
  }

  putIngress(ingress: Ingress): void {
    this.#ingresses.set(objectKey(ingress), ingress);
    this.#changed();
  }

  removeIngress(ingress: Ingress): void {
    this.#ingresses.delete(objectKey(ingress));
    this.#changed();
  }

  syncClasses(classes: readonly IngressClass[]): void {
    this.#classes.clear();
    for (const each of classes) this.#classes.set(each.metadata.name, each);
    this.#changed();
  }

  putClass(ingressClass: IngressClass): void {
    this.#classes.set(ingressClass.metadata.name, ingressClass);
    this.#changed();
  }

  removeClass(ingressClass: IngressClass): void {
    this.#classes.delete(ingressClass.metadata.name);
    this.#changed();
  }

  /** True when one of our Ingresses leads to the Service (`namespace/name`). */
  leadsTo(service: string): boolean {
    return this.#choose().services.has(service);
  }

  #choose(): Chosen {
    if (this.#chosen !== undefined) return this.#chosen;
    const classes = this.classes();
    const ours = [...this.#ingresses.values()].filter((each) => ownsIngress(each, classes));
    const services = ingressReferences(ours).services.map(({ namespace, name }) =>
      `${namespace}/${name}`
    );
    this.#chosen = { ours, services: new Set(services) };
    return this.#chosen;
  }

  #changed(): void {
    this.#chosen = undefined;
  }
}

interface Chosen {
  readonly ours: readonly Ingress[];
  readonly services: ReadonlySet<string>;
}
