import type { EndpointSlice, Service } from "../../lib/kube/types.ts";
import type { Secret } from "../../lib/gateway/types.ts";
import type { Ingress, IngressBackend, IngressInput } from "../../lib/ingress/mod.ts";
import type { VirtualHost } from "../../lib/proxy/types.ts";

/** An Ingress `shop/<name>`; later `age` means younger. */
export function ingress(
  name: string,
  spec: Ingress["spec"],
  { namespace = "shop", age = 0 }: { readonly namespace?: string; readonly age?: number } = {},
): Ingress {
  const creationTimestamp = `2026-01-01T00:00:0${age}Z`;
  return {
    metadata: { name, namespace, uid: name, resourceVersion: "1", creationTimestamp },
    spec,
  };
}

/** A backend by number or by port name. */
export function to(name: string, port: number | string = 80): IngressBackend {
  return { service: { name, port: typeof port === "number" ? { number: port } : { name: port } } };
}

/** A Service `shop/<name>` with one port 80 named `web`. */
export function service(name: string, spec: Partial<Service["spec"]> = {}): Service {
  return {
    metadata: { name, namespace: "shop", uid: name, resourceVersion: "1" },
    spec: { type: "ClusterIP", ports: [{ name: "web", port: 80, targetPort: 8080 }], ...spec },
  };
}

/** A slice of a Service `shop/<name>` with the given ready addresses. */
export function slice(name: string, addresses: readonly string[]): EndpointSlice {
  const labels = { "kubernetes.io/service-name": name };
  return {
    metadata: { name: `${name}-1`, namespace: "shop", uid: name, resourceVersion: "1", labels },
    addressType: "IPv4",
    ports: [{ name: "web", port: 8080, protocol: "TCP" }],
    endpoints: addresses.map((address) => ({ addresses: [address], nodeName: "worker" })),
  };
}

/** A TLS Secret `shop/<name>` whose contents name it. */
export function secret(name: string): Secret {
  return {
    metadata: { name, namespace: "shop", uid: name, resourceVersion: "1" },
    type: "kubernetes.io/tls",
    data: { "tls.crt": btoa(`certificate of ${name}`), "tls.key": btoa(`key of ${name}`) },
  };
}

/** An input around some Ingresses, with Services `web`, `api` and `old`. */
export function input(ingresses: readonly Ingress[], more: Partial<IngressInput> = {}) {
  return {
    cluster: "kind",
    ingresses,
    services: ["web", "api", "old"].map((name) => service(name)),
    slices: [slice("web", ["10.0.0.2", "10.0.0.1"]), slice("api", ["10.0.0.3"])],
    secrets: [],
    addresses: ["172.18.255.1"],
    ...more,
  };
}

/** `host path → backend` of every rule, in order: what a request meets. */
export function table(hosts: readonly VirtualHost[]): readonly string[] {
  return hosts.flatMap(({ domains, rules }) =>
    rules.map(({ match, action }) => {
      const [share] = action.kind === "forward" ? action.split : [];
      const target = share !== undefined && "backend" in share.to ? share.to.backend : undefined;
      const status = action.kind === "respond" ? String(action.status) : "";
      const one = match.oneLabelOf === undefined ? "" : " (one label)";
      return `${domains.join(",")} ${match.path.kind} ${match.path.value}${one} → ${
        target ?? status
      }`;
    })
  );
}
