/**
 * Runs a mode of berth as its Deployment would: under its ServiceAccount, with the rights of
 * `berth manifests` and the permissions of its task, as a process of its own.
 */
import { join } from "node:path";
import { parse, parseAllDocuments, stringify } from "yaml";
import { alive, type Bed, run, until } from "./bed/mod.ts";
import { Berth } from "./berth.ts";

const ROOT = join(import.meta.dirname ?? ".", "..", "..");
const NAMESPACE = "kube-system";

/** As in the task `in-cluster`. */
const engineFlags = "--v8-flags=--optimize-for-size,--max-semi-space-size=1";

/** Modes that run in a cluster. */
export type InClusterMode = "ipam" | "keepalived";

/** How one replica is started. */
export interface ReplicaOptions {
  /** Stands for the Pod's name: the Lease and the log tell replicas apart by it. */
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A mode in the cluster of a bed. At the end of its scope its replicas are stopped. */
export class InCluster implements AsyncDisposable {
  readonly #bed: Bed;
  readonly #mode: InClusterMode;
  readonly #folder: string;
  readonly #server: string;
  /** What `berth manifests` printed. */
  readonly manifests: string;
  readonly #replicas: Berth[] = [];

  constructor(bed: Bed, mode: InClusterMode, place: Place) {
    this.#bed = bed;
    this.#mode = mode;
    this.#folder = place.folder;
    this.#server = place.server;
    this.manifests = place.manifests;
  }

  /** Applies the mode's ServiceAccount and rights, and writes a kubeconfig with its token alone. */
  static async open(bed: Bed, mode: InClusterMode): Promise<InCluster> {
    const folder = await Deno.makeTempDir({ prefix: `berth-${mode}-` });
    const manifests = await printManifests(mode);
    const account = await applyRights(bed, manifests);
    const { status } = await bed.api.create<{ status: { token: string } }>(
      `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${account}/token`,
      { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    );
    await Deno.writeTextFile(`${folder}/token`, status.token);
    const admin = parse(await Deno.readTextFile(bed.kubeconfigPath));
    const { cluster } = admin.clusters[0];
    await Deno.writeTextFile(`${folder}/kubeconfig`, kubeconfig(cluster, `${folder}/token`));
    return new InCluster(bed, mode, { folder, server: cluster.server, manifests });
  }

  /** Where files for this mode can be put. */
  get folder(): string {
    return this.#folder;
  }

  /** Starts one replica. */
  async start({ name, args = [], env = {} }: ReplicaOptions): Promise<Berth> {
    const log = `${this.#folder}/${name}.log`;
    const { host } = new URL(this.#server);
    const permissions = [
      `--allow-net=${host},127.0.0.1`,
      `--allow-read=${this.#folder}`,
      "--allow-env",
    ];
    const command = [
      ...["deno", "run", engineFlags, "--no-prompt", ...permissions, "main.ts"],
      ...[this.#mode, "--kubeconfig", `${this.#folder}/kubeconfig`, ...args],
    ];
    await Deno.writeTextFile(log, "", { append: true });
    const child = new Deno.Command("sh", {
      args: ["-c", 'exec >>"$0" 2>&1; exec "$@"', log, ...command],
      cwd: ROOT,
      stdin: "null",
      env: { POD_NAME: name, ...env },
    }).spawn();
    const berth = new Berth(child, log);
    this.#replicas.push(berth);
    return berth;
  }

  /** The replica that leads by this Lease, once there is one. */
  async leader(lease: string): Promise<string> {
    let holder = "";
    await until(
      async () => {
        const path = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/${lease}`;
        const { spec } = await this.#bed.api.get<{ spec: { holderIdentity?: string } }>(path)
          .catch(() => ({ spec: {} as { holderIdentity?: string } }));
        holder = (spec.holderIdentity ?? "").split("_")[0] ?? "";
        return holder !== "";
      },
      30_000,
      `nobody holds the Lease ${lease}`,
    );
    return holder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const replica of this.#replicas) if (alive(replica.pid)) await replica.stop();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

interface Place {
  readonly folder: string;
  readonly server: string;
  readonly manifests: string;
}

function printManifests(mode: InClusterMode): Promise<string> {
  const command = ["deno", "run", "--no-prompt", "--allow-env", "main.ts"] as const;
  return run([...command, "manifests", mode], { cwd: ROOT });
}

/** Applies everything but the Deployment; returns the ServiceAccount's name. */
async function applyRights(bed: Bed, text: string): Promise<string> {
  const objects = parseAllDocuments(text).map((document) => document.toJS());
  const rights = objects.filter(({ kind }) => kind !== "Deployment");
  await bed.apply(rights.map((object) => stringify(object)).join("---\n"));
  return rights.find(({ kind }) => kind === "ServiceAccount").metadata.name;
}

function kubeconfig(cluster: unknown, tokenFile: string): string {
  return stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "berth" },
    clusters: [{ name: "berth", cluster }],
    users: [{ name: "berth", user: { tokenFile } }],
    contexts: [{ name: "berth", context: { cluster: "berth", user: "berth" } }],
  });
}
