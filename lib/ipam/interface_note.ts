import { interfaceAt } from "../addresses/mod.ts";
import type { PoolConfig } from "../addresses/types.ts";
import type { Service } from "../kube/types.ts";
import { givenTexts } from "./carried.ts";
import { interfaceAnnotation } from "./names.ts";
import type { IpamNote } from "./types.ts";

/**
 * What to tell a served Service whose pool names another interface than before: it stays where it
 * is announced, as with the peer. Undefined when nothing changed, or its owner named another one.
 */
export function interfaceNote(
  service: Service,
  before: PoolConfig,
  now: PoolConfig,
): IpamNote | undefined {
  const { annotations, namespace = "default" } = service.metadata;
  const [address = ""] = givenTexts(service);
  const [was, wanted] = [before, now].map((config) => interfaceAt(config, address, namespace));
  if (was === undefined || wanted === undefined || was === wanted) return undefined;
  if ((annotations?.[interfaceAnnotation] ?? "") !== was) return undefined;
  const remedy = wanted === "" ? `remove ${interfaceAnnotation}` : `set it to ${wanted}`;
  const message = `${interfaceAnnotation} stays ${was || "unset"}, though the pool of ${address} ` +
    `names ${wanted || "no interface"} now: ${remedy}, or make the Service again`;
  return { type: "Warning", reason: "LoadBalancerInterface", message };
}
