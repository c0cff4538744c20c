import { parseAllDocuments } from "yaml";
import type { EndpointSlice, KubeObject, Service } from "../../lib/kube/types.ts";
import type { GatewayInput } from "../../lib/gateway/plan_types.ts";
import type {
  BackendTLSPolicy,
  ConfigMap,
  Gateway,
  ListenerSet,
  ReferenceGrant,
  Route,
  Secret,
} from "../../lib/gateway/types.ts";

const KEYS = new URL("../testdata/gateway/keys/", import.meta.url);

/** Time of every plan in tests. */
export const NOW = "2026-01-02T03:04:05Z";

/** Any object of a manifest, before its kind is looked at. */
interface Document {
  readonly kind: string;
  readonly metadata: Partial<KubeObject["metadata"]>;
}

const ROUTES: readonly string[] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];

/** Options of {@link gatewayInput}. */
export type InputOptions = Partial<
  Pick<GatewayInput, "addresses" | "unusable" | "namespaces" | "policies">
>;

/**
 * The input of a plan from a manifest with one Gateway. Objects get namespace `infra` and
 * generation 1 where they name none; the words `@file` in Secrets and ConfigMaps stand for the
 * files of `tests/testdata/gateway/keys`.
 */
export function gatewayInput(manifest: string, options: InputOptions = {}): GatewayInput {
  const documents = parseAllDocuments(manifest)
    .map((one) => one.toJS() as Document | null)
    .flatMap((one) => one === null ? [] : [completed(one)]);
  const of = <T>(...kinds: readonly string[]) =>
    documents.filter(({ kind }) => kinds.includes(kind)) as unknown as readonly T[];
  const [gateway] = of<Gateway>("Gateway");
  if (gateway === undefined) throw new Error("the manifest has no Gateway: add one");
  return {
    cluster: "kind",
    controllerName: "berth.dev/gateway",
    gateway,
    listenerSets: of<ListenerSet>("ListenerSet"),
    routes: of<Route>(...ROUTES),
    namespaces: Object.fromEntries(
      of<KubeObject>("Namespace").map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
    ),
    services: of<Service>("Service"),
    slices: of<EndpointSlice>("EndpointSlice"),
    secrets: of<Secret>("Secret").map(withKeys),
    configMaps: of<ConfigMap>("ConfigMap").map(withCertificates),
    grants: of<ReferenceGrant>("ReferenceGrant"),
    policies: of<BackendTLSPolicy>("BackendTLSPolicy"),
    addresses: ["172.18.0.100"],
    unusable: {},
    now: NOW,
    ...options,
  };
}

function completed(document: Document): Document & KubeObject {
  const { metadata, kind } = document;
  return {
    ...document,
    metadata: {
      name: "",
      uid: `${kind}-${metadata.name ?? ""}`,
      resourceVersion: "1",
      generation: 1,
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...(kind === "Namespace" ? {} : { namespace: "infra" }),
      ...metadata,
    },
  };
}

function withKeys(secret: Secret): Secret {
  return { ...secret, data: replaced(secret.data, (text) => btoa(text)) };
}

function withCertificates(map: ConfigMap): ConfigMap {
  return { ...map, data: replaced(map.data, (text) => text) };
}

function replaced(
  data: Readonly<Record<string, string>> | undefined,
  encode: (text: string) => string,
): Record<string, string> {
  const entries = Object.entries(data ?? {}).map(([key, value]) => [
    key,
    encode(value.startsWith("@") ? Deno.readTextFileSync(new URL(value.slice(1), KEYS)) : value),
  ]);
  return Object.fromEntries(entries);
}
