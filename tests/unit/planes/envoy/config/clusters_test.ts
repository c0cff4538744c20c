import assert from "assert";
import { backendCluster, udpCluster } from "../../../../../lib/planes/envoy/config/clusters.ts";
import { backendWith } from "../../../../fakes/route_parts.ts";
import type { Backend } from "../../../../../lib/proxy/types.ts";

const options = {
  endpoints: { path: "eds" },
  hashed: false,
  source: () => ({ path: "p" }),
  systemAuthority: "/ca",
};
const tls = { hostname: "b.example", names: [], authority: "system" };

const protocols: readonly { part: Partial<Backend>; option: string | undefined }[] = [
  { part: { protocol: "http1" }, option: "explicit_http_config http_protocol_options" },
  { part: { protocol: "h2" }, option: "explicit_http_config http2_protocol_options" },
  {
    part: { protocol: "auto" },
    option: "use_downstream_protocol_config http_protocol_options http2_protocol_options",
  },
  {
    part: { protocol: "auto", tls },
    option: "auto_config http_protocol_options http2_protocol_options",
  },
  { part: { protocol: "tcp" }, option: undefined },
];

for (const { part, option } of protocols) {
  Deno.test(`backendCluster() speaks ${JSON.stringify(part)}`, () => {
    const cluster = JSON.parse(JSON.stringify(backendCluster(backendWith(part), options)));
    const [found] = Object.values(cluster.typed_extension_protocol_options ?? {});
    if (option === undefined) return assert.equal(found, undefined);
    const [name = "", ...keys] = option.split(" ");
    assert.deepEqual(Object.keys((found as Record<string, object>)[name] ?? {}), keys);
  });
}

Deno.test("backendCluster() chooses in turn, or by hash", () => {
  assert.equal(backendCluster(backendWith(), options).lb_policy, "ROUND_ROBIN");
  assert.equal(backendCluster(backendWith(), { ...options, hashed: true }).lb_policy, "MAGLEV");
});

Deno.test("backendCluster() has TLS where the backend has", () => {
  assert.equal(backendCluster(backendWith(), options).transport_socket, undefined);
  assert.notEqual(backendCluster(backendWith({ tls }), options).transport_socket, undefined);
});

Deno.test("backendCluster() weighs the parts of a split", () => {
  const cluster = backendCluster(backendWith(), { ...options, weighted: true });
  assert.match(JSON.stringify(cluster), /locality_weighted_lb_config/);
});

Deno.test("udpCluster() weighs localities", () => {
  const { common_lb_config } = udpCluster("udp", options);
  assert.deepEqual(common_lb_config, {
    healthy_panic_threshold: { value: 0 },
    locality_weighted_lb_config: {},
  });
});
