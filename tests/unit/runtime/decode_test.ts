import assert from "assert";
import { errorKind } from "../../../lib/core/mod.ts";
import {
  decodeContainerList,
  decodeEvent,
  decodeNetwork,
  decodeVersion,
  FOLLOWED_ACTIONS,
  toContainer,
  toNetwork,
  usedAddresses,
} from "../../../lib/runtime/decode.ts";

const LISTED = {
  Id: "abc",
  Names: ["/kind-control-plane"],
  Labels: { role: "x" },
  State: "running",
  Ports: [
    { IP: "::", PrivatePort: 6443, PublicPort: 40000, Type: "tcp" },
    { IP: "0.0.0.0", PrivatePort: 6443, PublicPort: 40001, Type: "tcp" },
    { PrivatePort: 80, Type: "tcp" },
  ],
  NetworkSettings: {
    Networks: {
      kind: { IPAddress: "172.18.0.2", GlobalIPv6Address: "fc00::2", IPAMConfig: null },
      other: { IPAddress: "", GlobalIPv6Address: "" },
    },
  },
};

Deno.test("toContainer() keeps addresses, labels and published ports", () => {
  const [listed] = decodeContainerList([LISTED]);
  assert.ok(listed);
  assert.deepEqual(toContainer(listed), {
    id: "abc",
    name: "kind-control-plane",
    labels: { role: "x" },
    running: true,
    networks: { kind: { ipv4: "172.18.0.2", ipv6: "fc00::2" }, other: {} },
    ports: { "6443/tcp": { address: "0.0.0.0", port: 40001 } },
  });
});

Deno.test("toContainer() takes only a running container for running", () => {
  for (const state of ["created", "paused", "restarting", "exited", "dead", "removing"]) {
    const [listed] = decodeContainerList([{ ...LISTED, State: state }]);
    assert.equal(listed && toContainer(listed).running, false, state);
  }
});

Deno.test("decodeContainerList() refuses anything but a whole list", () => {
  const rows: readonly unknown[] = [
    null,
    undefined,
    {},
    "[",
    new Uint8Array([91]),
    [null],
    [LISTED, { ...LISTED, Id: undefined }],
    [{ ...LISTED, State: 1 }],
  ];
  for (const row of rows) {
    assert.throws(() => decodeContainerList(row), (error) => errorKind(error) === "unavailable");
  }
});

const NETWORK = {
  Id: "n1",
  Name: "kind",
  IPAM: {
    Config: [
      { Subnet: "172.18.0.0/16", IPRange: "172.18.0.0/24", Gateway: "172.18.0.1" },
      { Subnet: "fc00::/64", Gateway: "fc00::1/64", AuxiliaryAddresses: { router: "fc00::9" } },
    ],
  },
  Containers: { a: { IPv4Address: "172.18.0.2/16", IPv6Address: "" } },
};

Deno.test("toNetwork() keeps subnets, ranges and bare gateways", () => {
  assert.deepEqual(toNetwork(decodeNetwork(NETWORK)), {
    id: "n1",
    name: "kind",
    subnets: ["172.18.0.0/16", "fc00::/64"],
    ranges: ["172.18.0.0/24"],
    gateways: ["172.18.0.1", "fc00::1"],
  });
});

Deno.test("toNetwork() bears a network without address management", () => {
  const none = decodeNetwork({ Id: "h", Name: "host", IPAM: { Config: null }, Containers: null });
  assert.deepEqual(toNetwork(none).subnets, []);
});

Deno.test("usedAddresses() counts attached, reserved and fixed addresses once", () => {
  const stopped = {
    ...LISTED,
    State: "exited",
    NetworkSettings: {
      Networks: {
        kind: { IPAddress: "", IPAMConfig: { IPv4Address: "172.18.0.50" } },
        other: { IPAddress: "10.0.0.1" },
      },
    },
  };
  const listed = decodeContainerList([LISTED, stopped]);
  assert.deepEqual(usedAddresses(decodeNetwork(NETWORK), listed), [
    "172.18.0.1",
    "172.18.0.2",
    "172.18.0.50",
    "fc00::1",
    "fc00::2",
    "fc00::9",
  ]);
});

Deno.test("decodeEvent() follows containers and network attachments only", () => {
  const Attributes = { name: "n", image: "i", exitCode: "0", label: "l" };
  const container = { kind: "container", id: "c", name: "n", labels: { label: "l" } };
  const rows: readonly [string, string, unknown][] = [
    ["container", "create", { ...container, action: "create" }],
    ["container", "start", { ...container, action: "start" }],
    ["container", "die", { ...container, action: "die" }],
    ["container", "died", { ...container, action: "die" }],
    ["container", "destroy", { ...container, action: "destroy" }],
    ["container", "remove", { ...container, action: "destroy" }],
    ["container", "exec_start: bash", undefined],
    ["container", "toString", undefined],
    ["network", "create", undefined],
    ["image", "pull", undefined],
  ];
  for (const [Type, Action, expected] of rows) {
    assert.deepEqual(decodeEvent({ Type, Action, Actor: { ID: "c", Attributes } }), expected);
  }
  const Actor = { ID: "n1", Attributes: { name: "kind", container: "c", type: "bridge" } };
  const expected = { kind: "network", action: "connect", network: "kind", container: "c" };
  assert.deepEqual(decodeEvent({ Type: "network", Action: "connect", Actor }), expected);
});

Deno.test("FOLLOWED_ACTIONS asks the engine for every action that is followed", () => {
  const wanted = ["create", "start", "die", "destroy", "connect", "disconnect"];
  assert.deepEqual(wanted.filter((action) => !FOLLOWED_ACTIONS.includes(action)), []);
});

Deno.test("decodeVersion() tells Podman from Docker", () => {
  const engine = (Name: string) => decodeVersion({ Version: "5.1", Components: [{ Name }] });
  assert.deepEqual(engine("Podman Engine"), { kind: "podman", version: "5.1" });
  assert.deepEqual(engine("Engine"), { kind: "docker", version: "5.1" });
  assert.equal(decodeVersion({ Version: "1" }).kind, "docker");
  const desktop = { Version: "28", Platform: { Name: "Docker Desktop 4.40.0 (187762)" } };
  assert.equal(decodeVersion(desktop).inMachine, true);
  assert.equal(decodeVersion({ Version: "28", Platform: { Name: "" } }).inMachine, undefined);
  assert.throws(() => decodeVersion("<html>"));
});
