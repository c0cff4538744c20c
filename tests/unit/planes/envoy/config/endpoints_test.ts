import assert from "assert";
import {
  backendEndpoints,
  splitEndpoints,
} from "../../../../../lib/planes/envoy/config/endpoints.ts";
import { backendWith, shareOf } from "../../../../fakes/route_parts.ts";
import type { Share } from "../../../../../lib/proxy/types.ts";

Deno.test("backendEndpoints() lists addresses and ports, and leaves out what is none", () => {
  const endpoints = [
    { address: "10.244.1.2", port: 80 },
    { address: "fd00::2", port: 81 },
    { address: "web.example", port: 80 },
    { address: "10.244.1.3", port: 0 },
  ];
  assert.deepEqual(localities(backendEndpoints(backendWith({ endpoints }))), [
    { weight: undefined, ports: [80, 81] },
  ]);
  assert.deepEqual(localities(backendEndpoints(backendWith({ endpoints: [] }))), []);
});

const backends = new Map([
  ["a", backendWith({ name: "a", endpoints: [{ address: "10.244.1.2", port: 1 }] })],
  ["b", backendWith({ name: "b", endpoints: [{ address: "10.244.1.3", port: 2 }] })],
  ["empty", backendWith({ name: "empty", endpoints: [] })],
]);

const splits: readonly { split: readonly Share[]; found: unknown }[] = [
  {
    split: [shareOf("a", { weight: 7 }), shareOf("b", { weight: 3 }), shareOf("b", { weight: 0 })],
    found: [{ weight: 7, ports: [1] }, { weight: 3, ports: [2] }],
  },
  { split: [shareOf("a"), shareOf("empty")], found: [{ weight: 1, ports: [1] }, nowhere()] },
  {
    split: [shareOf("a"), { weight: 1, to: { status: 500 } }],
    found: [{ weight: 1, ports: [1] }, nowhere()],
  },
  { split: [shareOf("empty")], found: [] },
  { split: [], found: [] },
];

for (const { split, found } of splits) {
  Deno.test(`splitEndpoints() weighs ${JSON.stringify(split)}`, () => {
    assert.deepEqual(localities(splitEndpoints("udp", split, backends)), found);
  });
}

function nowhere() {
  return { weight: 1, ports: [9] };
}

function localities(assignment: unknown) {
  const { endpoints } = JSON.parse(JSON.stringify(assignment));
  return endpoints.map((one: {
    load_balancing_weight?: number;
    lb_endpoints: { endpoint: { address: { socket_address: { port_value: number } } } }[];
  }) => ({
    weight: one.load_balancing_weight,
    ports: one.lb_endpoints.map(({ endpoint }) => endpoint.address.socket_address.port_value),
  }));
}
