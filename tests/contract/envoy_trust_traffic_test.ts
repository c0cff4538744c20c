import assert from "assert";
import { forwardTo, matchOf, ruleWith } from "../fakes/route_parts.ts";
import { httpBackend } from "./envoy/backends.ts";
import { ask, rawHttp, seenBy } from "./envoy/clients.ts";
import { served, withTraffic } from "./envoy/traffic_bed.ts";

const prefix = (value: string) => matchOf({ path: { kind: "prefix", value } });

withTraffic("lets no client set time limits and tries, nor tell where it is", async (bed) => {
  await using slow = httpBackend("cart", {
    delayMs: 30,
    status: (count) => count === 1 ? 503 : 200,
  });
  await bed.serve([ruleWith()], [served([slow])]);
  const headers = {
    "x-envoy-upstream-rq-timeout-ms": "1",
    "x-envoy-retry-on": "5xx",
    "x-envoy-max-retries": "3",
    "x-envoy-internal": "true",
    "x-envoy-original-path": "/other",
  };
  const refused = await ask(bed.port, { headers });
  assert.equal(refused.status, 503, "no second try");
  const seen = seenBy(await ask(bed.port, { headers }));
  const told = Object.keys(seen.headers).filter((name) => name.startsWith("x-envoy-"));
  assert.deepEqual(told.filter((name) => name !== "x-envoy-external-address"), []);
});

withTraffic("matches paths only after it has made them plain", async (bed) => {
  await using cart = httpBackend("cart");
  await bed.serve([
    ruleWith({ match: prefix("/admin"), action: { kind: "respond", status: 403 } }),
    ruleWith({ match: prefix("/"), action: forwardTo() }),
  ], [served([cart])]);
  const to = async (path: string) =>
    (await rawHttp(
      bed.port,
      `GET ${path} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`,
    ))
      .split("\r\n")[0] ?? "";
  for (
    const path of [
      ...["/admin", "//admin", "/x/../admin", "/x/%2e%2e/admin", "/x/.%2e/admin", "/%61dmin"],
      ...["/../admin", "/x/./../admin", "/x/..\\admin", "/x/..;/../admin/", "///admin/"],
    ]
  ) assert.match(await to(path), / 403 /, path);
  for (const path of ["/x/..%2fadmin", "/x%2f..%2Fadmin", "/x/%5c../admin"]) {
    assert.match(await to(path), / 307 /, path);
  }
  for (const path of ["/admin#x", "/admin%00", "/ad\tmin", "admin"]) {
    assert.match(await to(path), / 400 /, path);
  }
});

withTraffic("refuses requests whose end is not certain", async (bed) => {
  await using cart = httpBackend("cart");
  await bed.serve([ruleWith()], [served([cart])]);
  const lines = [
    ["Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\nG"],
    ["Content-Length: 3\r\nContent-Length: 4", "abcd"],
    ["Content-Length: 3, 3", "abc"],
    ["Content-Length: +3", "abc"],
    ["Transfer-Encoding : chunked", "0\r\n\r\n"],
    ["Transfer-Encoding: xchunked", "0\r\n\r\n"],
    ["Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"],
    ["Transfer-Encoding: chunked", "2;\nxx\r\nab\r\n0\r\n\r\n"],
    ["X-A: a\0b", ""],
  ] as const;
  for (const [head, body] of lines) {
    const request = `POST / HTTP/1.1\r\nHost: a.example\r\n${head}\r\n\r\n${body}`;
    assert.match(await rawHttp(bed.port, request), /^HTTP\/1.1 (400|501) /, head);
  }
  assert.deepEqual(cart.seen, []);
});
