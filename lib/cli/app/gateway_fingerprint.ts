import { stableJson } from "../../core/mod.ts";
import type { GatewayInput } from "../../gateway/mod.ts";
import type { KubeObject } from "../../kube/types.ts";

/**
 * A text that changes exactly when a Gateway's plan could come out differently: statuses, versions
 * and the time do not count. Secrets enter by their version alone, so the text holds no secret.
 */
export function gatewayFingerprint(input: GatewayInput, families: string): string {
  const { gateway, listenerSets, routes, services, slices, grants, policies } = input;
  const whole = [gateway, ...listenerSets, ...routes, ...services, ...grants, ...policies];
  return stableJson([
    input.controllerName,
    whole.map(planned),
    slices.map(({ metadata, ...rest }) => [metadata.namespace, metadata.labels, rest]),
    [...input.secrets, ...input.configMaps].map(({ metadata }) => [
      metadata.uid,
      metadata.resourceVersion,
    ]),
    input.namespaces,
    families,
  ]);
}

/** What of an object may decide: its name, age and generation, labels and spec. */
function planned(object: KubeObject & { readonly spec?: unknown; readonly kind?: string }) {
  const { namespace, name, uid, generation, labels, annotations, creationTimestamp } =
    object.metadata;
  const { kind, spec } = object;
  return { kind, namespace, name, uid, generation, labels, annotations, creationTimestamp, spec };
}
