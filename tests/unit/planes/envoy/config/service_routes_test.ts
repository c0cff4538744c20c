import assert from "assert";
import {
  serviceProblems,
  serviceRoutes,
} from "../../../../../lib/planes/envoy/config/service_routes.ts";
import { endpointAt, listenerWith, specWith } from "../../../../fakes/specs.ts";

Deno.test("serviceRoutes() carries bytes to the endpoints of each address", () => {
  const v6 = listenerWith({
    address: "fc00::1",
    family: "IPv6",
    endpoints: [endpointAt("fd00::2")],
  });
  const spec = serviceRoutes(specWith({ listeners: [v6, listenerWith()] }));
  assert.deepEqual(spec.ports.map(({ addresses }) => addresses), [["172.18.255.1"], ["fc00::1"]]);
  assert.deepEqual(spec.backends.map(({ endpoints }) => endpoints[0]?.address), [
    "10.244.1.2",
    "fd00::2",
  ]);
});

Deno.test("serviceRoutes() keeps source ranges and affinity, for TCP and UDP", () => {
  const part = { sourceRanges: ["10.0.0.0/8"], affinity: "client-ip" } as const;
  const listeners = [listenerWith(part), listenerWith({ ...part, protocol: "UDP" })];
  const { ports, backends } = serviceRoutes(specWith({ listeners }));
  assert.deepEqual(ports.map(({ protocol, sourceRanges }) => [protocol, sourceRanges]), [
    ["TCP", ["10.0.0.0/8"]],
    ["UDP", ["10.0.0.0/8"]],
  ]);
  assert.deepEqual(backends.map(({ affinity }) => affinity), ["client-ip", "client-ip"]);
});

Deno.test("serviceRoutes() tells TCP backends who the client is", () => {
  const listeners = [listenerWith(), listenerWith({ protocol: "UDP" })];
  const { backends } = serviceRoutes(specWith({ listeners }), { proxyProtocol: "v2" });
  assert.deepEqual(backends.map(({ proxyProtocol }) => proxyProtocol), ["v2", undefined]);
});

Deno.test("serviceRoutes() leaves out what nobody may use or nobody answers", () => {
  const listeners = [
    listenerWith({ closed: true }),
    listenerWith({ endpoints: [] }),
    listenerWith({ protocol: "SCTP" }),
  ];
  assert.deepEqual(serviceRoutes(specWith({ listeners })).ports, []);
});

Deno.test("serviceProblems() says that there is no SCTP", () => {
  const listeners = [listenerWith({ protocol: "SCTP", port: 7 }), listenerWith()];
  assert.deepEqual(serviceProblems(specWith({ listeners })), [
    { port: 7, message: "Envoy has no SCTP: choose the kernel plane for port 7" },
  ]);
});
