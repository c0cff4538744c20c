import { parse, stringify } from "yaml";
import { AppError } from "../core/mod.ts";

/** Where Kubernetes mounts the ServiceAccount of a Pod. */
export const serviceAccountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * A kubeconfig for the cluster that this process runs in, out of the variables that Kubernetes
 * sets. The token is named as a file, since kubelet renews it.
 *
 * @throws AppError `invalid` outside a Pod.
 */
export function inClusterKubeconfig(env: Readonly<Record<string, string | undefined>>): string {
  // with the brackets that Deno's permissions want, or without
  const host = (env["KUBERNETES_SERVICE_HOST"] ?? "").replace(/^\[(.*)\]$/, "$1");
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  if (host === "") {
    throw new AppError(
      "KUBERNETES_SERVICE_HOST is not set, so this is no Pod: give --kubeconfig FILE",
      { kind: "invalid" },
    );
  }
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const cluster = { server, "certificate-authority": `${serviceAccountPath}/ca.crt` };
  return stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "in-cluster" },
    clusters: [{ name: "in-cluster", cluster }],
    users: [{ name: "in-cluster", user: rotating(`${serviceAccountPath}/token`) }],
    contexts: [{ name: "in-cluster", context: { cluster: "in-cluster", user: "in-cluster" } }],
  });
}

/**
 * A kubeconfig whose users' `tokenFile` is read again each minute, as client-go does it; the
 * library reads it not at all. Other texts come back as they are.
 */
export function withTokenFiles(kubeconfig: string): string {
  const config: unknown = parse(kubeconfig);
  const users = isRecord(config) ? config["users"] : undefined;
  if (!isRecord(config) || !Array.isArray(users)) return kubeconfig;
  return stringify({ ...config, users: users.map(withTokenFile) });
}

function withTokenFile(entry: unknown): unknown {
  const user = isRecord(entry) ? entry["user"] : undefined;
  if (!isRecord(entry) || !isRecord(user)) return entry;
  const { tokenFile, ...rest } = user;
  return typeof tokenFile === "string"
    ? { ...entry, user: { ...rest, ...rotating(tokenFile) } }
    : entry;
}

/** How client-node is told of a token that changes. */
function rotating(tokenFile: string) {
  return { "auth-provider": { name: "tokenFile", config: { tokenFile } } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
