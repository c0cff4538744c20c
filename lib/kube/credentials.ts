import type { KubeConfig } from "@kubernetes/client-node";
import { AppError } from "../core/mod.ts";

/** How the current user of a kubeconfig proves who it is. Secret: never logged. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** PEM texts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly verify: boolean;
}

/** The credentials of the current context; runs exec plug-ins where the kubeconfig names one. */
export async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: HttpsOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value);
  if (typeof options.auth === "string") headers["authorization"] = `Basic ${btoa(options.auth)}`;
  return {
    headers,
    verify: options.rejectUnauthorized !== false,
    ...pem("ca", options.ca),
    ...pem("cert", options.cert),
    ...pem("key", options.key),
  };
}

/** A pool of connections to one server with these certificates. */
export function httpClientOf(server: string, credentials: Credentials): Deno.HttpClient {
  const { ca, cert, key, verify } = credentials;
  if (!verify && server.startsWith("https:")) {
    throw new AppError(
      `the kubeconfig turns off the check of ${server}'s certificate ` +
        `(insecure-skip-tls-verify): give certificate-authority-data instead`,
      { kind: "invalid" },
    );
  }
  return Deno.createHttpClient({
    ...(ca === undefined ? {} : { caCerts: [ca] }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  });
}

/** What client-node fills in; it is typed for Node's https module. */
interface HttpsOptions {
  headers?: Record<string, unknown>;
  auth?: unknown;
  rejectUnauthorized?: boolean;
  ca?: unknown;
  cert?: unknown;
  key?: unknown;
}

function pem<Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> {
  if (value === undefined || value === null) return {};
  const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
  return { [name]: text } as Record<Name, string>;
}
