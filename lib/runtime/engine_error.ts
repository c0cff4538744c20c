import { AppError, type ErrorKind, errorKind, errorText } from "../core/mod.ts";

/** What was asked of which engine, for the message. */
export interface EngineRequest {
  readonly what: string;
  readonly socketPath: string;
}

/** Why the socket itself could not be used. */
export type SocketFault =
  | "missing"
  | "permission denied"
  | "nothing listens"
  | "connection closed"
  | "no Deno permission";

/** The engine could not be reached at all. */
export class SocketError extends AppError {
  readonly fault: SocketFault;

  constructor(fault: SocketFault, { what, socketPath }: EngineRequest) {
    const { kind, text } = FAULTS[fault];
    super(`cannot ${what}: ${text(socketPath)}`, { kind });
    this.fault = fault;
  }
}

/** An engine failure as an AppError whose kind decides the retry and whose text names a remedy. */
export function engineError(cause: unknown, request: EngineRequest): AppError {
  if (cause instanceof AppError) return cause;
  const fault = socketFault(cause);
  if (fault) return new SocketError(fault, request);
  const { kind, why } = judgeAnswer(cause);
  return new AppError(`cannot ${request.what}: ${why}`, { kind, cause });
}

interface FaultText {
  readonly kind: ErrorKind;
  readonly text: (path: string) => string;
}

const FAULTS: Readonly<Record<SocketFault, FaultText>> = {
  missing: {
    kind: "unavailable",
    text: (path) => `there is no engine socket at ${path}: start the engine or set DOCKER_HOST`,
  },
  "permission denied": {
    kind: "forbidden",
    text: (path) =>
      `permission to use ${path} is denied: add your user to the docker group or set DOCKER_HOST`,
  },
  "nothing listens": {
    kind: "unavailable",
    text: (path) => `nothing listens on ${path}: start the engine or set DOCKER_HOST`,
  },
  "connection closed": {
    kind: "unavailable",
    text: (path) => `the engine at ${path} closed the connection: is it being restarted?`,
  },
  "no Deno permission": {
    kind: "forbidden",
    text: (path) =>
      `Deno may not use ${path}: run with --allow-read=${path} --allow-write=${path} ` +
      `--allow-net=unix:${path}`,
  },
};

const FAULT_OF_CODE: Readonly<Record<string, SocketFault>> = {
  ENOENT: "missing",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ECONNREFUSED: "nothing listens",
  ECONNRESET: "connection closed",
  EPIPE: "connection closed",
};

function socketFault(cause: unknown): SocketFault | undefined {
  if (cause instanceof Deno.errors.NotCapable) return "no Deno permission";
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? FAULT_OF_CODE[code] : undefined;
}

function judgeAnswer(cause: unknown): { readonly kind: ErrorKind; readonly why: string } {
  const status = cause instanceof Error && "statusCode" in cause ? cause.statusCode : undefined;
  if (typeof status === "number") return { kind: statusKind(status), why: statusText(cause) };
  const kind = errorKind(cause);
  return { kind: kind === "internal" ? "unavailable" : kind, why: errorText(cause) };
}

function statusKind(status: number): ErrorKind {
  if (status === 404) return "not-found";
  if (status === 409) return "conflict";
  if (status === 401 || status === 403) return "forbidden";
  return status >= 500 ? "unavailable" : "invalid";
}

/** The engine's own sentence, else the transport's `(HTTP code 404) … - sentence`. */
function statusText(cause: unknown): string {
  const json = cause instanceof Error && "json" in cause ? cause.json : undefined;
  if (typeof json === "object" && json !== null && "message" in json) return String(json.message);
  return errorText(cause).replace(/^\(HTTP code \d+\) .*? - /, "").trim();
}
