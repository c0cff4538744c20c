import type { BackendReference, Route } from "../gateway/types.ts";
import { type BackendPort, noPodText, type ReadyPods } from "./ready_pods.ts";

/** What a route passes on to Services without Pods. */
export interface RoutePods {
  /** One sentence for each such Service of a rule that has no other. */
  readonly remarks: readonly string[];
  /** Nothing of it is passed on. */
  readonly none: boolean;
}

/** Looks for rules whose requests reach no Pod, though their backends exist. */
export function routePods({ metadata, spec }: Route, pods: ReadyPods): RoutePods {
  const rules: readonly { readonly backendRefs?: readonly BackendReference[] }[] = spec.rules ?? [];
  const used = rules
    .map(({ backendRefs = [] }) => backendRefs.filter(({ weight = 1 }) => weight > 0))
    .filter((refs) => refs.length > 0)
    .map((refs) => refs.filter(isService).map((ref) => portOf(ref, metadata.namespace)));
  const idle = used.filter((ports) =>
    ports.some((port) => pods.has(port) === false) && !ports.some((port) => pods.has(port))
  );
  const empty = idle.flat().filter((port) => pods.has(port) === false);
  return {
    remarks: [...new Set(empty.map(noPodText))],
    none: idle.length > 0 && idle.length === used.length,
  };
}

/** True when something of a route may be answered: by a ready Pod, or without any backend. */
export function worksInPart({ metadata, spec }: Route, pods: ReadyPods): boolean {
  const rules: readonly { readonly backendRefs?: readonly BackendReference[] }[] = spec.rules ?? [];
  return rules.some(({ backendRefs = [] }) => {
    const used = backendRefs.filter(({ weight = 1 }) => weight > 0);
    return used.length === 0 ||
      used.some((ref) => isService(ref) && pods.has(portOf(ref, metadata.namespace)) === true);
  });
}

/** Services (`namespace/name`) that a route passes on to. */
export function routeServices({ metadata, spec }: Route): ReadonlySet<string> {
  const rules: readonly { readonly backendRefs?: readonly BackendReference[] }[] = spec.rules ?? [];
  const refs = rules.flatMap(({ backendRefs = [] }) => backendRefs).filter(isService);
  return new Set(
    refs.map((ref) => portOf(ref, metadata.namespace)).map((port) =>
      `${port.namespace}/${port.name}`
    ),
  );
}

function isService({ group = "", kind = "Service" }: BackendReference): boolean {
  return group === "" && kind === "Service";
}

function portOf(
  { namespace, name, port }: BackendReference,
  home: string = "default",
): BackendPort {
  return { namespace: namespace ?? home, name, port: { number: port } };
}
