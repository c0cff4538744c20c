import assert from "assert";
import { checkRanges, proxyProtocolOf } from "../../../../lib/planes/envoy/service_check.ts";
import type { ProxySpec } from "../../../../lib/proxy/types.ts";

const spec: ProxySpec = { key: "c/ns/web", addresses: [], announcers: [], listeners: [] };

Deno.test("checkRanges() throws on a malformed source range", () => {
  const listener = {
    ...{ address: "10.0.0.1", family: "IPv4", protocol: "TCP", port: 80 } as const,
    ...{ closed: false, affinity: "none", endpoints: [] } as const,
  };
  checkRanges({ ...spec, listeners: [{ ...listener, sourceRanges: ["10.0.0.0/8"] }] });
  const bad = { ...spec, listeners: [{ ...listener, sourceRanges: ["10.0.0.0/99"] }] };
  assert.throws(() => checkRanges(bad), { kind: "invalid" });
});

Deno.test("proxyProtocolOf() tells what is asked for", () => {
  assert.deepEqual(proxyProtocolOf(spec), {});
  assert.deepEqual(proxyProtocolOf({ ...spec, proxyProtocol: "v2" }), { proxyProtocol: "v2" });
});
