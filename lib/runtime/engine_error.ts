import { AppError, type ErrorKind, errorKind } from "../core/mod.ts";

/** What was asked of which engine, for the message. */
export interface EngineRequest {
  readonly what: string;
  readonly socketPath: string;
}

/** An engine failure as an AppError whose kind decides the retry and whose text names a remedy. */
export function engineError(cause: unknown, request: EngineRequest): AppError {
  if (cause instanceof AppError) return cause;
  const [kind, why] = judge(cause, request.socketPath);
  return new AppError(`cannot ${request.what}: ${why}`, { kind, cause });
}

function judge(cause: unknown, socketPath: string): readonly [ErrorKind, string] {
  const { code, statusCode, message } = facts(cause);
  if (statusCode !== undefined) return [statusKind(statusCode), message];
  if (code !== undefined && code in SOCKET_FAULTS) {
    const fault = SOCKET_FAULTS[code];
    if (fault) return [fault.kind, fault.text(socketPath)];
  }
  const kind = errorKind(cause);
  return [kind === "internal" ? "unavailable" : kind, message];
}

/** Kind and text of each system error that a socket gives. */
export const SOCKET_FAULTS: Readonly<
  Record<string, { readonly kind: ErrorKind; readonly text: (path: string) => string }>
> = {
  ENOENT: {
    kind: "unavailable",
    text: (path) => `there is no engine socket at ${path}: start the engine or set DOCKER_HOST`,
  },
  EACCES: {
    kind: "forbidden",
    text: (path) =>
      `permission to use ${path} is denied: add your user to the docker group or set DOCKER_HOST`,
  },
  ECONNREFUSED: {
    kind: "unavailable",
    text: (path) => `nothing listens on ${path}: start the engine`,
  },
  ECONNRESET: {
    kind: "unavailable",
    text: (path) => `the engine at ${path} closed the connection`,
  },
};

function statusKind(status: number): ErrorKind {
  if (status === 404) return "not-found";
  if (status === 409) return "conflict";
  if (status === 401 || status === 403) return "forbidden";
  return status >= 500 ? "unavailable" : "invalid";
}

interface Facts {
  readonly code?: string | undefined;
  readonly statusCode?: number | undefined;
  readonly message: string;
}

function facts(cause: unknown): Facts {
  if (!(cause instanceof Error)) return { message: String(cause) };
  const { code, statusCode, json } = cause as
    & Error
    & Record<"code" | "statusCode" | "json", unknown>;
  return {
    message: engineMessage(json) ?? cause.message.trim(),
    code: typeof code === "string" ? code : undefined,
    statusCode: typeof statusCode === "number" ? statusCode : undefined,
  };
}

/** The engine's own sentence out of `{"message": …}`. */
function engineMessage(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null || !("message" in json)) return undefined;
  return typeof json.message === "string" ? json.message : undefined;
}
