import { asArray, asString, at, isObject, type JsonObject } from "../json.ts";
import type { KubeObject } from "../types.ts";

/** Where sample backends listen when they cannot have an address of their own. */
export const PORTS_ANNOTATION = "berth.dev/backend-ports";

/** True when the Pod's Ready condition holds. */
export function isReady(pod: KubeObject): boolean {
  return asArray(pod.status?.["conditions"])
    .some((condition) => at(condition, "type") === "Ready" && at(condition, "status") === "True");
}

/** True when the Pod will not run any more. */
export function isFinished(pod: KubeObject): boolean {
  const phase = pod.status?.["phase"];
  return phase === "Succeeded" || phase === "Failed";
}

/** True when the Pod is being deleted. */
export function isTerminating(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** The addresses of a Pod, each once. */
export function podIps(pod: KubeObject): readonly string[] {
  const listed = asArray(pod.status?.["podIPs"]).map((entry) => asString(at(entry, "ip")));
  const all = [asString(pod.status?.["podIP"]), ...listed].filter((ip) => ip !== "");
  return [...new Set(all)];
}

/** One port that a container declares. */
export interface ContainerPort {
  readonly name: string;
  readonly number: number;
  readonly protocol: string;
}

/** Every port that the Pod's containers declare. */
export function containerPorts(spec: JsonObject | undefined): readonly ContainerPort[] {
  const containers = asArray(spec?.["containers"]);
  return containers.flatMap((container) => asArray(at(container, "ports"))).map((port) => ({
    name: asString(at(port, "name")),
    number: Number(at(port, "containerPort") ?? 0),
    protocol: asString(at(port, "protocol")) || "TCP",
  }));
}

/** Where a port of the Pod is really listened on, by declared number. */
export function listeningPort(pod: KubeObject, port: number): number {
  const text = pod.metadata.annotations?.[PORTS_ANNOTATION];
  if (text === undefined) return port;
  const map: unknown = JSON.parse(text);
  return isObject(map) ? Number(map[String(port)] ?? port) : port;
}
