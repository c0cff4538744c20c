import type { RoutesServed } from "../planes/types.ts";
import type { RoutePort, RouteSpec } from "../proxy/types.ts";
import { BackendIndex } from "./backends.ts";
import {
  type SecretCheck,
  secretProblem,
  type SecureChains,
  secureChains,
} from "./certificates.ts";
import { type Hosts, ingressHosts } from "./hosts.ts";
import { byAge } from "./paths.ts";
import { fitting } from "./size.ts";
import type { Ingress, IngressInput, IngressPlan, IngressStatusWrite } from "./types.ts";

/** The one proxy that serves every Ingress of a cluster. */
export function ingressKey(cluster: string): string {
  return `${cluster}/ingress`;
}

/**
 * What the Ingresses of a cluster are served: one proxy, HTTP on port 80, HTTPS on 443 as soon as
 * one certificate is usable. Never throws for what a user wrote: it becomes a problem.
 */
export function planIngress(
  input: IngressInput,
  { check = secretProblem }: { readonly check?: SecretCheck } = {},
): IngressPlan {
  const { fitting: ingresses, problems } = fitting(input.ingresses.toSorted(byAge));
  if (ingresses.length === 0) return { spec: undefined, problems, statuses: () => [] };
  const hosts = ingressHosts(ingresses, new BackendIndex(input.services, input.slices));
  const serve = { kind: "http", hosts: hosts.hosts } as const;
  const secure = secureChains({ ingresses, secrets: input.secrets, serve, check });
  return {
    spec: routeSpec(input, hosts, secure),
    problems: [...problems, ...hosts.problems, ...secure.problems],
    statuses: (served) => ingresses.map((ingress) => status(ingress, served)),
  };
}

function routeSpec(input: IngressInput, hosts: Hosts, secure: SecureChains): RouteSpec {
  const plain = {
    name: "http",
    serverNames: [],
    peek: false,
    serve: { kind: "http", hosts: hosts.hosts },
  } as const;
  const ports: RoutePort[] = [{ protocol: "TCP", port: 80, sourceRanges: [], chains: [plain] }];
  if (secure.chains.length > 0) {
    ports.push({ protocol: "TCP", port: 443, sourceRanges: [], chains: secure.chains });
  }
  return {
    key: ingressKey(input.cluster),
    addresses: input.addresses,
    ports,
    backends: hosts.backends,
    certificates: secure.certificates,
    authorities: [],
  };
}

function status({ metadata, spec }: Ingress, served: RoutesServed): IngressStatusWrite {
  const secured = (spec.tls ?? []).length > 0;
  const ports = [80, ...(secured ? [443] : [])].map((port) => ({ port, protocol: "TCP" }));
  return {
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    loadBalancer: { ingress: served.addresses.map(({ address }) => ({ ip: address, ports })) },
  };
}
