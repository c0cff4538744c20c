import {
  decodeService,
  type KubeClient,
  KubeError,
  servicePath,
  statusPatch,
} from "../../kube/mod.ts";
import type { Service } from "../../kube/types.ts";
import { serviceKey, statusAddresses } from "../../keepalived/mod.ts";
import type { VipPlan } from "../../keepalived/types.ts";

/** A Service whose status is to show an address, or none. */
export interface StatusChange {
  readonly service: Service;
  readonly address: string | undefined;
}

/** The statuses that a plan leaves to be written. */
export function statusChanges(plan: VipPlan): readonly StatusChange[] {
  const given = plan.outcomes.flatMap(({ service, address }) =>
    address === undefined || isShown(service, address) ? [] : [{ service, address }]
  );
  const taken = plan.released.flatMap(({ service, record }) =>
    // an address that somebody else put there is not ours to remove
    service !== undefined && statusAddresses(service).includes(record.ip)
      ? [{ service, address: undefined }]
      : []
  );
  return [...given, ...taken];
}

/** Writes one status; resolves to the Service as it is then, undefined when it is gone. */
export async function writeStatus(
  client: Pick<KubeClient, "patch">,
  { service, address }: StatusChange,
  signal: AbortSignal,
): Promise<Service | undefined> {
  const ingress = address === undefined ? [] : [{ ip: address }];
  const path = `${servicePath(serviceKey(service))}/status`;
  const patch = statusPatch({ loadBalancer: { ingress } });
  try {
    return decodeService(await client.patch(path, patch, { type: "strategic-merge", signal }));
  } catch (error) {
    if (error instanceof KubeError && error.kind === "not-found") return undefined;
    throw error;
  }
}

function isShown(service: Service, address: string): boolean {
  const shown = statusAddresses(service);
  return shown.length === 1 && shown[0] === address;
}
