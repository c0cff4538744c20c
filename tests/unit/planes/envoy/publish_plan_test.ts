import assert from "assert";
import {
  forwardSpec,
  hostPortsTaken,
  portsText,
  portsToPublish,
  publishedPorts,
  publishPlans,
} from "../../../../lib/planes/envoy/publish_plan.ts";
import type { RouteSpec } from "../../../../lib/proxy/types.ts";
import { routeSpec } from "../../../fakes/http_route_spec.ts";

const tcp = { protocol: "TCP", port: 80, address: "10.0.0.1" } as const;
const udp = { protocol: "UDP", port: 53, address: "10.0.0.2" } as const;

Deno.test("portsToPublish() takes each port once, on its first address", () => {
  const spec: RouteSpec = {
    ...routeSpec("k"),
    addresses: ["10.0.0.1", "10.0.0.2"],
    ports: [
      { protocol: "TCP", port: 80, sourceRanges: [], chains: [] },
      { protocol: "TCP", port: 80, addresses: ["10.0.0.2"], sourceRanges: [], chains: [] },
      {
        ...{ protocol: "UDP", port: 53, addresses: ["10.0.0.2"], sourceRanges: [] },
        ...{ affinity: "none", split: [] },
      },
    ],
  };
  assert.deepEqual(portsToPublish(spec), [tcp, udp]);
  assert.equal(portsText([tcp, udp]), "80/tcp,53/udp");
});

Deno.test("publishPlans() keeps the port where the host has it free", () => {
  const container = {
    ...{ id: "1", name: "a", labels: {}, networks: {}, running: true },
    ports: { "8080/tcp": { address: "0.0.0.0", port: 80 } },
  };
  const taken = hostPortsTaken([container, { ...container, running: false, ports: {} }]);
  assert.deepEqual([...taken], ["80/tcp"]);
  assert.deepEqual(publishPlans([tcp, udp], (name) => !taken.has(name)), [
    { port: 80, protocol: "tcp", hostAddress: "0.0.0.0" },
    { port: 53, protocol: "udp", hostAddress: "0.0.0.0", hostPort: 53 },
  ]);
});

Deno.test("publishedPorts() tells where the engine put them", () => {
  const ports = { "80/tcp": { address: "0.0.0.0", port: 32_768 } };
  assert.deepEqual(publishedPorts([tcp, udp], { ports }), [
    { port: 80, protocol: "TCP", hostAddress: "0.0.0.0", hostPort: 32_768 },
  ]);
});

Deno.test("forwardSpec() leads every port to the address that serves it", () => {
  const spec = forwardSpec("k", [tcp, udp]);
  assert.deepEqual(spec.backends.map(({ name, endpoints }) => [name, endpoints[0]?.address]), [
    ["tcp 80", "10.0.0.1"],
    ["udp 53", "10.0.0.2"],
  ]);
  assert.deepEqual(spec.ports.map(({ protocol, port }) => `${protocol} ${port}`), [
    "TCP 80",
    "UDP 53",
  ]);
});
