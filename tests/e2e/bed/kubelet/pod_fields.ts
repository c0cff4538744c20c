/** Fields of a Pod as text: downward API, environment and `$(NAME)` expansion. Pure. */
import type { Container, EnvVar, Pod, Strings } from "./types.ts";

/** What a Pod knows about its place. */
export interface Place {
  readonly podIPs: readonly string[];
  readonly hostIPs: readonly string[];
}

/** Values of ConfigMaps and Secrets that a container names, by `kind/name`. */
export type References = ReadonlyMap<string, Strings>;

/** The value of a field path of the downward API. */
export function podField(pod: Pod, place: Place, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed !== null) {
    const map = keyed[1] === "labels" ? pod.metadata.labels : pod.metadata.annotations;
    return map?.[keyed[2] ?? ""] ?? "";
  }
  const fields: Strings = {
    "metadata.name": pod.metadata.name,
    "metadata.namespace": pod.metadata.namespace,
    "metadata.uid": pod.metadata.uid,
    "spec.nodeName": pod.spec.nodeName ?? "",
    "spec.serviceAccountName": pod.spec.serviceAccountName ?? "default",
    "status.podIP": place.podIPs[0] ?? "",
    "status.podIPs": place.podIPs.join(","),
    "status.hostIP": place.hostIPs[0] ?? "",
    "status.hostIPs": place.hostIPs.join(","),
  };
  return fields[path] ?? "";
}

/** A container's environment, in order; later names win, as in Kubernetes. */
export function environment(
  container: Container,
  context: { readonly pod: Pod; readonly place: Place; readonly references: References },
): Map<string, string> {
  const values = new Map<string, string>();
  for (const from of container.envFrom ?? []) {
    const source = from.configMapRef
      ? `configmaps/${from.configMapRef.name}`
      : `secrets/${from.secretRef?.name}`;
    for (const [name, value] of Object.entries(context.references.get(source) ?? {})) {
      values.set(name, value);
    }
  }
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, context);
    if (value !== undefined) values.set(variable.name, expand(value, values));
  }
  return values;
}

function valueOf(
  variable: EnvVar,
  context: { readonly pod: Pod; readonly place: Place; readonly references: References },
): string | undefined {
  const from = variable.valueFrom;
  if (from?.fieldRef) return podField(context.pod, context.place, from.fieldRef.fieldPath);
  if (from?.configMapKeyRef) {
    return context.references.get(`configmaps/${from.configMapKeyRef.name}`)
      ?.[from.configMapKeyRef.key];
  }
  if (from?.secretKeyRef) {
    return context.references.get(`secrets/${from.secretKeyRef.name}`)?.[from.secretKeyRef.key];
  }
  return variable.value ?? "";
}

/** The ConfigMaps and Secrets that a container's environment needs, as `kind/name`. */
export function referenceNames(container: Container): string[] {
  const names: string[] = [];
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef) names.push(`configmaps/${configMapRef.name}`);
    if (secretRef) names.push(`secrets/${secretRef.name}`);
  }
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.configMapKeyRef) names.push(`configmaps/${valueFrom.configMapKeyRef.name}`);
    if (valueFrom?.secretKeyRef) names.push(`secrets/${valueFrom.secretKeyRef.name}`);
  }
  return [...new Set(names)];
}

/** Replaces `$(NAME)`; `$$(NAME)` stays as `$(NAME)`, unknown names stay as they are. */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$\$|\$\(([A-Za-z_][\w.-]*)\)/g,
    (whole, name: string | undefined) => name === undefined ? "$" : values.get(name) ?? whole,
  );
}
