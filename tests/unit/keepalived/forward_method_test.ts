import assert from "assert";
import { parseForwardMethod, wantedMethod } from "../../../lib/keepalived/forward_method.ts";
import { forwardMethodAnnotation } from "../../../lib/keepalived/mod.ts";
import { vipService } from "../../fakes/vip_world.ts";

const names = [
  { text: "NAT", expected: "NAT" },
  { text: "DR", expected: "DR" },
  { text: "PROXY", expected: "PROXY" },
  { text: " dr ", expected: "DR" },
  { text: "nat", expected: "NAT" },
  { text: "XNATX", expected: undefined },
  { text: "", expected: undefined },
];

for (const { text, expected } of names) {
  Deno.test(`parseForwardMethod() reads "${text}"`, () => {
    assert.equal(parseForwardMethod(text), expected);
  });
}

function service(method?: string) {
  return vipService("a", {
    annotations: method === undefined ? {} : { [forwardMethodAnnotation]: method },
  });
}

Deno.test("KCP-method-default: wantedMethod() takes the default, or none", () => {
  assert.deepEqual(wantedMethod(service(), { fallback: "DR" }), { method: "DR" });
  assert.deepEqual(wantedMethod(service(), {}), {});
});

Deno.test("KCP-method-annotation: wantedMethod() prefers the annotation to the default", () => {
  assert.deepEqual(wantedMethod(service("NAT"), { fallback: "DR" }), { method: "NAT" });
});

Deno.test("KCP-method-invalid: wantedMethod() keeps what was and says which names there are", () => {
  const wanted = wantedMethod(service("TUNNEL"), { before: { method: "DR" }, fallback: "NAT" });
  assert.equal(wanted.method, "DR");
  assert.match(wanted.warning ?? "", /"TUNNEL": use NAT, DR or PROXY \(until then DR stays\)/);
  const fresh = wantedMethod(service("TUNNEL"), {});
  assert.equal(fresh.method, undefined);
  assert.match(fresh.warning ?? "", /until then NAT stays/);
});
