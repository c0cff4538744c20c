import assert from "assert";
import { redirectAction } from "../../../../../lib/planes/envoy/config/redirect.ts";
import { matchOf } from "../../../../fakes/route_parts.ts";

const codes = [
  [301, "MOVED_PERMANENTLY"],
  [302, "FOUND"],
  [303, "SEE_OTHER"],
  [307, "TEMPORARY_REDIRECT"],
  [308, "PERMANENT_REDIRECT"],
] as const;

for (const [status, response_code] of codes) {
  Deno.test(`redirectAction() answers ${status} and keeps the rest`, () => {
    assert.deepEqual(redirectAction({ kind: "redirect", status }, matchOf()), { response_code });
  });
}

Deno.test("redirectAction() changes scheme, host, port and path", () => {
  const redirect = {
    kind: "redirect",
    status: 302,
    scheme: "https",
    hostname: "a.example",
    port: 8443,
    path: { kind: "full", value: "/n" },
  } as const;
  assert.deepEqual(redirectAction(redirect, matchOf()), {
    response_code: "FOUND",
    scheme_redirect: "https",
    host_redirect: "a.example",
    port_redirect: 8443,
    path_redirect: "/n",
  });
});
