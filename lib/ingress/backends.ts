import type { EndpointSlice, Service, ServicePort } from "../kube/types.ts";
import type { Backend, Forward, Respond } from "../proxy/types.ts";
import { proxyEndpoints, SERVICE_NAME_LABEL } from "../services/mod.ts";
import type { Ingress, IngressBackend } from "./types.ts";

/** What a backend reference leads to. `problem` says why it is not what was asked for. */
export interface Destination {
  readonly action: Forward | Respond;
  readonly backend?: Backend;
  readonly problem?: { readonly reason: string; readonly message: string };
}

/** Finds Services and their slices by name. */
export class BackendIndex {
  readonly #services: ReadonlyMap<string, Service>;
  readonly #slices = new Map<string, EndpointSlice[]>();

  constructor(services: readonly Service[], slices: readonly EndpointSlice[]) {
    this.#services = new Map(services.map((service) => [keyOf(service), service]));
    for (const slice of slices) {
      const key = `${slice.metadata.namespace}/${slice.metadata.labels?.[SERVICE_NAME_LABEL]}`;
      const known = this.#slices.get(key);
      if (known === undefined) this.#slices.set(key, [slice]);
      else known.push(slice);
    }
  }

  /** Where a backend of `ingress` leads; `field` is its place in the object, for words. */
  resolve(ingress: Ingress, { backend, field }: BackendPlace): Destination {
    if (backend.service === undefined) return unsupported(backend, field);
    const key = `${ingress.metadata.namespace}/${backend.service.name}`;
    const service = this.#services.get(key);
    if (service === undefined) {
      return missing(
        "BackendNotFound",
        `${field}.service.name: no Service "${backend.service.name}" in this namespace: ` +
          `create it, or correct the name`,
      );
    }
    if (service.spec.type === "ExternalName") {
      return missing(
        "UnsupportedBackend",
        `${field}.service.name: Service "${backend.service.name}" is of type ExternalName: ` +
          `use one with endpoints`,
      );
    }
    const port = findPort(service, backend.service.port);
    if (port === undefined) return noPort(service, { backend, field });
    return forward({ key, service, port, slices: this.#slices.get(key) ?? [] });
  }
}

/** A backend and its place in the Ingress. */
export interface BackendPlace {
  readonly backend: IngressBackend;
  /** `spec.rules[0].http.paths[1].backend`. */
  readonly field: string;
}

interface Found {
  readonly key: string;
  readonly service: Service;
  readonly port: ServicePort;
  readonly slices: readonly EndpointSlice[];
}

function forward(found: Found): Destination {
  const name = `${found.key}:${found.port.port}`;
  return {
    action: { kind: "forward", split: [{ weight: 1, to: { backend: name } }], mirrors: [] },
    backend: {
      name,
      protocol: protocolOf(found.port),
      affinity: found.service.spec.sessionAffinity === "ClientIP" ? "client-ip" : "none",
      endpoints: proxyEndpoints(found, found.port),
    },
  };
}

/** KEP-3726 names; HTTP/1.1 otherwise, over which WebSockets go too. */
function protocolOf({ appProtocol }: ServicePort): Backend["protocol"] {
  return appProtocol === "kubernetes.io/h2c" || appProtocol === "grpc" ? "h2" : "http1";
}

type AskedPort = NonNullable<NonNullable<IngressBackend["service"]>["port"]>;

function findPort(service: Service, asked: AskedPort | undefined): ServicePort | undefined {
  const ports = (service.spec.ports ?? []).filter(({ protocol }) => (protocol ?? "TCP") === "TCP");
  if (asked?.name !== undefined) return ports.find(({ name }) => name === asked.name);
  return ports.find(({ port }) => port === asked?.number);
}

function noPort(service: Service, { backend, field }: BackendPlace): Destination {
  const asked = backend.service?.port;
  const has = (service.spec.ports ?? []).map(({ name, port }) => name ?? String(port)).join(", ");
  return missing(
    "BackendNotFound",
    `${field}.service.port: Service "${service.metadata.name}" has no TCP port ` +
      `"${asked?.name ?? asked?.number ?? ""}": use one of ${has || "its ports (it has none)"}`,
  );
}

function unsupported({ resource }: IngressBackend, field: string): Destination {
  return missing(
    "UnsupportedBackend",
    `${field}.resource: ${resource?.kind ?? "object"} "${
      resource?.name ?? ""
    }" cannot be served: ` +
      `use a backend with service.name and service.port`,
  );
}

function missing(reason: string, message: string): Destination {
  return { action: { kind: "respond", status: 503 }, problem: { reason, message } };
}

function keyOf({ metadata }: Service): string {
  return `${metadata.namespace}/${metadata.name}`;
}
