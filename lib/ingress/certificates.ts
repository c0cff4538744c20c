import { certificatesAlone, keyPairProblem } from "../gateway/mod.ts";
import type { Secret } from "../gateway/types.ts";
import { domainProblem } from "../proxy/mod.ts";
import type { Certificate, Chain, HttpServe } from "../proxy/types.ts";
import type { Ingress, IngressProblem } from "./types.ts";

/** The chains of the HTTPS port, none when no certificate is usable. */
export interface SecureChains {
  readonly chains: readonly Chain[];
  readonly certificates: readonly Certificate[];
  readonly problems: readonly IngressProblem[];
}

/** Says why a Secret is no certificate with its key, or undefined when it is one. */
export type SecretCheck = (secret: Secret) => string | undefined;

/** The {@link SecretCheck} for `kubernetes.io/tls` Secrets. */
export function secretProblem({ data }: Secret): string | undefined {
  const [certificate, privateKey] = [decoded(data?.["tls.crt"]), decoded(data?.["tls.key"])];
  const wrong = keyPairProblem(certificate, privateKey);
  return wrong === undefined ? undefined : `is not usable: ${wrong}: store a matching pair`;
}

/** What `secureChains` works on. */
export interface SecureInput {
  /** Oldest first: the first that names a host gives its certificate. */
  readonly ingresses: readonly Ingress[];
  readonly secrets: readonly Secret[];
  readonly serve: HttpServe;
  readonly check: SecretCheck;
}

/**
 * One chain for each server name of `spec.tls`, and one for all others: certificates without
 * hosts, or else the oldest, so that a client gets an answer that it can read.
 */
export function secureChains(input: SecureInput): SecureChains {
  const { problems, named, certificates } = collect(input);
  const [oldest] = certificates.values();
  if (oldest === undefined) return { chains: [], certificates: [], problems };
  const byName = [...named.keys()].filter((name) => name !== "").toSorted();
  const others = named.get("") ?? oldest.name;
  // else the proxy would hold all hosts for each of them
  const serve = { ...input.serve, shared: "ingress" };
  return {
    chains: [
      ...byName.map((name) => chain(serve, [name], named.get(name) ?? oldest.name)),
      chain(serve, [], others),
    ],
    certificates: [...certificates.values()].toSorted((a, b) => a.name < b.name ? -1 : 1),
    problems,
  };
}

interface Collection {
  readonly problems: IngressProblem[];
  /** Server name (empty: every other) → certificate. */
  readonly named: Map<string, string>;
  /** In the order in which they were named. */
  readonly certificates: Map<string, Certificate>;
}

function collect({ ingresses, secrets, check }: SecureInput): Collection {
  const found: Collection = { problems: [], named: new Map(), certificates: new Map() };
  const byName = new Map(secrets.map((secret) => [keyOf(secret.metadata), secret]));
  const faults = new Map(secrets.map((secret) => [keyOf(secret.metadata), check(secret)]));
  for (const ingress of ingresses) {
    (ingress.spec.tls ?? []).forEach(({ secretName, hosts = [] }, i) => {
      if (secretName === undefined) return;
      const name = `${ingress.metadata.namespace}/${secretName}`;
      const secret = byName.get(name);
      const fault = secret === undefined ? "does not exist: create it" : faults.get(name);
      if (fault !== undefined || secret === undefined) {
        found.problems.push(badSecret(ingress, `spec.tls[${i}].secretName`, secretName, fault));
        return;
      }
      found.certificates.set(name, certificate(name, secret));
      if (hosts.length === 0 && !found.named.has("")) found.named.set("", name);
      hosts.forEach((each, h) => {
        const host = each.toLowerCase();
        const wrong = domainProblem(host);
        if (wrong !== undefined) {
          found.problems.push(badHost(ingress, `spec.tls[${i}].hosts[${h}]`, wrong));
        } else if (!found.named.has(host)) found.named.set(host, name);
      });
    });
  }
  return found;
}

function chain(serve: HttpServe, serverNames: readonly string[], certificate: string): Chain {
  return {
    name: serverNames[0] ?? "https",
    serverNames,
    peek: false,
    tls: { certificates: [certificate], alpn: ["h2", "http/1.1"] },
    serve,
  };
}

function certificate(name: string, { data }: Secret): Certificate {
  return {
    name,
    certificate: certificatesAlone(decoded(data?.["tls.crt"])),
    privateKey: decoded(data?.["tls.key"]),
  };
}

function badHost({ metadata }: Ingress, field: string, wrong: string): IngressProblem {
  const { namespace = "default", name } = metadata;
  return { namespace, name, reason: "InvalidHost", message: `${field}: ${wrong}` };
}

function badSecret(
  { metadata }: Ingress,
  ...[field, name, fault]: [string, string, string | undefined]
): IngressProblem {
  return {
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    reason: "InvalidCertificate",
    message: `${field}: Secret "${name}" ${fault ?? "is not usable"}`,
  };
}

function decoded(base64: string | undefined): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(base64 ?? ""));
}

function keyOf({ namespace, name }: Secret["metadata"]): string {
  return `${namespace}/${name}`;
}
