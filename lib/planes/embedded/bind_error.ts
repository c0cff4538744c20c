import { AppError, type ErrorKind } from "../../core/mod.ts";

/** Where a listener is bound on this machine. */
export interface BindAddress {
  /** An address of this machine, no name. */
  readonly hostname: string;
  readonly port: number;
}

/** A failed bind as an AppError that names address, port and remedy. */
export function bindError(cause: unknown, at: BindAddress): AppError {
  const { kind, text } = explain(codeOf(cause), at);
  return new AppError(text, { kind, cause });
}

function explain(code: string, { hostname, port }: BindAddress): { kind: ErrorKind; text: string } {
  const place = `port ${port} on ${hostname}`;
  switch (code) {
    case "EADDRINUSE":
      return {
        kind: "conflict",
        text: `${place} is in use by another program: end it, or choose another port or address`,
      };
    case "EACCES":
      return {
        kind: "forbidden",
        text: `${place} needs a privilege: choose a port from 1024, or on Linux run ` +
          `"sudo sysctl net.ipv4.ip_unprivileged_port_start=0"`,
      };
    case "EADDRNOTAVAIL":
      return {
        kind: "exhausted",
        text:
          `${place} cannot be bound: ${hostname} is no address of this machine; choose a pool ` +
          "of its loopback addresses (127.0.0.0/8 on Linux), or map addresses to ports elsewhere",
      };
    case "NotCapable":
      return {
        kind: "forbidden",
        text: `${place} is outside the permissions: add --allow-net=${hostname}`,
      };
    default:
      return { kind: "unavailable", text: `${place} cannot be bound` };
  }
}

function codeOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable) return "NotCapable";
  if (cause instanceof Deno.errors.AddrInUse) return "EADDRINUSE";
  if (cause instanceof Deno.errors.AddrNotAvailable) return "EADDRNOTAVAIL";
  if (cause instanceof Deno.errors.PermissionDenied) return "EACCES";
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
