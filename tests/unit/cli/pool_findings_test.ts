import assert from "assert";
import { serviceFindings } from "../../../lib/cli/pool_findings.ts";
import { type ServiceWish, wishService } from "../../fakes/address_bed.ts";

function named(key: string, ips: readonly string[], wish: ServiceWish = {}) {
  const status = { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } };
  return { key, service: { ...wishService(key, wish), status } };
}

Deno.test("serviceFindings() lists who waits, with what its condition says", () => {
  const waiting = named("a/waits", []);
  const condition = {
    type: "berth.dev/Serving",
    status: "False",
    reason: "Exhausted",
    message: "no free IPv4 address is left",
    lastTransitionTime: "",
  } as const;
  const told = named("a/told", []);
  const services = [
    waiting,
    { ...told, service: { ...told.service, status: { conditions: [condition] } } },
    named("a/internal", [], { spec: { type: "ClusterIP" } }),
    named("a/other", [], { spec: { loadBalancerClass: "x/y" } }),
    named("a/served", ["10.0.0.1"]),
  ];
  assert.deepEqual(serviceFindings(services), {
    pending: [
      { service: "a/waits", reason: "nobody gave it an address yet" },
      { service: "a/told", reason: "no free IPv4 address is left" },
      { service: "a/other", reason: "nobody gave it an address yet (loadBalancerClass x/y)" },
    ],
    conflicts: [],
  });
});

Deno.test("serviceFindings() lists addresses of several that cannot share them", () => {
  const edge = { annotations: { "berth.dev/allow-shared-ip": "edge" } };
  const services = [
    named("a/a", ["10.0.0.1"]),
    named("a/b", ["10.0.0.1"]),
    named("a/c", ["10.0.0.2"], edge),
    named("a/d", ["10.0.0.2"], { ...edge, spec: { ports: [{ port: 81 }] } }),
  ];
  assert.deepEqual(serviceFindings(services).conflicts, [
    { address: "10.0.0.1", claimedBy: ["a/a", "a/b"] },
  ]);
});
