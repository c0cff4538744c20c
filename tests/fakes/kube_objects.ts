import type {
  Condition,
  EndpointSlice,
  LoadBalancerIngress,
  Node,
  ObjectMeta,
  Service,
  ServiceSpec,
  SliceEndpoint,
} from "../../lib/kube/types.ts";

/** What differs from an ordinary LoadBalancer Service with one HTTP port. */
export interface ServiceChange {
  readonly spec?: Partial<ServiceSpec>;
  readonly metadata?: Partial<ObjectMeta>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ingress?: readonly LoadBalancerIngress[];
  readonly conditions?: readonly Condition[];
}

/** A LoadBalancer Service `ns/web` as an API server gives it, decoded. */
export function lbService(change: ServiceChange = {}): Service {
  const { spec, metadata, annotations, ingress, conditions } = change;
  return {
    metadata: {
      ...{ name: "web", namespace: "ns", uid: "uid-web", resourceVersion: "1" },
      ...(annotations === undefined ? {} : { annotations }),
      ...metadata,
    },
    spec: {
      type: "LoadBalancer",
      ipFamilies: ["IPv4"],
      ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 8080 }],
      ...spec,
    },
    ...(ingress === undefined && conditions === undefined ? {} : {
      status: {
        loadBalancer: ingress === undefined ? {} : { ingress },
        ...(conditions === undefined ? {} : { conditions }),
      },
    }),
  };
}

/** What differs from an ordinary slice with one ready endpoint. */
export interface SliceChange extends Partial<Omit<EndpointSlice, "metadata">> {
  readonly name?: string;
  /** The Service it belongs to; `null` for none. */
  readonly service?: string | null;
}

/** An EndpointSlice of `ns/web`, decoded. */
export function endpointSlice(change: SliceChange = {}): EndpointSlice {
  const { name = "web-1", service = "web", ...rest } = change;
  const labels = service === null ? {} : { "kubernetes.io/service-name": service };
  return {
    metadata: { name, namespace: "ns", uid: `uid-${name}`, resourceVersion: "1", labels },
    addressType: "IPv4",
    ports: [{ name: "http", protocol: "TCP", port: 8080 }],
    endpoints: [endpoint("10.244.1.2", "a")],
    ...rest,
  };
}

/** An endpoint of a slice; conditions are unknown unless given. */
export function endpoint(
  address: string,
  nodeName?: string,
  conditions?: SliceEndpoint["conditions"],
): SliceEndpoint {
  return {
    addresses: [address],
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(conditions === undefined ? {} : { conditions }),
  };
}

/** A Node, decoded. */
export function kubeNode(
  name: string,
  change: { readonly metadata?: Partial<ObjectMeta>; readonly spec?: Node["spec"] } = {},
): Node {
  return {
    metadata: { name, uid: `uid-${name}`, resourceVersion: "1", ...change.metadata },
    ...(change.spec === undefined ? {} : { spec: change.spec }),
  };
}
