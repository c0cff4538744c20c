import assert from "assert";
import { confText } from "../../../lib/keepalived/conf_text.ts";
import type { Vip } from "../../../lib/keepalived/conf_types.ts";
import { virtualServerBlock, virtualServers } from "../../../lib/keepalived/virtual_servers.ts";
import type { Service } from "../../../lib/kube/types.ts";
import { endpoint, endpointSlice, lbService } from "../../fakes/kube_objects.ts";

const vip = (method: "NAT" | "DR" | "PROXY"): Vip => ({
  address: "10.0.0.1",
  family: "IPv4",
  service: "ns/web",
  method,
});
const known = (service: Service, slices = [endpointSlice()]) => (key: string) =>
  key === "ns/web" ? { service, slices } : undefined;

Deno.test("KKV-nat: virtualServers() has the ready endpoints of each port", () => {
  const endpoints = [
    endpoint("10.244.1.3"),
    endpoint("10.244.1.2"),
    endpoint("10.244.1.4", "a", { ready: false }),
  ];
  const { servers, problems } = virtualServers(
    [vip("NAT")],
    known(lbService(), [endpointSlice({ endpoints })]),
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(servers, [{
    address: "10.0.0.1",
    port: 80,
    protocol: "TCP",
    method: "NAT",
    backends: [{ address: "10.244.1.2", port: 8080 }, { address: "10.244.1.3", port: 8080 }],
  }]);
});

Deno.test("KKV-no-endpoints: a port without ready endpoints is left out and told", () => {
  const { servers, problems } = virtualServers([vip("NAT")], known(lbService(), []));
  assert.deepEqual(servers, []);
  assert.deepEqual(problems, [
    "Service ns/web, port 80: no ready endpoint of the address's family",
  ]);
});

Deno.test("KKV-dr-port: DR cannot change ports, keepalived would refuse the file", () => {
  assert.match(
    virtualServers([vip("DR")], known(lbService())).problems[0] ?? "",
    /port 80: method DR cannot change the port to 8080: use NAT/,
  );
  const service = lbService({ spec: { ports: [{ name: "http", port: 8080, targetPort: 8080 }] } });
  assert.equal(virtualServers([vip("DR")], known(service)).servers[0]?.method, "DR");
});

Deno.test("KKV-proxy: method PROXY has an address and no virtual server", () => {
  const { servers, problems } = virtualServers([vip("PROXY")], known(lbService()));
  assert.deepEqual(servers, []);
  assert.match(problems[0] ?? "", /needs a proxy/);
});

Deno.test("KKV-unknown: unknown Services and addresses alone have none, without a word", () => {
  const alone: Vip = { address: "10.0.0.2", family: "IPv4" };
  const other: Vip = { ...vip("NAT"), service: "ns/other" };
  assert.deepEqual(virtualServers([alone, other], known(lbService())), {
    servers: [],
    problems: [],
  });
});

Deno.test("KKV-local: endpoints on all nodes serve, whatever the traffic policy", () => {
  const service = lbService({ spec: { externalTrafficPolicy: "Local" } });
  const slices = [endpointSlice({ endpoints: [endpoint("10.244.1.2", "a")] })];
  assert.equal(virtualServers([vip("NAT")], known(service, slices)).servers.length, 1);
});

const server = {
  address: "10.0.0.1",
  port: 80,
  method: "NAT" as const,
  backends: [{ address: "10.244.1.2", port: 8080 }],
};

Deno.test("KKV-virtual-server: virtualServerBlock() has the values of the peer", () => {
  assert.equal(
    confText([virtualServerBlock({ ...server, protocol: "TCP" })]),
    `virtual_server 10.0.0.1 80 {
  delay_loop 5
  lvs_sched wlc
  lvs_method NAT
  persistence_timeout 1800
  protocol TCP
  real_server 10.244.1.2 8080 {
    weight 1
    TCP_CHECK {
      connect_port 8080
      connect_timeout 3
    }
  }
}
`,
  );
});

Deno.test("KKV-udp-check: a UDP backend is not checked over TCP, as the peer does", () => {
  const text = confText([virtualServerBlock({ ...server, protocol: "UDP" })]);
  assert.match(text, /protocol UDP/);
  assert.doesNotMatch(text, /TCP_CHECK/);
});
