import * as v from "valibot";
import { parse, stringify, YAMLError } from "yaml";
import { AppError } from "../core/mod.ts";

/** Credentials out of a kubeconfig; certificates and key as PEM text. Secret: never log it. */
export interface Credentials {
  readonly server: string;
  readonly ca: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

const named = v.object({ name: v.string() });
const schema = v.object({
  "current-context": v.optional(v.string(), ""),
  contexts: v.array(v.object({
    ...named.entries,
    context: v.object({ cluster: v.string(), user: v.string() }),
  })),
  clusters: v.array(v.object({
    ...named.entries,
    cluster: v.object({
      server: v.pipe(v.string(), v.startsWith("https://")),
      "certificate-authority-data": v.pipe(v.string(), v.base64()),
    }),
  })),
  users: v.array(v.object({
    ...named.entries,
    user: v.object({
      "client-certificate-data": v.pipe(v.string(), v.base64()),
      "client-key-data": v.pipe(v.string(), v.base64()),
    }),
  })),
});

/**
 * Reads kubeadm's `admin.conf`: the current context's cluster and user.
 *
 * @throws AppError `unavailable` when it is malformed, as it is while being written; the message
 * names the field and never its value
 */
export function parseAdminConf(text: string): Credentials {
  const config = decode(text);
  const { context } = pick(config.contexts, config["current-context"], "contexts");
  const { cluster } = pick(config.clusters, context.cluster, "clusters");
  const { user } = pick(config.users, context.user, "users");
  return {
    server: cluster.server,
    ca: atob(cluster["certificate-authority-data"]),
    clientCertificate: atob(user["client-certificate-data"]),
    clientKey: atob(user["client-key-data"]),
  };
}

/** A kubeconfig with one context named `kind-<cluster>`, for the given server. */
export function writeKubeconfig(
  cluster: string,
  { server, ca, clientCertificate, clientKey }: Credentials,
): string {
  const name = `kind-${cluster}`;
  const user = {
    "client-certificate-data": btoa(clientCertificate),
    "client-key-data": btoa(clientKey),
  };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server, "certificate-authority-data": btoa(ca) } }],
    users: [{ name, user }],
  }, { lineWidth: 0 });
}

function decode(text: string): v.InferOutput<typeof schema> {
  const result = v.safeParse(schema, parseYaml(text));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw malformed(`${v.getDotPath(issue) ?? "the document"} is missing or malformed`);
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLError)) throw error;
    // the parser's message quotes the text, which holds a private key
    throw malformed("it is not YAML");
  }
}

function pick<T extends { readonly name: string }>(
  list: readonly T[],
  name: string,
  field: string,
): T {
  const found = list.find((one) => one.name === name);
  if (found) return found;
  throw malformed(`${field} has no entry "${name}"`);
}

function malformed(why: string): AppError {
  return new AppError(`the control plane's admin.conf cannot be used: ${why}`, {
    kind: "unavailable",
  });
}
