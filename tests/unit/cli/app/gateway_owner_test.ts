import assert from "assert";
import {
  isOurClass,
  isOurController,
  isServedClass,
} from "../../../../lib/cli/app/gateway_owner.ts";
import { gatewayClass } from "../../../fakes/gateway_objects.ts";

Deno.test("isOurController() knows the peer's name and our own", () => {
  assert.ok(isOurController("kind.sigs.k8s.io/gateway-controller"));
  assert.ok(isOurController("berth.dev/gateway-controller"));
  assert.ok(!isOurController("example.com/gateway-controller"));
});

Deno.test("isServedClass() refuses classes with parameters, whose status is ours all the same", () => {
  const plain = gatewayClass();
  const parametersRef = { group: "", kind: "ConfigMap", name: "x" };
  const withParameters = { ...plain, spec: { ...plain.spec, parametersRef } };
  assert.ok(isServedClass(plain));
  assert.ok(!isServedClass(withParameters));
  assert.ok(isOurClass(withParameters));
  assert.ok(!isServedClass(gatewayClass("other", "example.com/other")));
});
