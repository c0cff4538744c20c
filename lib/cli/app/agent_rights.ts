import { dirname } from "node:path";
import { parse } from "yaml";
import { UsageError } from "../../core/mod.ts";
import { serviceAccountPath } from "../../kube/mod.ts";
import type { Settings } from "../options.ts";

/** What the sandbox is asked for, and the flag that grants it. */
export interface Right {
  readonly descriptor: Deno.PermissionDescriptor;
  readonly flag: `--allow-${string}`;
  /** Stands behind the flag; empty for all. */
  readonly value: string;
}

/** The settings that say what the agent reads, writes and runs. */
export type AgentFiles = Pick<
  Settings,
  | "kubeconfig"
  | "outsideCluster"
  | "keepalivedConf"
  | "keepalivedPid"
  | "keepalivedProgram"
  | "spawn"
>;

/** Reading what says where the API server is. */
export function kubeconfigRight({ kubeconfig, outsideCluster }: AgentFiles, home = ""): Right {
  return read(kubeconfig ?? (outsideCluster ? `${home}/.kube/config` : serviceAccountPath));
}

/** Everything else; without a kubeconfig's text the API server stands there by that name. */
export function agentRights(files: AgentFiles, kubeconfig: string | undefined): readonly Right[] {
  const { keepalivedConf, keepalivedPid, keepalivedProgram, spawn } = files;
  const folder = dirname(keepalivedConf);
  const host = kubeconfig === undefined ? "API_SERVER" : apiServer(kubeconfig);
  const run = (command: string): Right => ({
    descriptor: { name: "run", command },
    flag: "--allow-run",
    value: command,
  });
  return [
    { descriptor: { name: "net", host }, flag: "--allow-net", value: host },
    read(folder),
    ...spawn ? [] : [read(keepalivedPid)],
    { descriptor: { name: "write", path: folder }, flag: "--allow-write", value: folder },
    run(keepalivedProgram),
    ...spawn ? [] : [run("kill")],
    { descriptor: { name: "env" }, flag: "--allow-env", value: "" },
  ];
}

/**
 * Names everything that is missing at once.
 *
 * @throws UsageError when something is.
 */
export function demand(rights: readonly Right[], isGranted = granted): void {
  const missing = rights.filter(({ descriptor }) => !isGranted(descriptor));
  if (missing.length === 0) return;
  const flags = [...Map.groupBy(missing, ({ flag }) => flag)].map(([flag, group]) =>
    group[0]?.value === "" ? flag : `${flag}=${group.map(({ value }) => value).join(",")}`
  );
  const message = `the sandbox refuses what the agent needs: start it with deno run and add ` +
    flags.join(" ");
  throw new UsageError(message);
}

/** Asks the permission table and never the person. */
export function granted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}

function read(path: string): Right {
  return { descriptor: { name: "read", path }, flag: "--allow-read", value: path };
}

/** Host and port of the server of the current context. */
function apiServer(kubeconfig: string): string {
  const config: unknown = parse(kubeconfig);
  const current = field(config, "current-context");
  const context = field(named(field(config, "contexts"), current), "context");
  const cluster = field(named(field(config, "clusters"), field(context, "cluster")), "cluster");
  const { hostname, port, protocol } = new URL(`${field(cluster, "server")}`);
  return `${hostname}:${port || (protocol === "http:" ? "80" : "443")}`;
}

function named(list: unknown, name: unknown): unknown {
  return Array.isArray(list) ? list.find((one) => field(one, "name") === name) : undefined;
}

function field(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null
    ? (object as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
