import type { Authority, Certificate, ClientValidation, DownstreamTls } from "../proxy/types.ts";
import { endsTls } from "./listener_types.ts";
import { joined, type Problem, problem } from "./problem.ts";
import { findAuthority, findKeyPair, type ReferenceReasons, type Referrer } from "./tls_objects.ts";
import type { FrontendTls, Gateway, GatewayListener } from "./types.ts";

/** What a listener's TLS settings come to. */
export interface ListenerTls {
  readonly tls: DownstreamTls | undefined;
  readonly certificates: readonly Certificate[];
  readonly authority: Authority | undefined;
  /** Why the listener is not accepted. */
  readonly refused: Problem | undefined;
  /** Why not all references hold. */
  readonly unresolved: Problem | undefined;
}

/** Whose settings count: certificates are the owner's, client validation is the Gateway's. */
export interface TlsContext {
  readonly owner: Referrer;
  readonly gateway: Gateway;
  readonly gatewayReferrer: Referrer;
}

const CERTIFICATES: ReferenceReasons = {
  notPermitted: "RefNotPermitted",
  kind: "InvalidCertificateRef",
  invalid: "InvalidCertificateRef",
};

const AUTHORITIES: ReferenceReasons = {
  notPermitted: "RefNotPermitted",
  kind: "InvalidCACertificateKind",
  invalid: "InvalidCACertificateRef",
};

const NONE: ListenerTls = {
  tls: undefined,
  certificates: [],
  authority: undefined,
  refused: undefined,
  unresolved: undefined,
};

/** Certificates and client validation of a listener; nothing where TLS does not end here. */
export function listenerTls(listener: GatewayListener, context: TlsContext): ListenerTls {
  if (!endsTls(listener)) return NONE;
  const keys = keyPairs(listener, context.owner);
  const client = listener.protocol === "HTTPS"
    ? clientValidation(listener.port, context)
    : NO_CLIENT;
  const unresolved = joined([keys.unresolved, client.unresolved].flatMap((one) => one ?? []));
  const { refused, authority, validation } = client;
  const usable = keys.certificates.length > 0 && refused === undefined;
  return {
    tls: usable
      ? {
        certificates: keys.certificates.map(({ name }) => name),
        alpn: listener.protocol === "HTTPS" ? ["h2", "http/1.1"] : [],
        ...(validation && { client: validation }),
      }
      : undefined,
    certificates: keys.certificates,
    authority,
    refused,
    unresolved,
  };
}

/** True when a block of the Gateway's client validation lets clients in unchecked. */
export function hasInsecureValidation({ spec }: Gateway): boolean {
  const { frontend } = spec.tls ?? {};
  return [frontend?.default, ...(frontend?.perPort ?? []).map(({ tls }) => tls)]
    .some((block) => block?.validation?.mode === "AllowInsecureFallback");
}

interface KeyPairs {
  readonly certificates: readonly Certificate[];
  readonly unresolved: Problem | undefined;
}

function keyPairs(listener: GatewayListener, owner: Referrer): KeyPairs {
  const refs = listener.tls?.certificateRefs ?? [];
  if (refs.length === 0) {
    const message = `listener "${listener.name}" has no tls.certificateRefs: name a Secret there`;
    return { certificates: [], unresolved: problem(CERTIFICATES.invalid, message) };
  }
  const found = refs.map((ref) => findKeyPair(ref, owner, CERTIFICATES));
  const good = found.flatMap((one) => "value" in one ? [one.value] : []);
  return {
    certificates: [...new Map(good.map((one) => [one.name, one])).values()],
    unresolved: joined(found.flatMap((one) => "problem" in one ? [one.problem] : [])),
  };
}

interface Client {
  readonly validation: ClientValidation | undefined;
  readonly authority: Authority | undefined;
  readonly refused: Problem | undefined;
  readonly unresolved: Problem | undefined;
}

const NO_CLIENT: Client = {
  validation: undefined,
  authority: undefined,
  refused: undefined,
  unresolved: undefined,
};

function clientValidation(port: number, { gateway, gatewayReferrer }: TlsContext): Client {
  const validation = frontendOf(port, gateway)?.validation;
  if (validation === undefined) return NO_CLIENT;
  const refs = validation.caCertificateRefs ?? [];
  const { authority, problem: unresolved } = findAuthority(refs, gatewayReferrer, AUTHORITIES);
  if (authority === undefined) {
    const why = unresolved?.message ?? "tls.frontend has no caCertificateRefs: name a ConfigMap";
    return { ...NO_CLIENT, unresolved, refused: problem("NoValidCACertificate", why) };
  }
  const mode = validation.mode === "AllowInsecureFallback" ? "insecure-fallback" : "require";
  return {
    validation: { authority: authority.name, mode },
    authority,
    refused: undefined,
    unresolved,
  };
}

function frontendOf(port: number, { spec }: Gateway): FrontendTls | undefined {
  const { frontend } = spec.tls ?? {};
  return frontend?.perPort?.find((one) => one.port === port)?.tls ?? frontend?.default;
}
