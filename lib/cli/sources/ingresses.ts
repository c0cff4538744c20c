import type { Secret } from "../../gateway/types.ts";
import { type IngressClass, ingressReferences, ownsIngress } from "../../ingress/mod.ts";
import type { Ingress, ObjectName } from "../../ingress/types.ts";
import {
  decodeEndpointSlice,
  decodeObject,
  decodeService,
  type KubeClient,
  KubeError,
} from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { IngressObjectsRead } from "../ingress_rows.ts";
import type { BackendObjects } from "../ready_pods.ts";

const GROUP = "/apis/networking.k8s.io/v1";

const NONE: IngressObjectsRead = { ingresses: [], services: [], slices: [], secrets: [] };

/** Reads our Ingresses and what they name; of Secrets, only those that one of them names. */
export async function readIngresses(
  client: KubeClient,
  signal: AbortSignal,
): Promise<IngressObjectsRead> {
  const { ingresses: found, classes } = await listIngresses(client, signal);
  const ingresses = found.filter((ingress) => ownsIngress(ingress, classes));
  if (ingresses.length === 0) return NONE;
  const names = ingressReferences(ingresses).secrets;
  const [backends, ...secrets] = await Promise.all([
    readBackends(client, signal),
    ...names.map((name) => readSecret(client, { name, signal })),
  ]);
  const denied = new Set(names.flatMap((name, i) => secrets[i] === "denied" ? keyOf(name) : []));
  return {
    ingresses: ingresses.map((ingress) => withoutTls(ingress, denied)),
    ...backends,
    secrets: secrets.filter((secret) => secret !== "denied" && secret !== "absent"),
  };
}

/** Reads every Service and its endpoints. */
export async function readBackends(
  client: KubeClient,
  signal: AbortSignal,
): Promise<BackendObjects> {
  const [services, slices] = await Promise.all([
    listOrNone(client, { path: "/api/v1/services", signal }),
    listOrNone(client, { path: "/apis/discovery.k8s.io/v1/endpointslices", signal }),
  ]);
  return { services: services.map(decodeService), slices: slices.map(decodeEndpointSlice) };
}

/** Every Ingress and every class; none where the cluster serves none. */
export async function listIngresses(
  client: KubeClient,
  signal: AbortSignal,
): Promise<{ readonly ingresses: readonly Ingress[]; readonly classes: readonly IngressClass[] }> {
  const [ingresses, classes] = await Promise.all([
    listOrNone(client, { path: `${GROUP}/ingresses`, signal }),
    listOrNone(client, { path: `${GROUP}/ingressclasses`, signal }),
  ]);
  return {
    ingresses: ingresses.map((raw) => decoded<Ingress>(raw, "Ingress", ["spec"])),
    classes: classes.map((raw) => decoded<IngressClass>(raw, "IngressClass", [])),
  };
}

interface Place {
  readonly path: string;
  readonly signal: AbortSignal;
}

async function listOrNone(client: KubeClient, { path, signal }: Place) {
  try {
    return (await client.list(path, { signal })).items;
  } catch (error) {
    if (error instanceof KubeError && error.kind === "not-found") return [];
    throw error;
  }
}

async function readSecret(
  client: KubeClient,
  { name, signal }: { readonly name: ObjectName; readonly signal: AbortSignal },
): Promise<Secret | "absent" | "denied"> {
  const [space, secret] = [encodeURIComponent(name.namespace), encodeURIComponent(name.name)];
  try {
    const raw = await client.get(`/api/v1/namespaces/${space}/secrets/${secret}`, { signal });
    return decodeObject(raw, { kind: "Secret", needs: [], takes: ["type", "data"] }) as Secret;
  } catch (error) {
    if (error instanceof KubeError && error.kind === "not-found") return "absent";
    if (error instanceof KubeError && error.kind === "forbidden") return "denied";
    throw error;
  }
}

/** What we may not read must not be told as missing. */
function withoutTls(ingress: Ingress, denied: ReadonlySet<string>): Ingress {
  const { namespace = "default" } = ingress.metadata;
  const tls = (ingress.spec.tls ?? []).filter(({ secretName = "" }) =>
    !denied.has(keyOf({ namespace, name: secretName }))
  );
  return { ...ingress, spec: { ...ingress.spec, tls } };
}

function keyOf({ namespace, name }: ObjectName): string {
  return `${namespace}/${name}`;
}

/** The server checked the objects against their schema when they were written. */
function decoded<T extends KubeObject>(raw: unknown, kind: string, needs: readonly string[]): T {
  return decodeObject(raw, { kind, needs, takes: ["spec", "status"] }) as KubeObject as T;
}
