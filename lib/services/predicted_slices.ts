import { tryParseAddress } from "../net/mod.ts";
import type { EndpointPort, EndpointSlice, Pod, Service, ServicePort } from "../kube/types.ts";
import type { IpFamily } from "../proxy/types.ts";

/**
 * The EndpointSlices that the control plane will make for a Service out of these Pods, so that a
 * new Service need not wait for them. Only ready Pods count; a Service without a selector, or one
 * that publishes unready Pods, is not predicted.
 */
export function predictSlices(service: Service, pods: readonly Pod[]): readonly EndpointSlice[] {
  const { selector, publishNotReadyAddresses, ipFamilies } = service.spec;
  if (selector === undefined || publishNotReadyAddresses === true) return [];
  return (ipFamilies ?? ["IPv4"]).flatMap((family) =>
    pods.filter(isReady).flatMap((pod) => podSlice(service, { pod, family }))
  );
}

interface PodFamily {
  readonly pod: Pod;
  readonly family: IpFamily;
}

/** One slice a Pod, since Pods may resolve a named port differently. */
function podSlice(service: Service, { pod, family }: PodFamily): readonly EndpointSlice[] {
  const address = (pod.status?.podIPs ?? []).map(({ ip }) => ip)
    .find((ip) => tryParseAddress(ip)?.family === family);
  const nodeName = pod.spec?.nodeName;
  if (address === undefined || nodeName === undefined) return [];
  const conditions = { ready: true, serving: true, terminating: false };
  return [{
    metadata: { ...pod.metadata, name: `predicted-${pod.metadata.name}-${family}` },
    addressType: family,
    ports: (service.spec.ports ?? []).flatMap((port) => targetPort(port, pod)),
    endpoints: [{ addresses: [address], nodeName, conditions }],
  }];
}

function targetPort(port: ServicePort, pod: Pod): readonly EndpointPort[] {
  const { targetPort = port.port, protocol = "TCP", name = "" } = port;
  if (typeof targetPort === "number") return [{ name, protocol, port: targetPort }];
  const containers = pod.spec?.containers ?? [];
  const named = containers.flatMap(({ ports }) => ports ?? []).find((candidate) =>
    candidate.name === targetPort && (candidate.protocol ?? "TCP") === protocol
  );
  return named === undefined ? [] : [{ name, protocol, port: named.containerPort }];
}

function isReady({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined &&
    (status?.conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True");
}
