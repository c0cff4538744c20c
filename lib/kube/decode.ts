import * as v from "valibot";
import { AppError } from "../core/mod.ts";
import type { EndpointSlice, KubeObject, Node, Pod, Service } from "./types.ts";

const text = v.string();
const texts = v.record(text, text);
/** Go writes an empty list as null. */
const list = <T extends v.GenericSchema>(schema: T) =>
  v.pipe(v.nullish(v.array(schema)), v.transform((items) => items ?? undefined));

/** `meta/v1` ObjectMeta. */
export const objectMeta = v.object({
  name: text,
  namespace: v.exactOptional(text),
  uid: v.optional(text, ""),
  resourceVersion: v.optional(text, ""),
  generation: v.exactOptional(v.number()),
  creationTimestamp: v.exactOptional(text),
  deletionTimestamp: v.exactOptional(text),
  finalizers: v.exactOptional(v.array(text)),
  labels: v.exactOptional(texts),
  annotations: v.exactOptional(texts),
});

const protocol = v.picklist(["TCP", "UDP", "SCTP"]);

const service = v.object({
  metadata: objectMeta,
  spec: v.object({
    type: v.exactOptional(text),
    clusterIP: v.exactOptional(text),
    clusterIPs: v.exactOptional(v.array(text)),
    selector: v.exactOptional(texts),
    publishNotReadyAddresses: v.exactOptional(v.boolean()),
    ports: v.exactOptional(v.array(v.object({
      name: v.exactOptional(text),
      protocol: v.exactOptional(protocol),
      port: v.number(),
      targetPort: v.exactOptional(v.union([v.number(), text])),
      nodePort: v.exactOptional(v.number()),
      appProtocol: v.exactOptional(text),
    }))),
    ipFamilies: v.exactOptional(v.array(v.picklist(["IPv4", "IPv6"]))),
    ipFamilyPolicy: v.exactOptional(text),
    loadBalancerIP: v.exactOptional(text),
    loadBalancerClass: v.exactOptional(text),
    loadBalancerSourceRanges: v.exactOptional(v.array(text)),
    allocateLoadBalancerNodePorts: v.exactOptional(v.boolean()),
    externalTrafficPolicy: v.exactOptional(v.picklist(["Cluster", "Local"])),
    healthCheckNodePort: v.exactOptional(v.number()),
    sessionAffinity: v.exactOptional(v.picklist(["None", "ClientIP"])),
    externalIPs: v.exactOptional(v.array(text)),
  }),
  status: v.exactOptional(v.object({
    loadBalancer: v.exactOptional(v.object({
      ingress: v.exactOptional(v.array(v.object({
        ip: v.exactOptional(text),
        hostname: v.exactOptional(text),
        ipMode: v.exactOptional(v.picklist(["VIP", "Proxy"])),
        ports: v.exactOptional(v.array(v.object({
          port: v.number(),
          protocol: text,
          error: v.exactOptional(text),
        }))),
      }))),
    })),
    conditions: v.exactOptional(v.array(v.object({
      type: text,
      status: v.picklist(["True", "False", "Unknown"]),
      reason: text,
      message: text,
      lastTransitionTime: text,
      observedGeneration: v.exactOptional(v.number()),
    }))),
  })),
});

const slice = v.object({
  metadata: objectMeta,
  addressType: v.picklist(["IPv4", "IPv6", "FQDN"]),
  ports: list(v.object({
    name: v.exactOptional(text),
    protocol: v.exactOptional(text),
    port: v.exactOptional(v.number()),
  })),
  endpoints: list(v.object({
    addresses: v.array(text),
    nodeName: v.exactOptional(text),
    conditions: v.exactOptional(v.object({
      ready: v.exactOptional(v.boolean()),
      serving: v.exactOptional(v.boolean()),
      terminating: v.exactOptional(v.boolean()),
    })),
  })),
});

const node = v.object({
  metadata: objectMeta,
  spec: v.exactOptional(v.object({
    taints: v.exactOptional(v.array(v.object({ key: text, effect: text }))),
    unschedulable: v.exactOptional(v.boolean()),
    podCIDRs: list(text),
    providerID: v.exactOptional(text),
  })),
  status: v.exactOptional(v.object({
    addresses: v.exactOptional(v.array(v.object({ type: text, address: text }))),
    conditions: v.exactOptional(v.array(v.object({ type: text, status: text }))),
  })),
});

const pod = v.object({
  metadata: objectMeta,
  spec: v.exactOptional(v.object({
    nodeName: v.exactOptional(text),
    hostNetwork: v.exactOptional(v.boolean()),
    containers: v.exactOptional(v.array(v.object({
      ports: v.exactOptional(v.array(v.object({
        name: v.exactOptional(text),
        containerPort: v.number(),
        protocol: v.exactOptional(text),
      }))),
    }))),
  })),
  status: v.exactOptional(v.object({
    phase: v.exactOptional(text),
    podIPs: v.exactOptional(v.array(v.object({ ip: text }))),
    conditions: v.exactOptional(v.array(v.object({ type: text, status: text }))),
  })),
});

/** Keeps the parts of a Service that berth reads. Throws AppError `unavailable` for other JSON. */
export function decodeService(raw: unknown): Service {
  return decode("Service", service, raw) as Service;
}

/** Keeps the parts of an EndpointSlice that berth reads. */
export function decodeEndpointSlice(raw: unknown): EndpointSlice {
  return decode("EndpointSlice", slice, raw) as EndpointSlice;
}

/** Keeps the parts of a Node that berth reads. */
export function decodeNode(raw: unknown): Node {
  return decode("Node", node, raw) as Node;
}

/** Keeps the parts of a Pod that berth reads. */
export function decodePod(raw: unknown): Pod {
  return decode("Pod", pod, raw) as Pod;
}

/** Namespace and name, the key of an object inside its cluster. */
export function objectKey({ metadata }: KubeObject): string {
  return metadata.namespace === undefined
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}

function decode(kind: string, schema: v.GenericSchema, raw: unknown): unknown {
  const result = v.safeParse(schema, raw);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue) ?? "the object";
  throw new AppError(`the API server sent a ${kind} whose ${path} is wrong: ${issue.message}`, {
    kind: "unavailable",
  });
}
