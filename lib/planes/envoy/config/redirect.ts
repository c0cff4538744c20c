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

/**
 * Envoy's form of a redirect. A port that the client wrote into `Host` stays only where neither
 * host, port nor scheme change: then it is how the client reaches us.
 */
export function redirectAction(redirect: Redirect, match: Match): JsonObject {
  return {
    response_code: CODES[redirect.status],
    ...(redirect.scheme === undefined ? {} : { scheme_redirect: redirect.scheme }),
    ...(redirect.hostname === undefined ? {} : { host_redirect: redirect.hostname }),
    ...(redirect.port === undefined ? {} : { port_redirect: redirect.port }),
    ...redirectPathFields(redirect.path, match.path),
  };
}
