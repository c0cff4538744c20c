/** Node containers: made, filled with files, inspected and removed. */
import { dirname, join } from "node:path";
import { cacheDirectory } from "./cache.ts";
import { docker } from "./engine.ts";
import { NODE_IMAGE } from "./images.ts";
import { BED, BED_CLUSTER, KIND_CLUSTER, KIND_ROLE, labelArgs } from "./labels.ts";
import type { ClusterShape, NodeShape } from "./shape.ts";
import { run } from "./shell.ts";
import type { NodeFiles } from "./units.ts";

/** kind's own subnet of its network; the IPv4 one is the engine's choice. */
const KIND_SUBNET = "fc00:f853:ccd:e793::/64";

const CONFINEMENT = [
  ...["NET_ADMIN", "SYS_ADMIN", "NET_RAW"].flatMap((cap) => ["--cap-add", cap]),
  ...["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]
    .flatMap((option) => ["--security-opt", option]),
];

/** A running (or stopped) node container. */
export interface NodeContainer {
  readonly name: string;
  readonly role: string;
  readonly running: boolean;
  readonly pid: number;
  readonly ipv4: string;
  readonly ipv6: string;
  /** Loopback port that 6443 is published on, if it is. */
  readonly apiPort?: number;
}

/** Makes the engine network as kind makes it, unless it exists. */
export async function ensureNetwork(network: string, run: string): Promise<void> {
  const names = (await docker("network", "ls", "--format", "{{.Name}}")).split("\n");
  if (names.includes(network)) return;
  const options = [
    "com.docker.network.bridge.enable_ip_masquerade=true",
    "com.docker.network.driver.mtu=1500",
  ].flatMap((option) => ["-o", option]);
  const ipv6 = ["--ipv6", "--subnet", await subnetFor(network)];
  const labels = labelArgs({ [BED]: run });
  await docker("network", "create", "-d", "bridge", ...options, ...ipv6, ...labels, network);
}

/** kind derives the IPv6 subnet from the network's name. */
async function subnetFor(network: string): Promise<string> {
  if (network === "kind") return KIND_SUBNET;
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(network));
  const hex = new Uint8Array(digest).toHex();
  return `fc00:${hex.slice(0, 4)}:${hex.slice(4, 8)}:${hex.slice(8, 12)}::/64`;
}

/** Starts a node's container. */
export async function startNodeContainer(
  shape: ClusterShape,
  node: NodeShape,
  runId: string,
): Promise<void> {
  const init = join(import.meta.dirname ?? ".", "node_init.sh");
  const parts = join(cacheDirectory(), "parts");
  const labels = {
    [KIND_CLUSTER]: shape.name,
    [KIND_ROLE]: node.role,
    [BED]: runId,
    [BED_CLUSTER]: shape.name,
  };
  const sysctls = [
    "net.ipv4.ip_forward=1",
    ...(shape.family === "ipv4"
      ? []
      : ["net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.all.forwarding=1"]),
  ].flatMap((sysctl) => ["--sysctl", sysctl]);
  const publish = node.role === "worker" ? [] : ["-p", `127.0.0.1:${freePort()}:6443`];
  await run([
    ...["docker", "run", "-d", "--name", node.name, "--hostname", node.name] as const,
    ...["--net", shape.network, "--restart=on-failure:1", "--init=false"],
    ...["--tmpfs", "/tmp", "--tmpfs", "/run", "--volume", "/var"],
    ...["-v", `${parts}:${parts}:ro`, "-v", `${init}:/node_init.sh:ro`],
    ...CONFINEMENT,
    ...labelArgs(labels),
    ...sysctls,
    ...publish,
    ...[NODE_IMAGE, "bash", "/node_init.sh"],
  ]);
}

/** A fixed free port, so that a restarted node keeps it, as with kind. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Writes files into a node. */
export async function writeFiles(node: string, files: NodeFiles): Promise<void> {
  const stage = await Deno.makeTempDir({ prefix: "berth-node-" });
  try {
    for (const [path, content] of Object.entries(files)) {
      const target = join(stage, path);
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.writeTextFile(target, content);
    }
    await Deno.chmod(stage, 0o755);
    await docker("cp", `${stage}/.`, `${node}:/`);
  } finally {
    await Deno.remove(stage, { recursive: true });
  }
}

interface Inspected {
  readonly Name: string;
  readonly State: { readonly Running: boolean; readonly Pid: number };
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>>;
    readonly Networks: Readonly<
      Record<string, { readonly IPAddress: string; readonly GlobalIPv6Address: string }>
    >;
  };
}

/** The node containers of a cluster, by name. */
export async function nodeContainers(cluster: string): Promise<Map<string, NodeContainer>> {
  const filter = `label=${KIND_CLUSTER}=${cluster}`;
  const ids = (await docker("ps", "-aq", "--filter", filter)).split("\n").filter(Boolean);
  if (ids.length === 0) return new Map();
  const all = JSON.parse(await docker("inspect", ...ids)) as readonly Inspected[];
  return new Map(all.map((one) => [one.Name.slice(1), fromInspected(one)]));
}

function fromInspected(one: Inspected): NodeContainer {
  const network = Object.values(one.NetworkSettings.Networks)[0];
  const port = one.NetworkSettings.Ports["6443/tcp"]?.[0]?.HostPort;
  return {
    name: one.Name.slice(1),
    role: one.Config.Labels[KIND_ROLE] ?? "",
    running: one.State.Running,
    pid: one.State.Pid,
    ipv4: network?.IPAddress ?? "",
    ipv6: network?.GlobalIPv6Address ?? "",
    ...(port === undefined ? {} : { apiPort: Number(port) }),
  };
}

/** Removes containers with this label, and their volumes. */
export async function removeContainers(label: string): Promise<number> {
  const ids = (await docker("ps", "-aq", "--filter", `label=${label}`)).split("\n").filter(Boolean);
  if (ids.length > 0) await run(["docker", "rm", "-f", "-v", ...ids]).catch(() => {});
  return ids.length;
}
