import assert from "assert";
import { redirectAction } from "../../../../../lib/planes/envoy/config/redirect.ts";
import { matchOf } from "../../../../fakes/route_parts.ts";

const match = matchOf();

const codes = [
  [301, "MOVED_PERMANENTLY"],
  [302, "FOUND"],
  [303, "SEE_OTHER"],
  [307, "TEMPORARY_REDIRECT"],
  [308, "PERMANENT_REDIRECT"],
] as const;

for (const [status, response_code] of codes) {
  Deno.test(`redirectAction() answers ${status} and keeps the rest`, () => {
    assert.deepEqual(redirectAction({ kind: "redirect", status }, { match }), { response_code });
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
  assert.deepEqual(redirectAction(redirect, { match, host: "b.example" }), {
    response_code: "FOUND",
    scheme_redirect: "https",
    host_redirect: "a.example",
    port_redirect: 8443,
    path_redirect: "/n",
  });
});

const ports = [
  { part: { scheme: "https" }, host: "a.example" },
  { part: { scheme: "https", port: 8443 }, host: undefined },
  { part: { path: { kind: "full", value: "/n" } }, host: undefined },
] as const;

for (const { part, host } of ports) {
  Deno.test(`redirectAction() writes the known host for ${JSON.stringify(part)}: ${host}`, () => {
    const redirect = { kind: "redirect", status: 302, ...part } as const;
    assert.equal(redirectAction(redirect, { match, host: "a.example" }).host_redirect, host);
  });
}
