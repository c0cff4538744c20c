import type { Cors } from "../../../proxy/types.ts";
import { escapeRegex, exactly, matching, typed } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Name of the filter that the settings of a route are for. */
export const CORS_FILTER = "envoy.filters.http.cors";

/**
 * Settings of a route for Envoy's CORS filter. Foreign preflights end at the proxy, without
 * headers that would let the browser go on. The filter answers only in front of backends.
 */
export function corsPolicy(cors: Cors): JsonObject {
  return typed("envoy.extensions.filters.http.cors.v3.CorsPolicy", {
    allow_origin_string_match: cors.origins.map(originMatch),
    allow_methods: listed(cors.methods),
    allow_headers: listed(cors.headers),
    expose_headers: listed(cors.exposeHeaders),
    max_age: String(cors.maxAgeSeconds),
    allow_credentials: cors.credentials,
    forward_not_matching_preflights: false,
  });
}

/** `*` stands for any origin, `https://*.example` for hosts below it. */
function originMatch(origin: string): JsonObject {
  if (origin === "*") return matching(".*");
  if (!origin.includes("*")) return exactly(origin);
  return matching(origin.split("*").map(escapeRegex).join("[^/:]+"));
}

function listed(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(", ");
}
