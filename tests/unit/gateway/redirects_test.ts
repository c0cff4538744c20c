import assert from "assert";
import { redirectOn } from "../../../lib/gateway/redirects.ts";

const http = { port: 80, protocol: "HTTP" };
const alt = { port: 8080, protocol: "HTTP" };
const https = { port: 443, protocol: "HTTPS" };

/** The matrix of test HTTPRouteRedirectPortAndScheme; undefined: the Location carries no port. */
const cases = [
  { on: http, filter: {}, port: undefined },
  { on: http, filter: { port: 80 }, port: undefined },
  { on: http, filter: { port: 8080 }, port: 8080 },
  { on: http, filter: { scheme: "https" }, port: undefined },
  { on: http, filter: { scheme: "https", port: 443 }, port: undefined },
  { on: http, filter: { scheme: "https", port: 8443 }, port: 8443 },
  { on: alt, filter: {}, port: 8080 },
  { on: alt, filter: { port: 80 }, port: 80 },
  { on: alt, filter: { scheme: "http" }, port: 80 },
  { on: alt, filter: { scheme: "https" }, port: 443 },
  { on: https, filter: {}, port: undefined },
  { on: https, filter: { port: 443 }, port: undefined },
  { on: https, filter: { port: 8443 }, port: 8443 },
  { on: https, filter: { scheme: "http" }, port: undefined },
  { on: https, filter: { scheme: "http", port: 8080 }, port: 8080 },
];

Deno.test.each(cases)("redirectOn() $on.port with $filter", ({ on, filter, port }) => {
  assert.equal(redirectOn(on, filter).port, port);
});

Deno.test("redirectOn() redirects with 302 unless told otherwise", () => {
  assert.equal(redirectOn(http, {}).status, 302);
  assert.equal(redirectOn(http, { statusCode: 308 }).status, 308);
});

Deno.test("redirectOn() takes host and path as they are", () => {
  assert.deepEqual(
    redirectOn(http, {
      hostname: "example.org",
      path: { type: "ReplaceFullPath", replaceFullPath: "/x" },
    }),
    {
      kind: "redirect",
      status: 302,
      hostname: "example.org",
      path: { kind: "full", value: "/x" },
    },
  );
});
