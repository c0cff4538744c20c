import { AppError } from "../core/mod.ts";
import type { Service } from "../kube/types.ts";
import type { PlaneName } from "../planes/types.ts";
import { findAnnotation, planeAnnotation } from "./annotations.ts";
import { servingCondition } from "./status.ts";

/** Finalizer of the Kubernetes service controller (KEP-980); shared by all implementations. */
const finalizer = "service.kubernetes.io/load-balancer-cleanup";

/** What berth does about a Service. */
export type Ownership =
  | "serve"
  /** It was ours: take everything back, then drop the finalizer. */
  | "release"
  /** What was ours bears its name no more: take everything back, but leave the object alone. */
  | "abandon"
  | "ignore";

/** Load balancer classes that berth answers to; a Service without a class is ours as well. */
const classes: ReadonlyMap<string, PlaneName | "default"> = new Map([
  ["berth.dev/berth", "default"],
  ["berth.dev/kernel", "kernel"],
  ["berth.dev/embedded", "embedded"],
  ["berth.dev/envoy", "envoy"],
]);

/** What is known of a Service beside the object itself. */
export interface OwnershipContext {
  /** The data path or the ledger holds something for it. */
  readonly held: boolean;
}

/**
 * Decides whose Service this is. A foreign class is never touched; a Service that stopped being a
 * LoadBalancer is released only when something shows that it was ours.
 */
export function ownership(service: Service, context: OwnershipContext): Ownership {
  const { metadata, spec } = service;
  // a Service made again under another class must not keep the address of the old one
  if (isForeign(spec.loadBalancerClass)) return context.held ? "abandon" : "ignore";
  const wanted = spec.type === "LoadBalancer";
  if (wanted && metadata.deletionTimestamp === undefined) return "serve";
  if (context.held) return "release";
  const finalized = metadata.finalizers?.includes(finalizer) ?? false;
  return finalized && (wanted || wasOurs(service)) ? "release" : "ignore";
}

/**
 * The plane that a Service asks for by annotation or class, or the given default. Throws AppError
 * `invalid` for a plane that does not exist.
 */
export function choosePlane(service: Service, fallback: PlaneName): PlaneName {
  const asked = findAnnotation(service, [planeAnnotation]);
  if (asked !== undefined && asked.value !== "auto") {
    if (isPlaneName(asked.value)) return asked.value;
    throw new AppError(
      `annotation ${asked.name} is "${asked.value}": use "kernel", "envoy", "embedded" or "auto"`,
      { kind: "invalid" },
    );
  }
  const byClass = classes.get(service.spec.loadBalancerClass ?? "");
  return byClass === undefined || byClass === "default" ? fallback : byClass;
}

/** Why a Service of a class that looks like berth's is nobody's; undefined for all others. */
export function unknownClass({ spec }: Service): string | undefined {
  const { loadBalancerClass: wanted = "" } = spec;
  if (spec.type !== "LoadBalancer" || classes.has(wanted) || !wanted.startsWith("berth.dev/")) {
    return undefined;
  }
  const known = [...classes.keys()].join(", ");
  return `loadBalancerClass "${wanted}" does not exist: make the Service again without one, or ` +
    `with one of ${known}`;
}

function isForeign(loadBalancerClass: string | undefined): boolean {
  return loadBalancerClass !== undefined && !classes.has(loadBalancerClass);
}

/** True when the status of a Service was written by berth, whoever serves it now. */
export function wasOurs(service: Service): boolean {
  return service.status?.conditions?.some(({ type }) => type === servingCondition) ?? false;
}

function isPlaneName(text: string): text is PlaneName {
  return text === "kernel" || text === "embedded" || text === "envoy";
}
