import * as v from "valibot";
import { parseAllDocuments } from "yaml";
import { AppError, errorText } from "../../core/mod.ts";
import type { PoolProblem } from "../../addresses/types.ts";
import type { Node, Service } from "../../kube/types.ts";
import { nodeAddresses } from "../app/node_addresses.ts";
import type { NamedText } from "./given_files.ts";

/** Everything that addresses are decided by, as a cluster or files have it. */
export interface PoolObjects {
  /** Data of the ConfigMap with the pools. */
  readonly data: Readonly<Record<string, string>>;
  /** In their order. */
  readonly services: readonly Service[];
  readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Addresses of nodes, and which node has each: `node one`. */
  readonly reserved: ReadonlyMap<string, string>;
  /** What is wrong with the objects themselves. */
  readonly problems: readonly PoolProblem[];
}

/** Which ConfigMap has the pools. */
export interface PoolPlace {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Reads a ConfigMap, Services, Namespaces and Nodes out of YAML or JSON texts, lists included. Decodes by
 * itself, as the Kubernetes client wants to see the environment and this may run without it. Of an
 * object that comes again the last one counts, as with `kubectl apply`.
 *
 * @throws AppError `invalid` for text that is no YAML, for an object other than a Service that
 * cannot be read, and when the ConfigMap is not there.
 */
export function poolObjects(texts: readonly NamedText[], place: PoolPlace): PoolObjects {
  const objects = texts.flatMap(documents);
  const of = (kind: string, namespace?: string) =>
    lastOfEach(objects.filter(({ object }) => object["kind"] === kind), { kind, namespace });
  const maps = of("ConfigMap", place.namespace);
  const services = of("Service", "default");
  const namespaces = of("Namespace");
  const nodes = of("Node");
  const balanced = readServices([...services.objects.values()]);
  const { data, problems } = configMapData(chooseConfigMap(maps.objects, place));
  return {
    data,
    services: balanced.services,
    namespaceLabels: new Map(
      [...namespaces.objects.values()].map(({ object }) => namespaceEntry(object)),
    ),
    reserved: nodeAddresses([...nodes.objects.values()].map(readNode)),
    problems: [maps, services, namespaces, nodes, balanced].flatMap((one) => one.problems)
      .concat(problems),
  };
}

/** Objects of one kind by their name; those of namespaces by `namespace/name`. */
function lastOfEach(
  all: readonly RawObject[],
  { kind, namespace: fallback }: { readonly kind: string; readonly namespace: string | undefined },
): { readonly objects: ReadonlyMap<string, RawObject>; readonly problems: readonly PoolProblem[] } {
  const objects = new Map<string, RawObject>();
  const problems: PoolProblem[] = [];
  for (const one of all) {
    const { name, namespace = fallback } = read(named, { kind, ...one }).metadata;
    const key = fallback === undefined ? name : `${namespace}/${name}`;
    const before = objects.get(key);
    if (before !== undefined) problems.push(toldTwice(`${kind} ${key}`, [before, one]));
    objects.set(key, one);
  }
  return { objects, problems };
}

function toldTwice(what: string, [before, last]: readonly [RawObject, RawObject]): PoolProblem {
  const files = before.file === last.file
    ? `twice in ${last.file}`
    : `in ${before.file} and in ${last.file}`;
  const message = `${what} is ${files}: the last one counts, remove the other`;
  return { severity: "warning", key: what, value: last.file, message };
}

interface RawObject {
  readonly file: string;
  readonly object: Readonly<Record<string, unknown>>;
}

function documents({ name: file, text }: NamedText): readonly RawObject[] {
  return [parseAllDocuments(text)].flat().flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      const first = error.message.split("\n")[0] ?? "";
      throw invalid(`${file} is no YAML: ${first.replace(/:$/, "")}`);
    }
    return flat(document.toJS()).map((object) => ({ file, object }));
  });
}

function flat(raw: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof raw !== "object" || raw === null) return [];
  const object = raw as Record<string, unknown>;
  const items = object["items"];
  return Array.isArray(items) ? items.flatMap(flat) : [object];
}

/** The ConfigMap of that name: `berth ipam` would read no other. */
function chooseConfigMap(
  maps: ReadonlyMap<string, RawObject>,
  { namespace, name }: PoolPlace,
): RawObject["object"] {
  const map = maps.get(`${namespace}/${name}`);
  if (map !== undefined) return map.object;
  const others = [...maps].map(([key, { file }]) => `${key} (${file})`).join(", ");
  throw invalid(
    `the files hold no ConfigMap ${namespace}/${name}, ${
      others ? `but ${others}` : "nor another"
    }` +
      `: add it, or name another one with --pool-namespace and --pool-config-map`,
  );
}

/** The data of a raw ConfigMap; YAML's booleans and numbers become the texts they stand for. */
export function configMapData(object: unknown): Pick<PoolObjects, "data" | "problems"> {
  const entries = Object.entries(v.parse(configMap, object).data ?? {});
  const problems = entries.filter(([, value]) => typeof value !== "string")
    .map(([key, value]): PoolProblem => ({
      severity: "warning",
      key,
      value: String(value),
      message: `${key}: ${value} is no text, and the API server refuses it: write "${value}"`,
    }));
  return {
    data: Object.fromEntries(entries.map(([key, value]) => [key, String(value)])),
    problems,
  };
}

const texts = v.record(v.string(), v.string());
const named = v.object({
  metadata: v.object({ name: v.string(), namespace: v.exactOptional(v.string()) }),
});
const node = v.object({
  metadata: v.object({
    name: v.string(),
    uid: v.optional(v.string(), ""),
    resourceVersion: v.optional(v.string(), ""),
  }),
  status: v.exactOptional(v.object({
    addresses: v.exactOptional(v.array(v.object({ type: v.string(), address: v.string() }))),
  })),
});
const labelled = v.object({
  metadata: v.object({ name: v.string(), labels: v.optional(texts, {}) }),
});
const configMap = v.object({
  data: v.nullish(v.record(v.string(), v.unknown())),
});
const service = v.object({
  metadata: v.object({
    name: v.string(),
    namespace: v.optional(v.string(), "default"),
    uid: v.optional(v.string(), ""),
    resourceVersion: v.optional(v.string(), ""),
    creationTimestamp: v.exactOptional(v.string()),
    labels: v.exactOptional(texts),
    annotations: v.exactOptional(texts),
  }),
  spec: v.object({
    type: v.exactOptional(v.string()),
    selector: v.exactOptional(texts),
    ports: v.exactOptional(v.array(v.object({
      port: v.number(),
      protocol: v.exactOptional(v.picklist(["TCP", "UDP", "SCTP"])),
    }))),
    ipFamilies: v.exactOptional(v.array(v.picklist(["IPv4", "IPv6"]))),
    ipFamilyPolicy: v.exactOptional(v.string()),
    loadBalancerIP: v.exactOptional(v.string()),
    loadBalancerClass: v.exactOptional(v.string()),
    externalTrafficPolicy: v.exactOptional(v.picklist(["Cluster", "Local"])),
  }),
  status: v.exactOptional(v.object({
    loadBalancer: v.exactOptional(v.object({
      ingress: v.exactOptional(v.array(v.object({ ip: v.exactOptional(v.string()) }))),
    })),
  })),
});

/** Name and labels of a raw Namespace. */
export function namespaceEntry(
  object: unknown,
): readonly [string, Readonly<Record<string, string>>] {
  const { name, labels } = v.parse(labelled, object).metadata;
  return [name, labels];
}

/** One that cannot be read is told of, and the others are explained. */
function readServices(
  raws: readonly RawObject[],
): { readonly services: readonly Service[]; readonly problems: readonly PoolProblem[] } {
  const services: Service[] = [];
  const problems: PoolProblem[] = [];
  for (const raw of raws) {
    try {
      services.push(read(service, { kind: "Service", ...raw }));
    } catch (error) {
      const message = `${errorText(error)}: correct it, nobody knows what it would get`;
      problems.push({ severity: "error", key: "Service", value: raw.file, message });
    }
  }
  return { services, problems };
}

function readNode(raw: RawObject): Node {
  return read(node, { kind: "Node", ...raw });
}

function read<T>(
  schema: v.GenericSchema<unknown, T>,
  { kind, file, object }: RawObject & { readonly kind: string },
): T {
  const result = v.safeParse(schema, object);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? "the object";
  throw invalid(`${file}: ${nameOf(kind, object)} cannot be read at ${where}: ${issue.message}`);
}

/** `Service dev/web`, as far as it has a name. */
function nameOf(kind: string, object: unknown): string {
  const result = v.safeParse(named, object);
  if (!result.success) return `a ${kind}`;
  const { namespace, name } = result.output.metadata;
  if (kind === "Service") return `Service ${namespace ?? "default"}/${name}`;
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function invalid(message: string): AppError {
  return new AppError(message, { kind: "invalid" });
}
