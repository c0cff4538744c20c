import { deploymentStrategy, replicaSetStrategy } from "./workload_strategy.ts";
import { podStrategy } from "./pod_strategy.ts";
import type { ServiceAllocator } from "./service_allocator.ts";
import { serviceStrategy } from "./service_strategy.ts";
import {
  configMapStrategy,
  endpointSliceStrategy,
  eventStrategy,
  ingressStrategy,
  leaseStrategy,
  namespaceStrategy,
  nodeStrategy,
  secretStrategy,
} from "./small_strategies.ts";
import type { Strategy } from "./types.ts";

/** The rules of every resource that has some, by `group/plural`. */
export function strategies(allocator: ServiceAllocator): Readonly<Record<string, Strategy>> {
  return {
    "/services": serviceStrategy(allocator),
    "/namespaces": namespaceStrategy,
    "/pods": podStrategy,
    "/nodes": nodeStrategy,
    "/events": eventStrategy,
    "/secrets": secretStrategy,
    "/configmaps": configMapStrategy,
    "networking.k8s.io/ingresses": ingressStrategy,
    "apps/deployments": deploymentStrategy,
    "apps/replicasets": replicaSetStrategy,
    "discovery.k8s.io/endpointslices": endpointSliceStrategy,
    "coordination.k8s.io/leases": leaseStrategy,
  };
}
