import {
  type Gateway,
  type GatewayInput,
  type GatewayReferences,
  gatewayReferences,
  type ListenerSet,
  type NamespacedName,
  type ReferenceGrant,
} from "../../gateway/mod.ts";
import { objectKey } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { GATEWAY_GROUP } from "./gateway_kinds.ts";
import type { GatewayStore } from "./gateway_store.ts";
import { type ReferencedKind, referenceKey } from "./reference_watch.ts";
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
  const wanted = gatewayReferences({ ...objects, policies: [] }).services.map(keyOf);
  const policies = unique(wanted.flatMap((service) => store.policies(service)));
  const references = gatewayReferences({ ...objects, policies });
  const grants = namespacesOf(references).flatMap((namespace) => store.grants(namespace));
  const homes = unique([gateway, ...listenerSets, ...routes]).map(namespaceOf);
  const namespaces = [...new Set(homes)].toSorted();
  const sources = sourcesOf(gateway, listenerSets);
  const secrets = references.secrets.filter((name) => mayRead("Secret", name, { sources, grants }));
  const configMaps = [
    ...references.configMaps.filter((name) =>
      policies.some((policy) => namespaceOf(policy) === name.namespace) ||
      mayRead("ConfigMap", name, { sources, grants })
    ),
  ];
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
      ...namespacesOf(references).map((name) => `Grants/${name}`),
    ],
  };
}

/** Each object that names Secrets, with the names. */
interface Source {
  readonly kind: "Gateway" | "ListenerSet";
  readonly namespace: string;
  readonly references: GatewayReferences;
}

function sourcesOf(gateway: Gateway, listenerSets: readonly ListenerSet[]): readonly Source[] {
  const none = { listenerSets: [], routes: [], policies: [] };
  const { gatewayClassName } = gateway.spec;
  const bare = { ...gateway, spec: { gatewayClassName } };
  return [
    {
      kind: "Gateway",
      namespace: namespaceOf(gateway),
      references: gatewayReferences({ ...none, gateway }),
    },
    ...listenerSets.map((set): Source => ({
      kind: "ListenerSet",
      namespace: namespaceOf(set),
      references: gatewayReferences({ ...none, gateway: bare, listenerSets: [set] }),
    })),
  ];
}

/** By the rule of ReferenceGrant: what crosses namespaces needs a grant where the target is. */
function mayRead(
  kind: ReferencedKind,
  name: NamespacedName,
  { sources, grants }: {
    readonly sources: readonly Source[];
    readonly grants: readonly ReferenceGrant[];
  },
): boolean {
  const there = grants.filter((grant) => namespaceOf(grant) === name.namespace);
  return sources.some(({ references, ...from }) => {
    const named = kind === "Secret" ? references.secrets : references.configMaps;
    if (!named.some((one) => keyOf(one) === keyOf(name))) return false;
    return from.namespace === name.namespace ||
      there.some(({ spec }) =>
        spec.from.some((who) =>
          who.group === GATEWAY_GROUP && who.kind === from.kind && who.namespace === from.namespace
        ) &&
        spec.to.some((what) =>
          what.group === "" && what.kind === kind && (what.name ?? name.name) === name.name
        )
      );
  });
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
