import { certificatesAlone, keyPairProblem } from "./pem.ts";
import type { Secret } from "./types.ts";

/** What a Secret holds for TLS. Never logged. */
export interface KeyPair {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
  /** What is wrong with them. */
  readonly problem: string | undefined;
}

/** Finds the pair of a Secret by `namespace/name`. */
export type ReadKeyPair = (path: string) => KeyPair | undefined;

/** Reads pairs once each: many listeners share a Secret, and the check takes a millisecond. */
export function keyPairReader(secrets: ReadonlyMap<string, Secret>): ReadKeyPair {
  const read = new Map<string, KeyPair>();
  return (path) => {
    const known = read.get(path);
    if (known !== undefined) return known;
    const secret = secrets.get(path);
    if (secret === undefined) return undefined;
    const data = secret.data ?? {};
    const certificate = fromBase64(data["tls.crt"]);
    const privateKey = fromBase64(data["tls.key"]);
    const pair = {
      certificate: certificatesAlone(certificate),
      privateKey,
      problem: keyPairProblem(certificate, privateKey),
    };
    read.set(path, pair);
    return pair;
  };
}

/** Base64 to text; empty for what is none, which the PEM check then names. */
export function fromBase64(base64: string | undefined): string {
  try {
    return atob((base64 ?? "").replaceAll(/\s/g, ""));
  } catch {
    return "";
  }
}
