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
  { part: { scheme: "https", port: 443 }, host: "a.example" },
  { part: { scheme: "http", port: 80, hostname: "b.example" }, host: "b.example" },
  { part: { scheme: "https", port: 8443 }, port: 8443 },
  { part: { path: { kind: "full", value: "/n" } } },
] as const;

for (const { part, ...expected } of ports) {
  Deno.test(`redirectAction() names host and port for ${JSON.stringify(part)}`, () => {
    const redirect = { kind: "redirect", status: 302, ...part } as const;
    const { host_redirect, port_redirect } = redirectAction(redirect, { match, host: "a.example" });
    const { host, port } = { host: undefined, port: undefined, ...expected };
    assert.deepEqual([host_redirect, port_redirect], [host, port]);
  });
}

Deno.test("redirectAction() names the port where it does not know the host", () => {
  const redirect = { kind: "redirect", status: 302, scheme: "https", port: 443 } as const;
  assert.equal(redirectAction(redirect, { match }).port_redirect, 443);
});
