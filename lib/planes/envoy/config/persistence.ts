import type { Persistence } from "../../../proxy/types.ts";
import { extension, seconds, typed } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Name of the filter that the settings of a route are for. */
export const SESSION_FILTER = "envoy.filters.http.stateful_session";

/**
 * Settings of a route for Envoy's session filter: answers carry the endpoint, requests that carry
 * it back go there while it lives. Envoy writes the address and port of the Pod, in base64 but not
 * encrypted, so clients can read them; it has no other strict form. For splits see `joinSplits`.
 */
export function sessionPolicy(persistence: Persistence): JsonObject {
  return typed("envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute", {
    stateful_session: { session_state: sessionState(persistence) },
  });
}

function sessionState(persistence: Persistence): JsonObject {
  if (persistence.kind === "header") {
    return extension(
      "envoy.http.stateful_session.header",
      "envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState",
      { name: persistence.name },
    );
  }
  return extension(
    "envoy.http.stateful_session.cookie",
    "envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState",
    { cookie: cookieOf(persistence) },
  );
}

/** A life of 0 s ends with the browser's session. */
function cookieOf(persistence: Persistence) {
  return {
    name: persistence.name,
    path: persistence.path ?? "/",
    ttl: seconds((persistence.ttlSeconds ?? 0) * 1000),
  };
}
