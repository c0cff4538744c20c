import assert from "assert";
import type { PlaneName } from "../../../lib/planes/types.ts";
import { proxyProtocol, unusedProxyProtocol } from "../../../lib/services/mod.ts";
import { lbService } from "../../fakes/kube_objects.ts";

const asks = (value: string) => ({ annotations: { "berth.dev/proxy-protocol": value } });
const dns = { ports: [{ port: 53, protocol: "UDP" as const }, { port: 53 }] };

Deno.test("proxyProtocol() reads the version, and refuses others", () => {
  assert.deepEqual(proxyProtocol(lbService()), {});
  assert.deepEqual(proxyProtocol(lbService(asks("v2"))), { proxyProtocol: "v2" });
  assert.throws(() => proxyProtocol(lbService(asks("v3"))), { kind: "invalid" });
});

Deno.test("unusedProxyProtocol() tells where the annotation changes nothing", () => {
  const cases: readonly (readonly [object, PlaneName, RegExp | undefined])[] = [
    [{}, "kernel", undefined],
    [asks("v1"), "envoy", undefined],
    [asks("v1"), "kernel", /no effect on the kernel plane: choose the envoy plane/],
    [asks("v1"), "embedded", /no effect on the embedded plane/],
    [{ ...asks("v1"), spec: dns }, "envoy", /no effect on port UDP\/53: it is for TCP alone/],
  ];
  for (const [change, plane, expected] of cases) {
    const said = unusedProxyProtocol(lbService(change), plane);
    if (expected === undefined) assert.deepEqual(said, []);
    else assert.match(said.join("\n"), expected);
  }
});
