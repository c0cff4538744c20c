import type { Match, Redirect } from "../../../proxy/types.ts";
import { redirectPathFields } from "./path_edit.ts";
import type { JsonObject } from "./types.ts";

const CODES: Readonly<Record<Redirect["status"], string>> = {
  301: "MOVED_PERMANENTLY",
  302: "FOUND",
  303: "SEE_OTHER",
  307: "TEMPORARY_REDIRECT",
  308: "PERMANENT_REDIRECT",
};

/** What a redirect is part of. */
export interface RedirectContext {
  readonly match: Match;
  /** The only host that it is for, where there is just one. */
  readonly host?: string;
}

/** Ports that no Location names. */
const USUAL = { http: 80, https: 443 } as const;

/** True for redirects that must lose the port of the request's `Host`. */
export function losesPort({ scheme, hostname, port }: Redirect): boolean {
  if (scheme === undefined || hostname !== undefined) return false;
  return port === undefined || port === USUAL[scheme];
}

/**
 * Envoy's form of a redirect. A port that the client wrote into `Host` stays where neither host,
 * port nor scheme change: then it is how the client reaches us. Envoy cannot take it away alone, so
 * the host is written where it is known; for wildcards the port stays when just the scheme changes.
 */
export function redirectAction(redirect: Redirect, { match, host }: RedirectContext): JsonObject {
  const { scheme } = redirect;
  const hostname = redirect.hostname ?? (losesPort(redirect) ? host : undefined);
  const usual = hostname !== undefined && scheme !== undefined && redirect.port === USUAL[scheme];
  return {
    response_code: CODES[redirect.status],
    ...(scheme === undefined ? {} : { scheme_redirect: scheme }),
    ...(hostname === undefined ? {} : { host_redirect: hostname }),
    ...(redirect.port === undefined || usual ? {} : { port_redirect: redirect.port }),
    ...redirectPathFields(redirect.path, match.path),
  };
}
