import * as v from "valibot";
import { parseAllDocuments } from "yaml";
import { AppError } from "../../core/mod.ts";
import type { PoolProblem } from "../../addresses/types.ts";
import type { Service } from "../../kube/types.ts";

/** Everything that addresses are decided by, as a cluster or files have it. */
export interface PoolObjects {
  /** Data of the ConfigMap with the pools. */
  readonly data: Readonly<Record<string, string>>;
  /** In their order. */
  readonly services: readonly Service[];
  readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** What is wrong with the objects themselves. */
  readonly problems: readonly PoolProblem[];
}

/** A file and what is in it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Which ConfigMap has the pools. */
export interface PoolPlace {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Reads a ConfigMap, Services and Namespaces out of YAML or JSON texts, lists included. Decodes by
 * itself, as the Kubernetes client wants to see the environment and this may run without it.
 *
 * @throws AppError `invalid` for text that is no YAML, for a Service that cannot be read, and when
 * it is not clear which ConfigMap is meant.
 */
export function poolObjects(texts: readonly NamedText[], place: PoolPlace): PoolObjects {
  const objects = texts.flatMap(documents);
  const of = (kind: string) => objects.filter(({ object }) => object["kind"] === kind);
  return {
    ...configMapData(chooseConfigMap(of("ConfigMap"), place).object),
    services: of("Service").map(readService),
    namespaceLabels: new Map(of("Namespace").map(({ object }) => namespaceEntry(object))),
  };
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

/** The ConfigMap of that name, else the only one there is. */
function chooseConfigMap(maps: readonly RawObject[], place: PoolPlace): RawObject {
  const { namespace, name } = place;
  const named = maps.map((map) => ({ map, metadata: v.parse(configMap, map.object).metadata }))
    .filter(({ metadata }) =>
      metadata.name === name && (metadata.namespace ?? namespace) === namespace
    )
    .map(({ map }) => map);
  const found = named.length > 0 ? named : maps;
  const [map] = found;
  if (map !== undefined && found.length === 1) return map;
  throw invalid(
    `the files hold ${found.length === 0 ? "no ConfigMap" : `${found.length} such ConfigMaps`}: ` +
      `give one with the pools, or name it with --pool-namespace and --pool-config-map`,
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
const labelled = v.object({
  metadata: v.object({ name: v.string(), labels: v.optional(texts, {}) }),
});
const configMap = v.object({
  metadata: v.object({ name: v.string(), namespace: v.exactOptional(v.string()) }),
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

function readService({ file, object }: RawObject): Service {
  const result = v.safeParse(service, object);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? "the object";
  throw invalid(`${file}: a Service cannot be read at ${where}: ${issue.message}`);
}

function invalid(message: string): AppError {
  return new AppError(message, { kind: "invalid" });
}
