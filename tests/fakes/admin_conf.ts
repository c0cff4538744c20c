import { stringify } from "yaml";

const FOLDER = new URL("../testdata/clusters/", import.meta.url);

/** A test certificate or key by its file name, as PEM. */
export function pem(name: string): string {
  return Deno.readTextFileSync(new URL(name, FOLDER));
}

/** What differs from an ordinary admin.conf. */
export interface AdminConf {
  readonly server?: string;
  readonly ca?: string;
  readonly clientCertificate?: string;
}

/** An `admin.conf` as kubeadm writes it; certificates by file name. */
export function adminConf(
  { server = "https://one-control-plane:6443", ca = "ca.pem", clientCertificate = "client.pem" }:
    AdminConf = {},
): string {
  const user = {
    "client-certificate-data": btoa(pem(clientCertificate)),
    "client-key-data": btoa(pem("client.key")),
  };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    preferences: {},
    clusters: [{ name: "one", cluster: { server, "certificate-authority-data": btoa(pem(ca)) } }],
    users: [{ name: "kubernetes-admin", user }],
    contexts: [{
      name: "kubernetes-admin@one",
      context: { cluster: "one", user: "kubernetes-admin" },
    }],
    "current-context": "kubernetes-admin@one",
  });
}
