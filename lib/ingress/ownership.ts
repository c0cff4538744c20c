import type { Ingress, IngressClass } from "./types.ts";

/** Class names and the controllers behind them: the peer's, and our own. */
export const INGRESS_CLASSES: readonly { readonly name: string; readonly controller: string }[] = [
  { name: "cloud-provider-kind", controller: "kind.sigs.k8s.io/ingress-controller" },
  { name: "berth", controller: "berth.dev/ingress-controller" },
];

/** Marks the class that Ingresses without one get. */
export const DEFAULT_CLASS_ANNOTATION = "ingressclass.kubernetes.io/is-default-class";

/** The way to name a class before `spec.ingressClassName`; still met in old manifests. */
export const LEGACY_CLASS_ANNOTATION = "kubernetes.io/ingress.class";

/**
 * True when an Ingress is ours: the class that it names has one of our controllers, or it names
 * none and ours is the default. `spec.ingressClassName` wins over the old annotation, which names
 * a class without needing the object.
 *
 * @example
 * ```ts
 * import { ownsIngress } from "./ownership.ts";
 * const metadata = { name: "web", namespace: "shop", uid: "1", resourceVersion: "1" };
 * const ingress = { metadata, spec: { ingressClassName: "nginx" } };
 * if (ownsIngress(ingress, [])) throw new Error("that one belongs to another controller");
 * ```
 */
export function ownsIngress(ingress: Ingress, classes: readonly IngressClass[]): boolean {
  const legacy = ingress.metadata.annotations?.[LEGACY_CLASS_ANNOTATION];
  const named = ingress.spec.ingressClassName ?? legacy;
  if (named === undefined) return classes.some((each) => isOurs(each) && isDefault(each));
  const found = classes.find(({ metadata }) => metadata.name === named);
  if (found !== undefined) return isOurs(found);
  return INGRESS_CLASSES.some(({ name }) => name === named);
}

function isOurs({ spec }: IngressClass): boolean {
  return INGRESS_CLASSES.some(({ controller }) => controller === spec?.controller);
}

function isDefault({ metadata }: IngressClass): boolean {
  return metadata.annotations?.[DEFAULT_CLASS_ANNOTATION] === "true";
}
