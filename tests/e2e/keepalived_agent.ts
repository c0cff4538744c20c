/** Runs `berth keepalived agent` as on a node: under its ServiceAccount, with its permissions alone. */
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Bed } from "./bed/mod.ts";
import { Berth } from "./berth.ts";

const ROOT = join(import.meta.dirname ?? ".", "..", "..");
const ACCOUNT = "/api/v1/namespaces/kube-system/serviceaccounts/berth-keepalived-agent/token";

/** One agent and its keepalived. */
export interface AgentOptions {
  /** Folder of its files. */
  readonly folder: string;
  readonly name: string;
  /** Program that is keepalived. */
  readonly keepalived: string;
  readonly args: readonly string[];
  /** False: somebody else runs keepalived. */
  readonly spawn?: boolean;
}

/** Where an agent's keepalived has its configuration. */
export function confOf({ folder, name }: Pick<AgentOptions, "folder" | "name">): string {
  return `${folder}/${name}/keepalived.conf`;
}

/** Where an agent's keepalived has its process id. */
export function pidOf({ folder, name }: Pick<AgentOptions, "folder" | "name">): string {
  return `${folder}/${name}/keepalived.pid`;
}

/** Starts an agent; it runs a keepalived of its own unless told not to. */
export async function startAgent(bed: Bed, options: AgentOptions): Promise<Berth> {
  const { folder, name, keepalived, args } = options;
  const own = `${folder}/${name}`;
  await Deno.mkdir(own, { recursive: true });
  const { server, path } = await agentConfig(bed, folder);
  const permissions = [
    `--allow-net=${new URL(server).host}`,
    `--allow-read=${path},${own}`,
    `--allow-write=${own}`,
    `--allow-run=${keepalived}${options.spawn === false ? ",kill" : ""}`,
    "--allow-env",
  ];
  const command = [
    ...["deno", "run", "--no-prompt", ...permissions, "main.ts", "keepalived", "agent"],
    ...["--kubeconfig", path, "--services-configmap", "kube-system/vip-configmap"],
    ...["--iface", "eth0", "--vrrp-only", "--keepalived", keepalived],
    ...options.spawn === false ? [] : ["--spawn"],
    ...["--keepalived-conf", confOf(options), "--pid-file", pidOf(options), ...args],
  ];
  const log = `${folder}/${name}.log`;
  await Deno.writeTextFile(log, "");
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec >>"$0" 2>&1; exec "$@"', log, ...command],
    cwd: ROOT,
    stdin: "null",
  }).spawn();
  return new Berth(child, log);
}

/** A kubeconfig with the agent's token alone. */
async function agentConfig(
  bed: Bed,
  folder: string,
): Promise<{ readonly path: string; readonly server: string }> {
  const admin = parse(await Deno.readTextFile(bed.kubeconfigPath));
  const { cluster } = admin.clusters[0];
  const { status } = await bed.api.create<{ status: { token: string } }>(ACCOUNT, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {},
  });
  const path = `${folder}/kubeconfig`;
  const text = stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "berth" },
    clusters: [{ name: "berth", cluster }],
    users: [{ name: "berth", user: { token: status.token } }],
    contexts: [{ name: "berth", context: { cluster: "berth", user: "berth" } }],
  });
  await Deno.writeTextFile(path, text);
  return { path, server: cluster.server };
}
