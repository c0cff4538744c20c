import type { Redirect } from "../proxy/types.ts";
import { type Filters, pathEdit } from "./filters.ts";
import type { GatewayListener } from "./types.ts";

const WELL_KNOWN = { http: 80, https: 443 } as const;

/**
 * What a redirect leads to on one listener: a scheme without a port means the scheme's own port,
 * neither means the listener's. The port is left out where clients would not name it anyway.
 */
export function redirectOn(
  listener: Pick<GatewayListener, "port" | "protocol">,
  filter: NonNullable<Filters["redirect"]>,
): Redirect {
  const here = listener.protocol === "HTTPS" ? "https" : "http";
  const scheme = schemeOf(filter.scheme);
  const wanted = filter.port ?? (scheme === undefined ? listener.port : WELL_KNOWN[scheme]);
  const usual = wanted === WELL_KNOWN[scheme ?? here] && listener.port === WELL_KNOWN[here];
  const path = pathEdit(filter.path);
  return {
    kind: "redirect",
    status: statusOf(filter.statusCode),
    ...(scheme && { scheme }),
    ...(filter.hostname !== undefined && { hostname: filter.hostname }),
    ...(usual ? {} : { port: wanted }),
    ...(path && { path }),
  };
}

function schemeOf(scheme: string | undefined): "http" | "https" | undefined {
  return scheme === "http" || scheme === "https" ? scheme : undefined;
}

function statusOf(code: number | undefined): Redirect["status"] {
  return code === 301 || code === 303 || code === 307 || code === 308 ? code : 302;
}
