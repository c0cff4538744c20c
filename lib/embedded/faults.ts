import { ApiError, expired } from "./api_error.ts";

/** What a fault injector sees of a request. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  /** `group/plural`, empty for paths that name no resource. */
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly watch: boolean;
}

/** What goes wrong. `slow` and `close-watch` let the request through, the others replace it. */
export type Fault =
  | { readonly kind: "status"; readonly code: number; readonly retryAfterSeconds?: number }
  | { readonly kind: "garbage" }
  | { readonly kind: "expired" }
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "close-watch"; readonly afterEvents: number };

/** Decides for each request whether something goes wrong with it; tests inject it. */
export type FaultInjector = (request: FaultRequest) => Fault | undefined;

const REASONS: Readonly<Record<number, readonly [string, string]>> = {
  401: ["Unauthorized", "Unauthorized"],
  403: ["Forbidden", "access is forbidden: injected fault"],
  429: ["TooManyRequests", "Too many requests, please try again later."],
  500: ["InternalError", "Internal error occurred: injected fault"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
};

/** The error that a fault stands for, or undefined when the request goes on. */
export function faultError(fault: Fault): ApiError | undefined {
  if (fault.kind === "expired") return expired("too old resource version: injected fault");
  if (fault.kind !== "status") return undefined;
  const { code, retryAfterSeconds } = fault;
  const [reason, message] = REASONS[code] ?? ["Unknown", `injected fault ${code}`];
  return new ApiError({
    code,
    reason,
    message,
    ...(retryAfterSeconds !== undefined && { details: { retryAfterSeconds } }),
  });
}

/** What a broken proxy in front of an API server answers. */
export function garbage(): Response {
  return new Response("<html><body>502 Bad Gateway</body></html>", {
    status: 200,
    headers: { "content-type": "text/html" },
  });
}
