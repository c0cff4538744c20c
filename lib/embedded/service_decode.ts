import { badRequest } from "./api_error.ts";
import {
  asArray,
  asObject,
  compact,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from "./json.ts";
import type { Service } from "./service_types.ts";
import type { KubeObject } from "./types.ts";

type Shape = "string" | "number" | "boolean" | "strings" | "map" | "object" | "ports" | "intstr";

const SPEC: Readonly<Record<string, Shape>> = {
  type: "string",
  selector: "map",
  ports: "ports",
  clusterIP: "string",
  clusterIPs: "strings",
  ipFamilies: "strings",
  ipFamilyPolicy: "string",
  externalName: "string",
  externalIPs: "strings",
  externalTrafficPolicy: "string",
  internalTrafficPolicy: "string",
  healthCheckNodePort: "number",
  sessionAffinity: "string",
  sessionAffinityConfig: "object",
  loadBalancerIP: "string",
  loadBalancerClass: "string",
  loadBalancerSourceRanges: "strings",
  allocateLoadBalancerNodePorts: "boolean",
  publishNotReadyAddresses: "boolean",
  trafficDistribution: "string",
};

const PORT: Readonly<Record<string, Shape>> = {
  name: "string",
  protocol: "string",
  port: "number",
  targetPort: "intstr",
  nodePort: "number",
  appProtocol: "string",
};

function fits(value: Json, shape: Shape): boolean {
  switch (shape) {
    case "strings":
      return isArray(value) && value.every((item) => typeof item === "string");
    case "map":
      return isObject(value) && Object.values(value).every((item) => typeof item === "string");
    case "object":
      return isObject(value);
    case "ports":
      return isArray(value) && value.every(isObject);
    case "intstr":
      return typeof value === "string" || Number.isInteger(value);
    case "number":
      return Number.isInteger(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
  }
}

function check(object: JsonObject, shapes: Readonly<Record<string, Shape>>, path: string): void {
  for (const [key, value] of Object.entries(object)) {
    const shape = shapes[key];
    if (!shape || value === undefined || value === null || fits(value, shape)) continue;
    const got = isArray(value) ? "array" : typeof value;
    throw badRequest(
      `Service in version "v1" cannot be handled as a Service: json: cannot unmarshal ${got} ` +
        `into Go struct field ${path}${key} of type ${shape === "number" ? "int32" : shape}`,
    );
  }
}

/** Zero values count as absent, as they do in the typed API. */
function withoutZeros(object: JsonObject): JsonObject {
  return compact(Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key,
      value === "" || value === 0 || value === null || (isArray(value) && value.length === 0)
        ? undefined
        : value,
    ]),
  ));
}

/** Members that the typed API would not know are dropped, as it does. */
function known(object: JsonObject, shapes: Readonly<Record<string, Shape>>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => shapes[key] !== undefined));
}

function decodePort(port: Json): JsonObject {
  const members = known(asObject(port), PORT);
  check(members, PORT, "ServicePort.spec.ports.");
  return { port: 0, ...withoutZeros(members) };
}

/**
 * Members of a Service's spec and ports that do not exist, as paths: what a client that asked for
 * strict field validation wants to hear of.
 */
export function unknownServiceFields(spec: JsonObject): readonly string[] {
  const strange = (object: JsonObject, shapes: Readonly<Record<string, Shape>>, path: string) =>
    Object.keys(object).filter((key) => !key.startsWith("$") && shapes[key] === undefined)
      .map((key) => `${path}.${key}`);
  return [
    ...strange(spec, SPEC, "spec"),
    ...asArray(spec["ports"]).flatMap((port, i) =>
      strange(asObject(port), PORT, `spec.ports[${i}]`)
    ),
  ];
}

/**
 * Checks the types of a Service's members and drops zero values.
 *
 * @throws {ApiError} 400 when a member has the wrong type
 */
export function decodeService(object: KubeObject): Service {
  const spec = known(asObject(object.spec), SPEC);
  check(spec, SPEC, "ServiceSpec.spec.");
  const ports = asArray(spec["ports"]).map(decodePort);
  const { selector, publishNotReadyAddresses, ...rest } = withoutZeros(spec);
  const clean = {
    ...rest,
    ...(publishNotReadyAddresses === true && { publishNotReadyAddresses }),
    ...(Object.keys(asObject(selector)).length > 0 && { selector }),
    ...(ports.length > 0 && { ports }),
  };
  return { ...object, spec: clean } as Service;
}
