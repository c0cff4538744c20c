/** Certificates and kubeconfigs of a bed cluster, made with openssl. */
import { join } from "node:path";
import { run } from "./shell.ts";

const DAYS = "30";
const CURVE = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"] as const;

/** A certificate to issue. */
interface Leaf {
  readonly name: string;
  readonly subject: string;
  readonly extension: string;
}

/** Makes the cluster's authority, service-account keys and administrator certificate. */
export async function makeAuthority(directory: string): Promise<void> {
  await Deno.mkdir(directory, { recursive: true });
  const at = (file: string) => join(directory, file);
  await Promise.all([
    (async () => {
      await run(["openssl", "genpkey", ...CURVE, "-out", at("ca.key")]);
      const ask = ["-new", "-x509", "-key", at("ca.key"), "-days", DAYS, "-subj", "/CN=kubernetes"];
      await run(["openssl", "req", ...ask, "-out", at("ca.crt")]);
    })(),
    (async () => {
      const size = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
      await run(["openssl", "genpkey", ...size, "-out", at("sa.key")]);
      await run(["openssl", "pkey", "-in", at("sa.key"), "-pubout", "-out", at("sa.pub")]);
    })(),
  ]);
  await issue(directory, {
    name: "admin",
    subject: "/O=system:masters/CN=kubernetes-admin",
    extension: "extendedKeyUsage=clientAuth",
  });
}

/** Issues the API server's certificate for these names and addresses. */
export async function issueServing(
  directory: string,
  names: readonly string[],
  addresses: readonly string[],
): Promise<void> {
  const fixed = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"];
  const alternatives = [
    ...[...fixed, ...names].map((name) => `DNS:${name}`),
    ...["127.0.0.1", ...addresses].map((address) => `IP:${address}`),
  ];
  await issue(directory, {
    name: "apiserver",
    subject: "/CN=kube-apiserver",
    extension: `subjectAltName=${alternatives.join(",")}`,
  });
}

/** The administrator's kubeconfig, named as kind names it. */
export async function kubeconfig(
  directory: string,
  cluster: string,
  server: string,
): Promise<string> {
  const read = async (file: string) => btoa(await Deno.readTextFile(join(directory, file)));
  const [ca, crt, key] = await Promise.all(["ca.crt", "admin.crt", "admin.key"].map(read));
  const name = `kind-${cluster}`;
  return [
    "apiVersion: v1",
    "kind: Config",
    `clusters:\n- name: ${name}`,
    `  cluster: {certificate-authority-data: ${ca}, server: "${server}"}`,
    `contexts:\n- name: ${name}\n  context: {cluster: ${name}, user: ${name}}`,
    `current-context: ${name}`,
    `users:\n- name: ${name}`,
    `  user: {client-certificate-data: ${crt}, client-key-data: ${key}}`,
    "",
  ].join("\n");
}

async function issue(directory: string, leaf: Leaf): Promise<void> {
  const at = (file: string) => join(directory, file);
  const [key, request, out] = ["key", "csr", "crt"].map((end) => at(`${leaf.name}.${end}`));
  if (key === undefined || request === undefined || out === undefined) return;
  await run(["openssl", "genpkey", ...CURVE, "-out", key]);
  await run(["openssl", "req", "-new", "-key", key, "-subj", leaf.subject, "-out", request]);
  const signer = ["-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", DAYS];
  const ask = ["-req", "-in", request, ...signer, "-extfile", "/dev/stdin", "-out", out];
  await run(["openssl", "x509", ...ask], { input: `${leaf.extension}\n` });
}
