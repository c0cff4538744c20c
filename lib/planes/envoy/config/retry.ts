import type { Forward, Retry } from "../../../proxy/types.ts";
import { extension, seconds } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Nothing reached the backend: trying another endpoint is safe for every request. */
const SAFE = "connect-failure,refused-stream,reset-before-request";

/** Fields of a route's action about time limits and tries. Envoy's own limit is 15 s: never that. */
export function tryFields(forward: Forward): JsonObject {
  const { retry, timeoutMs: whole = 0, backendTimeoutMs: each = 0 } = forward;
  const onlyTry = retry === undefined && each > 0;
  const limit = onlyTry ? (whole > 0 ? Math.min(whole, each) : each) : whole;
  return {
    timeout: seconds(limit),
    retry_policy: {
      ...(retry === undefined ? { retry_on: SAFE, num_retries: 1 } : triesOf(retry)),
      ...(retry !== undefined && each > 0 ? { per_try_timeout: seconds(each) } : {}),
      retry_host_predicate: [
        extension(
          "envoy.retry_host_predicates.previous_hosts",
          "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
        ),
      ],
      host_selection_retry_max_attempts: 3,
    },
  };
}

function triesOf({ attempts, codes, backoffMs }: Retry): JsonObject {
  const base = Math.max(1, backoffMs ?? 25);
  return {
    retry_on: "connect-failure,refused-stream,reset,retriable-status-codes",
    num_retries: attempts,
    retriable_status_codes: codes,
    retry_back_off: { base_interval: seconds(base), max_interval: seconds(base * 10) },
  };
}
