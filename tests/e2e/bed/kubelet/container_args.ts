/** The engine's arguments for one container of a Pod. Pure. */
import { BED, BED_CLUSTER, BED_CONTAINER, BED_POD, labelArgs } from "../labels.ts";
import { environment, expand, type Place, type References } from "./pod_fields.ts";
import type { Container, Pod } from "./types.ts";

/** What a container needs besides its own description. */
export interface ContainerContext {
  readonly pod: Pod;
  readonly cluster: string;
  readonly runId: string;
  readonly place: Place;
  readonly references: References;
  /** Volume name → host folder. */
  readonly volumes: ReadonlyMap<string, string>;
  /** The Pod's resolv.conf on the host. */
  readonly resolvConf: string;
  /** Address of the API server's Service. */
  readonly apiAddress: string;
  readonly ipv6: boolean;
}

/** The engine's name of a Pod's container. */
export function containerName(pod: Pod, index: number): string {
  return `bed-${pod.metadata.uid}-${index}`;
}

/** Arguments after `docker` that start container `index` of the Pod. */
export function containerArgs(index: number, context: ContainerContext): string[] {
  const container = context.pod.spec.containers[index];
  if (container === undefined) throw new Error(`the Pod has no container ${index}`);
  const values = environment(container, context);
  const [entry, ...rest] = (container.command ?? []).map((text) => expand(text, values));
  return [
    ...["run", "-d", "--pull=never", "--name", containerName(context.pod, index)],
    ...labelArgs(labelsOf(container, context)),
    ...networkArgs(index, context),
    ...securityArgs(container),
    ...mountArgs(container, context),
    ...environmentArgs(values, context),
    ...(container.workingDir ? ["-w", container.workingDir] : []),
    ...(entry === undefined ? [] : ["--entrypoint", entry]),
    container.image,
    ...rest,
    ...(container.args ?? []).map((text) => expand(text, values)),
  ];
}

function labelsOf(container: Container, context: ContainerContext): Record<string, string> {
  const { namespace, name, uid } = context.pod.metadata;
  return {
    [BED]: context.runId,
    [BED_CLUSTER]: context.cluster,
    [BED_CONTAINER]: `${context.cluster}/${namespace}/${name}/${container.name}`,
    [BED_POD]: uid,
  };
}

/** The first container owns the network namespace, the others join it. */
function networkArgs(index: number, context: ContainerContext): string[] {
  const { pod } = context;
  if (pod.spec.hostNetwork) return ["--network", `container:${pod.spec.nodeName}`];
  if (index > 0) return ["--network", `container:${containerName(pod, 0)}`];
  const sysctls = ["net.ipv4.ip_unprivileged_port_start=0"];
  if (context.ipv6) {
    sysctls.push("net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.default.disable_ipv6=0");
  }
  const hostname = (pod.spec.hostname ?? pod.metadata.name).slice(0, 63);
  return [
    ...["--network", "none", "--hostname", hostname],
    ...sysctls.flatMap((sysctl) => ["--sysctl", sysctl]),
  ];
}

/** Privileged means what the engine can give here: the capabilities that network daemons need. */
function securityArgs(container: Container): string[] {
  const context = container.securityContext;
  const added = context?.capabilities?.add ?? [];
  const wide = context?.privileged ? ["NET_ADMIN", "NET_RAW", "SYS_ADMIN"] : [];
  return [
    ...[...new Set(["NET_RAW", ...wide, ...added])].flatMap((cap) => ["--cap-add", cap]),
    ...(context?.runAsUser === undefined ? [] : ["--user", String(context.runAsUser)]),
  ];
}

function mountArgs(container: Container, context: ContainerContext): string[] {
  const mounts = (container.volumeMounts ?? []).flatMap((mount) => {
    const folder = context.volumes.get(mount.name);
    if (folder === undefined) return [];
    const source = mount.subPath ? `${folder}/${mount.subPath}` : folder;
    return ["-v", `${source}:${mount.mountPath}${mount.readOnly ? ":ro" : ""}`];
  });
  return [...mounts, "-v", `${context.resolvConf}:/etc/resolv.conf:ro`];
}

function environmentArgs(
  values: ReadonlyMap<string, string>,
  context: ContainerContext,
): string[] {
  const all = new Map([
    ["KUBERNETES_SERVICE_HOST", context.apiAddress],
    ["KUBERNETES_SERVICE_PORT", "443"],
    ...values,
  ]);
  return [...all].flatMap(([name, value]) => ["-e", `${name}=${value}`]);
}
