import assert from "assert";
import { summarize } from "../../../../lib/planes/envoy/config_summary.ts";

// what a real Envoy tells is summarized in tests/contract/envoy_loads_test.ts

const at = (address: string, port: number, protocol?: string) => ({
  socket_address: { address, port_value: port, ...(protocol === undefined ? {} : { protocol }) },
});

function listener(address: object, fields: object): object {
  return { name: "x", active_state: { listener: { address, ...fields } } };
}

function dump(...configs: readonly object[]): unknown {
  return { configs };
}

Deno.test("summarize() leads each port to its backends, by host", () => {
  const rds = (name: string) => [{ typed_config: { rds: { route_config_name: name } } }];
  const tcp = (config: object) => [{ typed_config: config }];
  const chains = [
    { filter_chain_match: { server_names: ["a.b"] }, transport_socket: {}, filters: rds("web") },
    { filter_chain_match: { server_names: ["c.d"] }, filters: tcp({ cluster: "db" }) },
    { transport_socket: {}, filters: tcp({ cluster: "berth-missing" }) },
  ];
  const hosts = [
    { domains: ["*"], routes: [{ route: { cluster: "x" } }, { route: { cluster: "x" } }] },
    {
      domains: ["e.f", "g.h"],
      routes: [{
        route: {
          weighted_clusters: { clusters: [{ name: "z", weight: 1 }, { name: "y", weight: 2 }] },
          request_mirror_policies: [{ cluster: "copy" }],
        },
      }],
    },
    { domains: ["i.j"] },
  ];
  const udp = [{ typed_config: { matcher: { action: { typed_config: { cluster: "dns" } } } } }];
  const { listeners } = summarize(dump(
    {
      dynamic_listeners: [
        listener(at("10.0.0.1", 443), { filter_chains: chains }),
        listener(at("fd00::1", 53, "UDP"), { listener_filters: udp }),
        { name: "going", draining_state: {} },
      ],
    },
    { dynamic_route_configs: [{ route_config: { name: "web", virtual_hosts: hosts } }] },
  ));
  assert.deepEqual(listeners, [
    {
      ...{ address: "10.0.0.1", port: 443, protocol: "TCP" },
      serves: [
        { what: "HTTPS", hosts: ["a.b"], backends: ["x"] },
        { what: "HTTPS", hosts: ["e.f", "g.h"], backends: ["copy", "y", "z"] },
        { what: "HTTPS", hosts: ["i.j"], backends: [] },
        { what: "TLS passthrough", hosts: ["c.d"], backends: ["db"] },
        { what: "TLS", hosts: [], backends: [] },
      ],
    },
    {
      ...{ address: "fd00::1", port: 53, protocol: "UDP" },
      serves: [{ what: "UDP", hosts: [], backends: ["dns"] }],
    },
  ]);
});

Deno.test("summarize() leads each backend to its endpoints, and leaves the placeholder out", () => {
  const endpoint = (address: string, port: number, health_status?: string) => ({
    endpoint: { address: at(address, port) },
    ...(health_status === undefined ? {} : { health_status }),
  });
  const { backends } = summarize(dump(
    {
      dynamic_active_clusters: [{ cluster: { name: "b" } }, { cluster: { name: "a" } }],
      dynamic_warming_clusters: [{ cluster: { name: "b" } }],
    },
    {
      dynamic_endpoint_configs: [{
        endpoint_config: {
          cluster_name: "a",
          endpoints: [
            { lb_endpoints: [endpoint("10.0.0.1", 80, "HEALTHY"), endpoint("fd00::1", 81)] },
            { lb_endpoints: [endpoint("127.0.0.1", 9, "HEALTHY")] },
            {},
          ],
        },
      }],
    },
  ));
  assert.deepEqual(backends, [
    {
      name: "a",
      endpoints: [
        { address: "10.0.0.1:80", health: "healthy" },
        { address: "[fd00::1]:81", health: "unknown" },
      ],
    },
    { name: "b", endpoints: [] },
  ]);
});

Deno.test("summarize() tells what was refused, and refuses what is no config dump", () => {
  const state = { details: "bad", last_update_attempt: "2026-01-02T03:04:05Z" };
  const refused = dump({ dynamic_listeners: [{ name: "tcp-80-x", error_state: state }] });
  assert.deepEqual(summarize(refused), {
    listeners: [],
    backends: [],
    refused: [{ name: "tcp-80-x", message: "bad", at: "2026-01-02T03:04:05Z" }],
  });
  for (
    const value of [undefined, {}, { configs: [{ dynamic_listeners: [{ active_state: {} }] }] }]
  ) {
    assert.throws(() => summarize(value), { kind: "internal", message: /use --output json$/ });
  }
});

Deno.test("summarize() leaves out the hosts that a listener turns away", () => {
  const filters = [{ typed_config: { rds: { route_config_name: "web" } } }];
  const chain = { filter_chain_match: { server_names: ["a.b"] }, transport_socket: {}, filters };
  const hosts = [
    { domains: ["a.b"], routes: [{ route: { cluster: "x" } }] },
    { domains: ["*", "c.d"], routes: [{ direct_response: { status: 421 } }] },
  ];
  const { listeners: [one] } = summarize(dump(
    { dynamic_listeners: [listener(at("10.0.0.1", 443), { filter_chains: [chain] })] },
    { dynamic_route_configs: [{ route_config: { name: "web", virtual_hosts: hosts } }] },
  ));
  assert.deepEqual(one?.serves, [{ what: "HTTPS", hosts: ["a.b"], backends: ["x"] }]);
});
