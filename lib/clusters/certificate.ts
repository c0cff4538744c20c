import { X509Certificate } from "node:crypto";
import { AppError } from "../core/mod.ts";

/** A certificate that a cluster uses, and whose. */
export interface ClusterCertificate {
  readonly cluster: string;
  /** For messages: `the administrator's certificate`. */
  readonly what: string;
  /** PEM text. */
  readonly pem: string;
}

/** @throws AppError `forbidden` when the certificate has expired, `invalid` when it is malformed */
export function checkNotExpired({ cluster, what, pem }: ClusterCertificate, now: number): void {
  const end = expiry({ cluster, what, pem });
  if (end > now) return;
  throw expiredError(`${what} of cluster ${cluster} expired on ${day(end)}`);
}

/** The error for an expired certificate, with the remedy. */
export function expiredError(sentence: string): AppError {
  return new AppError(
    `${sentence}: renew it with kubeadm certs renew all in each control-plane container and ` +
      "restart them, or recreate the cluster",
    { kind: "forbidden" },
  );
}

/**
 * The day on which a peer's certificate expired, out of the TLS library's refusal; undefined when
 * the refusal has another reason, empty when it does not tell the day.
 */
export function expiredDay(refusal: string): string | undefined {
  if (!/certificate.*expired/i.test(refusal)) return undefined;
  const seconds = /not valid after (\d+)/.exec(refusal)?.[1];
  return seconds === undefined ? "" : day(Number(seconds) * 1000);
}

function expiry({ cluster, what, pem }: ClusterCertificate): number {
  try {
    return new Date(new X509Certificate(pem).validTo).getTime();
  } catch (cause) {
    const message = `${what} of cluster ${cluster} is malformed: recreate the cluster`;
    throw new AppError(message, { kind: "invalid", cause });
  }
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
