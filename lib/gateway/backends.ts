import type { Service, ServicePort } from "../kube/types.ts";
import type { Authority, Backend, Certificate } from "../proxy/types.ts";
import { proxyEndpoints } from "../services/mod.ts";
import { type PlannedPolicy, type PolicyBook, policyFor } from "./backend_policies.ts";
import type { Lookups } from "./lookups.ts";
import { pathOf } from "./names.ts";
import { type Problem, problem } from "./problem.ts";
import { isService } from "./references.ts";
import type { BackendReference, RouteKind } from "./types.ts";

/** How a route uses its backends; `bytes` are passed on as they come, TLS included. */
export type Flavour = "http" | "grpc" | "tcp" | "bytes" | "udp";

/** A reference, and the route that it stands in. */
export interface BackendUse {
  readonly ref: BackendReference;
  readonly kind: RouteKind;
  readonly namespace: string;
  readonly flavour: Flavour;
}

/** A backend that a proxy can use, with the TLS material that it needs. */
export interface ResolvedBackend {
  readonly backend: Backend;
  readonly authority: Authority | undefined;
  readonly certificate: Certificate | undefined;
}

/** What a reference comes to. Without a backend its share of requests fails. */
export interface BackendOutcome {
  readonly resolved: ResolvedBackend | undefined;
  /** Why the reference does not hold, for the route's ResolvedRefs condition. */
  readonly problem: Problem | undefined;
}

/** Where references are looked up. */
export interface BackendContext {
  readonly lookups: Lookups;
  readonly policies: PolicyBook;
  /** Shown to backends that get TLS. */
  readonly clientCertificate: Certificate | undefined;
}

/** Finds what a reference comes to; each backend is built once. */
export type ResolveBackend = (use: BackendUse) => BackendOutcome;

/** A {@link ResolveBackend} over the objects of one plan. */
export function backendResolver(context: BackendContext): ResolveBackend {
  const built = new Map<string, BackendOutcome>();
  return (use) => {
    const target = { namespace: use.ref.namespace ?? use.namespace, name: use.ref.name };
    const wrong = referenceProblem(use, target, context.lookups);
    if (wrong !== undefined) return { resolved: undefined, problem: wrong };
    const name = `${pathOf(target)}/${use.ref.port ?? 0}/${use.flavour}`;
    const known = built.get(name);
    if (known !== undefined) return known;
    const outcome = resolve(name, { use, path: pathOf(target), context });
    built.set(name, outcome);
    return outcome;
  };
}

interface Target {
  readonly namespace: string;
  readonly name: string;
}

function referenceProblem(use: BackendUse, to: Target, lookups: Lookups): Problem | undefined {
  const { ref, kind, namespace } = use;
  if (!isService(ref)) {
    const what = `${ref.group ?? ""}/${ref.kind ?? ""}`;
    return problem("InvalidKind", `backend "${ref.name}" is of kind "${what}": name a Service`);
  }
  const from = { kind, namespace };
  if (lookups.permits({ from, to: { kind: "Service", ...to } })) return undefined;
  const message = `no ReferenceGrant in namespace ${to.namespace} lets ${kind}s of namespace ` +
    `${namespace} refer to Service ${to.name}: create one`;
  return problem("RefNotPermitted", message);
}

interface Order {
  readonly use: BackendUse;
  readonly path: string;
  readonly context: BackendContext;
}

function resolve(name: string, { use, path, context }: Order): BackendOutcome {
  const service = context.lookups.services.get(path);
  if (service === undefined) {
    return failed("BackendNotFound", `Service ${path} does not exist: create it`);
  }
  if (service.spec.type === "ExternalName") {
    return failed("InvalidKind", `Service ${path} is of type ExternalName, which is not served`);
  }
  const protocol = use.flavour === "udp" ? "UDP" : "TCP";
  const ports = (service.spec.ports ?? []).filter(({ port }) => port === use.ref.port);
  const port = ports.find((one) => (one.protocol ?? "TCP") === protocol);
  if (port === undefined) return missingPort(path, use, ports);
  const policy = use.flavour === "bytes" || use.flavour === "udp"
    ? undefined
    : policyFor(service, port, context.policies);
  if (policy !== undefined && policy.tls === undefined) {
    return { resolved: undefined, problem: undefined }; // never plain text instead; the policy says why
  }
  return {
    resolved: build(name, { use, service, port, policy, slices: path, context }),
    problem: undefined,
  };
}

interface Build {
  readonly use: BackendUse;
  readonly service: Service;
  readonly port: ServicePort;
  readonly policy: PlannedPolicy | undefined;
  readonly slices: string;
  readonly context: BackendContext;
}

function build(name: string, order: Build): ResolvedBackend {
  const { service, policy, context } = order;
  const certificate = policy === undefined ? undefined : context.clientCertificate;
  return {
    backend: {
      name,
      protocol: protocolOf(order.use.flavour, order.port),
      affinity: service.spec.sessionAffinity === "ClientIP" ? "client-ip" : "none",
      endpoints: proxyEndpoints({
        service,
        slices: context.lookups.slices.get(order.slices) ?? [],
      }, order.port),
      ...(policy?.tls && {
        tls: { ...policy.tls, ...(certificate && { certificate: certificate.name }) },
      }),
    },
    authority: policy?.authority,
    certificate,
  };
}

function protocolOf(flavour: Flavour, { appProtocol }: ServicePort): Backend["protocol"] {
  if (flavour === "udp") return "udp";
  if (flavour === "grpc") return "h2";
  if (flavour !== "http") return "tcp";
  return appProtocol === "kubernetes.io/h2c" || appProtocol === "grpc" ? "h2" : "http1";
}

function missingPort(
  path: string,
  use: BackendUse,
  others: readonly ServicePort[],
): BackendOutcome {
  const [other] = others;
  if (other !== undefined) {
    const message = `port ${other.port} of Service ${path} is for ${other.protocol ?? "TCP"}, ` +
      `which a ${use.kind} cannot use: name another port`;
    return failed("UnsupportedProtocol", message);
  }
  const port = use.ref.port === undefined ? "no port is named" : `no port ${use.ref.port}`;
  return failed("BackendNotFound", `Service ${path}: ${port}: name one of its ports`);
}

function failed(reason: string, message: string): BackendOutcome {
  return { resolved: undefined, problem: problem(reason, message) };
}
