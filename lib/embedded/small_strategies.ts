import { badRequest, invalid } from "./api_error.ts";
import { invalidValue, notSupported, required } from "./causes.ts";
import { asArray, asObject, asString, at, isObject, type JsonObject } from "./json.ts";
import { parseIp } from "./ip_address.ts";
import type { Cause, KubeObject, Strategy } from "./types.ts";

function check(group: string, object: KubeObject, causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid({ group, kind: object.kind }, object.metadata.name, causes);
}

/** Namespaces carry their name as a label and are finalized by emptying them. */
export const namespaceStrategy: Strategy = {
  create: (object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...object.metadata.labels, "kubernetes.io/metadata.name": object.metadata.name },
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
};

const ADDRESS_TYPES = ["FQDN", "IPv4", "IPv6"] as const;

function sliceCauses(slice: KubeObject): readonly Cause[] {
  const type = asString(slice["addressType"]);
  if (type === "") return [required("addressType")];
  if (!ADDRESS_TYPES.some((known) => known === type)) {
    return [notSupported("addressType", type, ADDRESS_TYPES)];
  }
  return asArray(slice["endpoints"]).flatMap((endpoint, i) => {
    const field = `endpoints[${i}].addresses`;
    const addresses = asArray(at(endpoint, "addresses")).map(asString);
    if (addresses.length === 0) return [required(field, "must contain at least 1 address")];
    if (type === "FQDN") return [];
    // loopback addresses, which the API server refuses, are what the sample backends have
    return addresses.flatMap((address, j) =>
      parseIp(address)?.family === type
        ? []
        : [invalidValue(`${field}[${j}]`, address, `must be a valid ${type} address`)]
    );
  });
}

function defaultSlice(slice: KubeObject): KubeObject {
  const ports = asArray(slice["ports"]).map((port) => ({
    name: "",
    protocol: "TCP",
    ...asObject(port),
  }));
  const endpoints = asArray(slice["endpoints"]).map((endpoint): JsonObject => ({
    conditions: {},
    ...asObject(endpoint),
  }));
  // empty lists are stored as nothing, which reads as null: clients must expect it
  return {
    ...slice,
    endpoints: endpoints.length > 0 ? endpoints : null,
    ports: ports.length > 0 ? ports : null,
  };
}

/** EndpointSlices keep their address type. */
export const endpointSliceStrategy: Strategy = {
  create(object) {
    check("discovery.k8s.io", object, sliceCauses(object));
    return defaultSlice(object);
  },
  update(object, stored) {
    const moved = object["addressType"] !== stored["addressType"]
      ? [invalidValue("addressType", object["addressType"], "field is immutable")]
      : [];
    check("discovery.k8s.io", object, [...moved, ...sliceCauses(object)]);
    return defaultSlice(object);
  },
};

/** Members of a core event that are always shown, though nobody set them. */
const EVENT_BLANKS = {
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: "",
  reportingInstance: "",
} as const;

/** Events must be in the namespace of what they are about. */
export const eventStrategy: Strategy = {
  create(object) {
    const about = asString(at(object, "involvedObject", "namespace"));
    const here = object.metadata.namespace;
    if (about !== here && !(about === "" && here === "default")) {
      const why = "does not match event.namespace";
      check("", object, [invalidValue("involvedObject.namespace", about, why)]);
    }
    return { ...EVENT_BLANKS, ...object };
  },
  update: (object) => ({ ...EVENT_BLANKS, ...object }),
};

function checkData(object: KubeObject, member: "data" | "stringData"): KubeObject {
  const bad = Object.values(asObject(object[member])).find((value) => typeof value !== "string");
  if (bad === undefined) return object;
  throw badRequest(
    `${object.kind} in version "v1" cannot be handled as a ${object.kind}: json: cannot unmarshal ` +
      `${typeof bad} into Go struct field ${object.kind}.${member} of type string`,
  );
}

/** ConfigMaps hold text only. */
export const configMapStrategy: Strategy = {
  create: (object) => checkData(object, "data"),
  update: (object) => checkData(object, "data"),
};

/** Secrets accept plain text members and keep them as base64. */
export const secretStrategy: Strategy = {
  create: (object) => encoded({ type: "Opaque", ...object } as KubeObject),
  update: (object, stored) => {
    const type = object["type"] ?? stored["type"];
    const moved = type !== stored["type"];
    check("", object, moved ? [invalidValue("type", type, "field is immutable")] : []);
    return encoded({ ...object, type } as KubeObject);
  },
};

function encoded(secret: KubeObject): KubeObject {
  checkData(checkData(secret, "data"), "stringData");
  const broken = Object.values(asObject(secret["data"])).some((value) =>
    !BASE64.test(asString(value))
  );
  if (broken) {
    throw badRequest('Secret in version "v1" cannot be handled as a Secret: illegal base64 data');
  }
  const { stringData, ...rest } = secret;
  if (!isObject(stringData)) return secret;
  const more = Object.entries(stringData).map(([key, value]) => [key, base64(asString(value))]);
  return { ...rest, data: { ...asObject(secret["data"]), ...Object.fromEntries(more) } };
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

/** Leases only need sane numbers. */
export const leaseStrategy: Strategy = {
  create: lease,
  update: lease,
};

function lease(object: KubeObject): KubeObject {
  const seconds = object.spec?.["leaseDurationSeconds"];
  if (seconds === undefined) return object;
  if (typeof seconds !== "number") {
    throw badRequest("json: cannot unmarshal leaseDurationSeconds into a number");
  }
  const field = "spec.leaseDurationSeconds";
  check(
    "coordination.k8s.io",
    object,
    seconds > 0 ? [] : [invalidValue(field, seconds, "must be greater than 0")],
  );
  return object;
}

/** Ingresses start without addresses. */
export const ingressStrategy: Strategy = {
  create: (object) => ({ ...object, status: { loadBalancer: {} } }),
};

/** Nodes start with an empty spec and status. */
export const nodeStrategy: Strategy = {
  create: (object) => ({ ...object, spec: asObject(object.spec), status: asObject(object.status) }),
};
