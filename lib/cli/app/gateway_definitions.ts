import type { ResourceDefinition } from "../../gateway/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { bestVersion } from "./gateway_kinds.ts";

/** Names the release of the definitions (`v1.6.3`). */
export const BUNDLE_VERSION = "gateway.networking.k8s.io/bundle-version";

/** Names the set of definitions (`standard`, `experimental`). */
export const CHANNEL = "gateway.networking.k8s.io/channel";

/** Marks the definitions that berth made. */
export const MANAGED_BY = { "app.kubernetes.io/managed-by": "berth" } as const;

/** What is to be done about one definition. */
export interface DefinitionAction {
  readonly kind: "create" | "update";
  readonly definition: ResourceDefinition;
}

/**
 * What brings a cluster's definitions to a bundle: absent ones are made, our own older ones are
 * brought up to date. Those of others stay as they are, and so do newer ones.
 */
export function definitionActions(
  bundle: readonly ResourceDefinition[],
  present: ReadonlyMap<string, KubeObject>,
): readonly DefinitionAction[] {
  return bundle.flatMap((definition): readonly DefinitionAction[] => {
    const there = present.get(definition.metadata.name);
    const ours = labelled(definition);
    if (there === undefined) return [{ kind: "create", definition: ours }];
    return isOurs(there) && isOlder(there, definition)
      ? [{ kind: "update", definition: ours }]
      : [];
  });
}

/** Version that a definition is used in; undefined while it is not served (yet). */
export function usableVersion(raw: unknown): string | undefined {
  const { spec, status } = raw as {
    readonly spec?: ResourceDefinition["spec"];
    readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
  };
  const established = status?.conditions?.some((condition) =>
    condition.type === "Established" && condition.status === "True"
  );
  if (established !== true) return undefined;
  return bestVersion((spec?.versions ?? []).flatMap(({ name, served }) => served ? [name] : []));
}

/** What is wrong with the release of a definition, with the remedy; undefined when it will do. */
export function versionProblem(definition: KubeObject | undefined): string | undefined {
  const version = definition?.metadata.annotations?.[BUNDLE_VERSION];
  if (version === undefined || /^v1\./.test(version)) return undefined;
  return `the cluster has Gateway API ${version}, berth knows v1: install a v1 release`;
}

function labelled(definition: ResourceDefinition): ResourceDefinition {
  const { metadata } = definition;
  return {
    ...definition,
    metadata: { ...metadata, labels: { ...metadata.labels, ...MANAGED_BY } },
  };
}

function isOurs({ metadata }: KubeObject): boolean {
  return Object.entries(MANAGED_BY).every(([name, value]) => metadata.labels?.[name] === value);
}

/** Of the same release, the experimental definitions can do more. */
function isOlder(there: KubeObject, bundled: ResourceDefinition): boolean {
  const order = compareVersions(
    there.metadata.annotations?.[BUNDLE_VERSION],
    bundled.metadata.annotations?.[BUNDLE_VERSION],
  );
  if (order !== 0) return order < 0;
  return there.metadata.annotations?.[CHANNEL] === "standard" &&
    bundled.metadata.annotations?.[CHANNEL] === "experimental";
}

/** Negative when `a` is the older one; a text that is no version is older than any. */
function compareVersions(a: string | undefined, b: string | undefined): number {
  const [left, right] = [a, b].map((text) => /^v(\d+)\.(\d+)\.(\d+)/.exec(text ?? "") ?? []);
  for (const part of [1, 2, 3]) {
    const order = Number(left?.[part] ?? -1) - Number(right?.[part] ?? -1);
    if (order !== 0) return order;
  }
  return 0;
}
