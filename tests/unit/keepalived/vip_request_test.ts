import assert from "assert";
import {
  familyProblem,
  serviceKey,
  statusAddresses,
  vipRequest,
  wantsVip,
} from "../../../lib/keepalived/vip_request.ts";
import { vipService } from "../../fakes/vip_world.ts";

const wanting = [
  { what: "no class", spec: {}, expected: true },
  { what: "our class", spec: { loadBalancerClass: "berth.dev/keepalived" }, expected: true },
  { what: "another class", spec: { loadBalancerClass: "example.com/x" }, expected: false },
  { what: "type ClusterIP", spec: { type: "ClusterIP" }, expected: false },
];

for (const { what, spec, expected } of wanting) {
  Deno.test(`wantsVip() with ${what} is ${expected}`, () => {
    assert.equal(wantsVip(vipService("a", { spec })), expected);
  });
}

Deno.test("wantsVip() is false for a Service that is being deleted", () => {
  const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z" };
  assert.equal(wantsVip(vipService("a", { metadata })), false);
});

const requests = [
  { ip: undefined, expected: { kind: "any" } },
  { ip: " ", expected: { kind: "any" } },
  { ip: "10.0.0.9", expected: { kind: "address", address: "10.0.0.9" } },
];

for (const { ip, expected } of requests) {
  Deno.test(`vipRequest() of loadBalancerIP ${ip}`, () => {
    const spec = ip === undefined ? {} : { loadBalancerIP: ip };
    assert.deepEqual(vipRequest(vipService("a", { spec })), expected);
  });
}

for (const ip of ["10.0.0", "web", "10.0.0.1/24", "10.0.0.1,10.0.0.2"]) {
  Deno.test(`KCP-lbip-invalid: vipRequest() names the field and "${ip}"`, () => {
    const request = vipRequest(vipService("a", { spec: { loadBalancerIP: ip } }));
    assert.ok(request.kind === "bad");
    assert.equal(
      request.problem,
      `spec.loadBalancerIP is "${ip}": write an IP address like 10.0.0.10`,
    );
  });
}

for (const ip of ["0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "ff02::1"]) {
  Deno.test(`vipRequest() refuses ${ip}, which no Service can have`, () => {
    const spec = { loadBalancerIP: ip, ipFamilies: ["IPv4", "IPv6"] as const };
    const request = vipRequest(vipService("a", { spec }));
    assert.ok(request.kind === "bad");
    assert.match(request.problem, /write one that a Service can have, like 10\.0\.0\.10$/);
  });
}

Deno.test("KCP-lbip-family: vipRequest() refuses a family that the Service lacks", () => {
  const request = vipRequest(vipService("a", { spec: { loadBalancerIP: "fd00::1" } }));
  assert.ok(request.kind === "bad");
  assert.match(request.problem, /fd00::1 is IPv6, but the Service has only IPv4/);
});

Deno.test("familyProblem() is silent where old API servers tell no families", () => {
  const { metadata, spec: { ipFamilies: _, ...spec } } = vipService("a");
  assert.equal(familyProblem({ metadata, spec }, "IPv6", "it"), undefined);
});

Deno.test("statusAddresses() reads addresses and leaves host names out", () => {
  const ingress = [{ ip: "10.0.0.1" }, { hostname: "x" }, { ip: "FD00::1" }];
  assert.deepEqual(statusAddresses(vipService("a", { ingress })), ["10.0.0.1", "fd00::1"]);
  assert.deepEqual(statusAddresses(vipService("a")), []);
});

Deno.test("serviceKey() is namespace/name", () => {
  assert.equal(serviceKey(vipService("a")), "default/a");
});
