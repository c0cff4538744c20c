import { type Bed, docker, type KubeObject } from "../../e2e/bed/mod.ts";
import type { Berth } from "../../e2e/berth.ts";
import { AddressWatch } from "../cluster/bench_services.ts";
import { type Target, untilAnswer } from "../cluster/client.ts";
import type { Row } from "../cluster/figures.ts";
import { pause } from "../cluster/wait.ts";

/** Path of the bench's Gateways and routes. */
export const group = "/apis/gateway.networking.k8s.io/v1/namespaces/default";

/** What every measurement works on: a bed, berth serving it, and ready apps `web` and `next`. */
export interface GatewayBench {
  readonly bed: Bed;
  readonly berth: Berth;
  /** Addresses of Gateways. */
  readonly gateways: AddressWatch;
  /** Says what is going on. */
  say(text: string): void;
}

/** Measures some rows of the table. */
export type GatewayMeasurement = (bench: GatewayBench) => Promise<readonly Row[]>;

/** How long and how often an answer is waited for. */
export const quick = { limitMs: 60_000, everyMs: 5 };

interface Gateway extends KubeObject {
  readonly status?: { readonly addresses?: readonly { readonly value: string }[] };
}

/** Watches the addresses of Gateways. */
export function watchGateways(bed: Bed): AddressWatch {
  return new AddressWatch(bed, {
    path: `${group}/gateways`,
    addressOf: ({ status }: Gateway) => status?.addresses?.[0]?.value,
  });
}

/** Creates a Gateway with an HTTP listener, and a route of the same name to a Service. */
export async function createGateway(bed: Bed, name: string, service = "web"): Promise<void> {
  const labels = { bench: "yes" };
  const apiVersion = "gateway.networking.k8s.io/v1";
  await bed.api.create(`${group}/gateways`, {
    ...{ apiVersion, kind: "Gateway" },
    metadata: { name, labels },
    spec: {
      gatewayClassName: "berth",
      listeners: [{ name: "http", port: 80, protocol: "HTTP" }],
    },
  });
  await bed.api.create(`${group}/httproutes`, {
    ...{ apiVersion, kind: "HTTPRoute" },
    metadata: { name, labels },
    spec: { parentRefs: [{ name }], ...rulesTo(service) },
  });
}

/** The part of a route's spec that names its Service. */
export function rulesTo(service: string): Record<string, unknown> {
  return { rules: [{ backendRefs: [{ name: service, port: 80 }] }] };
}

/** Creates a Gateway and waits for its first answer; where it answers, and after how long (ms). */
export async function answering(
  { bed, gateways }: GatewayBench,
  name: string,
  service = "web",
): Promise<{ readonly target: Target; readonly ms: number }> {
  const started = performance.now();
  gateways.forget(name);
  await createGateway(bed, name, service);
  const target = { address: await gateways.address(name), port: 80 };
  await untilAnswer(target, quick);
  return { target, ms: performance.now() - started };
}

/** Deletes the bench's Gateways and waits until their proxies are gone and a spare is there. */
export async function clearGateways(bed: Bed): Promise<void> {
  await bed.kubectl("delete", "gateways,httproutes", "-l", "bench=yes", "--wait=false");
  await proxiesGone(bed);
  await spareReady(bed);
}

/** Waits until no proxy of a Gateway or a Service is left. */
export async function proxiesGone(bed: Bed): Promise<void> {
  const of = (name: string) => name.startsWith(`berth-${bed.name}-spare`);
  while (!(await proxyNames(bed)).every(of)) await pause(50);
}

/** Waits until a spare runs, and had the time to get ready. */
export async function spareReady(bed: Bed): Promise<void> {
  const of = (name: string) => name.startsWith(`berth-${bed.name}-spare`);
  while (!(await proxyNames(bed)).some(of)) await pause(50);
  await pause(1_500);
}

/** Names of the proxies of a cluster. */
export async function proxyNames(bed: Bed): Promise<readonly string[]> {
  const filters = [
    ...["--filter", `label=io.x-k8s.cloud-provider-kind.cluster=${bed.name}`],
    ...["--filter", "label=berth.dev/role=proxy"],
  ];
  const names = await docker("ps", ...filters, "--format", "{{.Names}}");
  return names.split("\n").filter((name) => name !== "");
}
