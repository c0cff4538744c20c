import assert from "assert";
import { containerBody, volumeBody } from "../../../lib/runtime/container_body.ts";
import type { ContainerPlan } from "../../../lib/runtime/types.ts";

const plan: ContainerPlan = {
  name: "proxy",
  image: "img:1",
  labels: { a: "b" },
  command: ["/run", "-x"],
  user: "101:101",
  network: { kind: "joined", container: "edge" },
};

Deno.test("containerBody() gives no right that is not asked for", () => {
  const { HostConfig, ...body } = containerBody(plan) as { HostConfig: Record<string, unknown> };
  assert.deepEqual(body, {
    Image: "img:1",
    Labels: { a: "b" },
    Entrypoint: ["/run", "-x"],
    Cmd: [],
    User: "101:101",
    ExposedPorts: {},
  });
  const { CapDrop, CapAdd, SecurityOpt, ReadonlyRootfs, NetworkMode, RestartPolicy } = HostConfig;
  assert.deepEqual(
    { CapDrop, CapAdd, SecurityOpt, ReadonlyRootfs, NetworkMode, RestartPolicy },
    {
      CapDrop: ["ALL"],
      CapAdd: [],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      NetworkMode: "container:edge",
      RestartPolicy: { Name: "no" },
    },
  );
  assert.ok(!("Memory" in HostConfig));
});

Deno.test("containerBody() pins the hardware address for old engines and new ones", () => {
  const mac = "02:be:00:00:00:01";
  const body = containerBody({ ...plan, network: { kind: "own", name: "kind", mac } });
  assert.equal(body.MacAddress, mac);
  assert.deepEqual(body.NetworkingConfig, { EndpointsConfig: { kind: { MacAddress: mac } } });
});

Deno.test("containerBody() publishes ports, mounts and limits memory", () => {
  const { ExposedPorts, HostConfig } = containerBody({
    ...plan,
    capabilities: ["NET_ADMIN"],
    memoryBytes: 1024,
    restartsOnFailure: true,
    mounts: [{ kind: "bind", source: "/a", target: "/b", readOnly: true }],
    publish: [{ port: 53, protocol: "udp" }, { port: 80, protocol: "tcp", hostPort: 8080 }],
  }) as { ExposedPorts: unknown; HostConfig: Record<string, unknown> };
  assert.deepEqual(ExposedPorts, { "53/udp": {}, "80/tcp": {} });
  assert.deepEqual(HostConfig.PortBindings, {
    "53/udp": [{ HostIp: "", HostPort: "" }],
    "80/tcp": [{ HostIp: "", HostPort: "8080" }],
  });
  assert.deepEqual(HostConfig.Mounts, [
    { Type: "bind", Source: "/a", Target: "/b", ReadOnly: true },
  ]);
  const { Memory, MemorySwap, CapAdd, RestartPolicy } = HostConfig;
  assert.deepEqual({ Memory, MemorySwap, CapAdd, RestartPolicy }, {
    Memory: 1024,
    MemorySwap: 1024,
    CapAdd: ["NET_ADMIN"],
    RestartPolicy: { Name: "on-failure" },
  });
});

Deno.test("volumeBody() keeps a volume in memory when asked to", () => {
  const { DriverOpts } = volumeBody({ name: "v", labels: {}, memoryBytes: 4096 });
  assert.deepEqual(DriverOpts, {
    type: "tmpfs",
    device: "tmpfs",
    o: "size=4096,mode=0711,nosuid,nodev,noexec",
  });
  assert.deepEqual(volumeBody({ name: "v", labels: {} }).DriverOpts, {});
});
