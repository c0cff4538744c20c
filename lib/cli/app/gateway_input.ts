import {
  type Gateway,
  type GatewayInput,
  type GatewayReferences,
  gatewayReferences,
  type NamespacedName,
  permittedReferences,
} from "../../gateway/mod.ts";
import { objectKey } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { GatewayStore } from "./gateway_store.ts";
import { referenceKey } from "./reference_watch.ts";
import type { ServiceStore } from "./service_store.ts";

/** What a Gateway's plan starts from, before Secrets and ConfigMaps were read. */
export interface GatewayDraft {
  readonly input: Omit<GatewayInput, "secrets" | "configMaps" | "addresses" | "unusable" | "now">;
  /** Those that may be read: in the namespace of what names them, or granted there. */
  readonly secrets: readonly NamespacedName[];
  readonly configMaps: readonly NamespacedName[];
  /** All that concerns the Gateway besides its own routes, as the store's needs. */
  readonly needs: readonly string[];
}

/** Where the objects of a {@link GatewayDraft} come from. */
export interface DraftSources {
  readonly cluster: string;
  readonly store: GatewayStore;
  readonly services: Pick<ServiceStore, "service" | "slices">;
}

/** Collects what one Gateway depends on; the cost is that of these objects alone. */
export function gatewayDraft(
  gateway: Gateway,
  { cluster, store, services }: DraftSources,
): GatewayDraft {
  const key = objectKey(gateway);
  const listenerSets = store.listenerSets(key);
  const routes = store.routes(key);
  const objects = { gateway, listenerSets, routes };
  // policies name nothing outside of their own namespace, which their Services have in common
  const reached = namespacesOf(gatewayReferences({ ...objects, policies: [] }));
  const grants = reached.flatMap((namespace) => store.grants(namespace));
  const wanted = permittedReferences({ ...objects, policies: [] }, grants).services.map(keyOf);
  const policies = unique(wanted.flatMap((service) => store.policies(service)));
  const { secrets, configMaps } = permittedReferences({ ...objects, policies }, grants);
  const homes = unique([gateway, ...listenerSets, ...routes]).map(namespaceOf);
  const namespaces = [...new Set(homes)].toSorted();
  return {
    input: {
      ...{ ...objects, cluster, policies, grants },
      controllerName: store.gatewayClass(gateway.spec.gatewayClassName)?.spec.controllerName ?? "",
      namespaces: Object.fromEntries(
        namespaces.map((name) => [name, store.object("Namespace", name)?.metadata.labels ?? {}]),
      ),
      services: wanted.flatMap((service) => services.service(service) ?? []),
      slices: wanted.flatMap((service) => services.slices(service)),
    },
    secrets,
    configMaps,
    needs: [
      ...wanted.map((service) => `Service/${service}`),
      ...secrets.map((name) => referenceKey("Secret", name)),
      ...configMaps.map((name) => referenceKey("ConfigMap", name)),
      ...namespaces.map((name) => `Namespace/${name}`),
      ...reached.map((name) => `Grants/${name}`),
    ],
  };
}

function namespacesOf(references: GatewayReferences): readonly string[] {
  const { services, secrets, configMaps } = references;
  return [...new Set([services, secrets, configMaps].flat().map(({ namespace }) => namespace))];
}

function keyOf({ namespace, name }: NamespacedName): string {
  return `${namespace}/${name}`;
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? "default";
}

function unique<T>(objects: readonly T[]): readonly T[] {
  return [...new Set(objects)];
}
