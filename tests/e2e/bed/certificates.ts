/** Certificates for routes: an authority for the length of a test, and what it signs. */
import { join } from "node:path";
import { run } from "./shell.ts";

/** A certificate and its key, PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] as const;
const DAYS = ["-days", "2"] as const;

/** Signs certificates. Its key is gone at the end of the scope. */
export class Authority implements AsyncDisposable {
  readonly #directory: string;
  /** Its own certificate, PEM. */
  readonly cert: string;

  /** See `create`. */
  constructor(directory: string, cert: string) {
    this.#directory = directory;
    this.cert = cert;
  }

  /** Makes an authority of its own. */
  static async create(name = "test authority"): Promise<Authority> {
    const directory = await Deno.makeTempDir({ prefix: "berth-ca-" });
    const files = ["-keyout", join(directory, "ca.key"), "-out", join(directory, "ca.crt")];
    await run(["openssl", "req", "-x509", ...EC, ...DAYS, ...files, "-subj", `/CN=${name}`]);
    return new Authority(directory, await Deno.readTextFile(join(directory, "ca.crt")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#directory, { recursive: true });
  }

  /** A certificate for DNS names, good for servers and for clients. */
  async issue(...names: readonly [string, ...string[]]): Promise<KeyPair> {
    const at = (file: string) => join(this.#directory, file);
    const alternatives = names.map((name) => `DNS:${name}`).join(",");
    const ask = ["-subj", "/O=test", "-addext", `subjectAltName=${alternatives}`];
    const request = await run(["openssl", "req", ...EC, "-keyout", at("leaf.key"), ...ask]);
    const signer = ["-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial"];
    const copy = ["-copy_extensions", "copy"];
    const cert = await run(["openssl", "x509", "-req", ...signer, ...copy, ...DAYS], {
      input: `${request}\n`,
    });
    return { cert: `${cert}\n`, key: await Deno.readTextFile(at("leaf.key")) };
  }
}

/** A kubernetes.io/tls Secret. */
export function tlsSecret(name: string, pair: KeyPair): Record<string, unknown> {
  return {
    metadata: { name },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": pair.cert, "tls.key": pair.key },
  };
}
