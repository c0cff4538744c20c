import { AppError, type ErrorKind } from "../core/mod.ts";

/** An answer of the API server that is not a success (`meta/v1` Status). */
export class KubeError extends AppError {
  /** HTTP status code. */
  readonly status: number;
  /** Milliseconds that the server asks to wait (`Retry-After`), 0 when it does not. */
  readonly retryAfterMs: number;

  constructor(
    message: string,
    options: { readonly status: number; readonly retryAfterMs?: number },
  ) {
    super(message, { kind: kindOf(options.status) });
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/** The error that an answer stands for; `body` is the text that came with it. */
export function kubeError(what: string, response: KubeAnswer): KubeError {
  const { status, body, retryAfter } = response;
  const seconds = Number(retryAfter ?? 0);
  const message = `${what}: the API server answered ${status}${detail(body)}${remedy(status)}`;
  return new KubeError(message, {
    status,
    retryAfterMs: seconds > 0 && Number.isFinite(seconds) ? seconds * 1000 : 0,
  });
}

/** The parts of an HTTP answer that tell what went wrong. */
export interface KubeAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string | null;
}

function kindOf(status: number): ErrorKind {
  if (status === 401 || status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 409) return "conflict";
  if (status === 400 || status === 415 || status === 422) return "invalid";
  if (status === 408 || status === 504) return "timeout";
  return "unavailable"; // 410, 429, 5xx and what proxies make up
}

function detail(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === "string" && message !== "" ? `: ${message}` : "";
  } catch {
    return ""; // a proxy's page, not a Status
  }
}

function remedy(status: number): string {
  if (status === 401) return " (the cluster's credentials are not valid any more: recreate them)";
  if (status === 403) return " (give berth's user this right)";
  return "";
}
