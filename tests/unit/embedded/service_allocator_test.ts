import assert from "assert";
import fc from "fast-check";
import { parseNetwork } from "../../../lib/embedded/ip_address.ts";
import { ServiceAllocator } from "../../../lib/embedded/service_allocator.ts";
import type { ServiceSpec } from "../../../lib/embedded/service_types.ts";
import type { Change, KubeObject } from "../../../lib/embedded/types.ts";
import { refusal } from "../../fakes/registry_bed.ts";

function allocator(nodePorts: readonly [number, number] = [30_000, 30_003]): ServiceAllocator {
  const networks = ["10.0.0.0/28", "fd00::/120"].map(parseNetwork).filter((n) => n !== undefined);
  return new ServiceAllocator({ networks, nodePorts });
}

function change(type: Change["type"], spec: ServiceSpec, previous?: ServiceSpec): Change {
  const object = (s: ServiceSpec): KubeObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "a" },
    spec: s,
  });
  return {
    version: 1,
    type,
    key: "n/a",
    object: object(spec),
    ...(previous && { previous: object(previous) }),
  };
}

const DUAL: ServiceSpec = { type: "ClusterIP", ipFamilies: ["IPv4", "IPv6"] };

Deno.test("allocate() gives an address of each family and keeps what is there", () => {
  const pool = allocator();
  const first = pool.allocate(DUAL, "a");
  assert.equal(first.clusterIPs?.length, 2);
  assert.equal(first.clusterIP, first.clusterIPs?.[0]);
  assert.deepEqual(pool.families, ["IPv4", "IPv6"]);
  pool.observe(change("ADDED", first));
  assert.deepEqual(pool.allocate(first, "a", first).clusterIPs, first.clusterIPs);
});

Deno.test("addresses and ports of stored Services are never given out twice, and come back", () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (steps) => {
    const pool = allocator([30_000, 30_009]);
    const stored: ServiceSpec[] = [];
    for (const create of steps) {
      const spec: ServiceSpec = {
        type: "NodePort",
        ipFamilies: ["IPv4"],
        ports: [{ port: 80, protocol: "TCP" }],
      };
      if (create && stored.length < 9) {
        const made = pool.allocate(spec, "a");
        assert.ok(!stored.some((other) => other.clusterIP === made.clusterIP));
        assert.ok(
          !stored.some((other) => other.ports?.[0]?.nodePort === made.ports?.[0]?.nodePort),
        );
        stored.push(made);
        pool.observe(change("ADDED", made));
      } else if (stored.length > 0) {
        const [gone = spec] = stored.splice(0, 1);
        pool.observe(change("DELETED", gone, gone));
      }
    }
  }));
});

Deno.test("allocate() refuses what is taken, out of range or exhausted", () => {
  const pool = allocator([30_000, 30_000]);
  const spec: ServiceSpec = { type: "NodePort", ipFamilies: ["IPv4"], ports: [{ port: 80 }] };
  const made = pool.allocate(spec, "a");
  pool.observe(change("ADDED", made));
  const ip = (clusterIP: string) => ({
    type: "ClusterIP",
    ipFamilies: ["IPv4"],
    clusterIP,
    clusterIPs: [clusterIP],
  });
  assert.match(refusal(() => pool.allocate(ip(made.clusterIP ?? ""), "b")), /already allocated/);
  assert.match(
    refusal(() => pool.allocate(ip("10.9.9.9"), "b")),
    /does not match the current range/,
  );
  assert.match(refusal(() => pool.allocate(spec, "b")), /^500 .*range is full/);
  const port = (nodePort: number) => ({ ...spec, ports: [{ port: 80, nodePort }] });
  assert.match(refusal(() => pool.allocate(port(30_000), "b")), /port is already allocated/);
  assert.match(refusal(() => pool.allocate(port(99), "b")), /not in the valid range/);
});

Deno.test("allocate() shares a node port between protocols and gives a health check port", () => {
  const ports = [
    { name: "t", port: 53, protocol: "TCP" },
    { name: "u", port: 53, protocol: "UDP" },
    { name: "x", port: 54, protocol: "TCP" },
  ];
  const spec = allocator().allocate({
    type: "LoadBalancer",
    externalTrafficPolicy: "Local",
    ipFamilies: ["IPv4"],
    ports,
  }, "a");
  const [tcp, udp, other] = spec.ports ?? [];
  assert.equal(tcp?.nodePort, udp?.nodePort);
  assert.notEqual(tcp?.nodePort, other?.nodePort);
  assert.ok(![tcp?.nodePort, other?.nodePort].includes(spec.healthCheckNodePort));
});

Deno.test("allocate() gives a port the number that its twin asks for", () => {
  const ports = [{ name: "t", port: 53, protocol: "TCP" }, {
    name: "u",
    port: 53,
    protocol: "UDP",
    nodePort: 30_002,
  }];
  const spec = allocator().allocate({ type: "NodePort", ipFamilies: ["IPv4"], ports }, "a");
  assert.deepEqual(spec.ports?.map((port) => port.nodePort), [30_002, 30_002]);
});

Deno.test("allocate() leaves headless and named Services alone", () => {
  const headless: ServiceSpec = {
    type: "ClusterIP",
    clusterIP: "None",
    clusterIPs: ["None"],
    ipFamilies: ["IPv4"],
  };
  assert.deepEqual(allocator().allocate(headless, "a"), headless);
  assert.deepEqual(allocator().allocate({ type: "ExternalName" }, "a"), { type: "ExternalName" });
});
