import { type Clock, timestamp } from "../../core/mod.ts";
import type { Pool } from "../../addresses/types.ts";
import { type KubeClient, objectKey } from "../../kube/mod.ts";
import type { GatewayKind } from "../app/gateway_kinds.ts";
import { GatewayReporter } from "../app/gateway_reporter.ts";
import { givenAddresses, restorableAddresses } from "../app/gateway_restore.ts";
import { GatewayStore } from "../app/gateway_store.ts";
import { writeIngressStatus } from "../app/ingress_api.ts";
import { IngressStore } from "../app/ingress_store.ts";
import { ObjectWriter } from "../app/object_writer.ts";
import type { Released } from "../ports.ts";
import { listKind } from "./gateways.ts";
import { listIngresses } from "./ingresses.ts";

/** What {@link releaseRoutes} works with. */
export interface RouteRelease {
  readonly client: KubeClient;
  /** Those of the engine network: addresses of no pool were another program's. */
  readonly pools: readonly Pool[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Takes berth's addresses out of the statuses of Gateways and Ingresses, as `berth run` does at its end. */
export async function releaseRoutes(release: RouteRelease): Promise<readonly Released[]> {
  return [...await releaseGateways(release), ...await releaseIngresses(release)];
}

async function releaseGateways(
  { client, pools, clock, signal }: RouteRelease,
): Promise<readonly Released[]> {
  const store = new GatewayStore();
  const versions = new Map<GatewayKind, string>();
  for (const kind of ["GatewayClass", "Gateway", "ListenerSet"] as const) {
    const { version, objects } = await listKind(client, kind, signal);
    if (version !== undefined) versions.set(kind, version);
    store.sync(kind, objects);
  }
  const writer = new ObjectWriter({
    ...{ client, clock, signal },
    version: (kind) => versions.get(kind),
    seen: (kind, key) => store.object(kind, key),
    // one write for each is no war
    undone: () => {},
  });
  const reporter = new GatewayReporter({ store, writer });
  const keys = store.all("Gateway").map(objectKey).filter((key) => {
    const gateway = store.gateway(key);
    return gateway !== undefined && restorableAddresses(gateway, pools).length > 0;
  });
  for (const key of keys) await reporter.ended(key, timestamp(clock.now()));
  return keys.map((name) => ({ what: "gateway", name }));
}

async function releaseIngresses(
  { client, pools, signal }: RouteRelease,
): Promise<readonly Released[]> {
  const store = new IngressStore();
  const { ingresses, classes } = await listIngresses(client, signal);
  store.syncClasses(classes);
  store.syncIngresses(ingresses);
  const holding = store.ours().filter(({ status }) => {
    const shown = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
    return givenAddresses(shown, pools).length > 0;
  });
  for (const { metadata: { namespace = "default", name } } of holding) {
    await writeIngressStatus({ namespace, name, loadBalancer: { ingress: [] } }, {
      client,
      signal,
    });
  }
  return holding.map((ingress) => ({ what: "ingress", name: objectKey(ingress) }));
}
