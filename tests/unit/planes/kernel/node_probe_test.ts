import assert from "assert";
import { probeCommand, readProbe } from "../../../../lib/planes/kernel/node_probe.ts";

const ADDRESSES = JSON.stringify([{
  ifname: "eth0",
  address: "02:42:ac:12:00:02",
  addr_info: [
    { family: "inet", local: "172.18.255.1", prefixlen: 32, scope: "global" },
    { family: "inet", local: "172.18.0.2", prefixlen: 16, scope: "global" },
    { family: "inet6", local: "fc00::2", prefixlen: 64, scope: "global" },
    { family: "inet6", local: "fc00::ff:1", prefixlen: 128, scope: "global" },
    { family: "inet6", local: "fe80::1", prefixlen: 64, scope: "link" },
  ],
}]);

Deno.test("readProbe() reads device, addresses and tables", () => {
  const lines = ["device eth0", `addresses ${ADDRESSES}`, "forwards yes", "table {}", "table {1}"];
  assert.deepEqual(readProbe(lines), {
    device: "eth0",
    mac: "02:42:ac:12:00:02",
    ipv4: "172.18.0.2",
    ipv6: "fc00::2",
    singles: ["172.18.255.1", "fc00::ff:1"],
    forwards: true,
    tables: ["{}", "{1}"],
  });
});

Deno.test("readProbe() leaves out what a node has not", () => {
  assert.deepEqual(readProbe(["device eth0", "addresses []"]), {
    device: "eth0",
    singles: [],
    forwards: false,
    tables: [],
  });
});

Deno.test("readProbe() names the remedy when it cannot serve", () => {
  const cases = {
    "missing nft": /^there is no `nft` command: install it there, or choose/,
    "missing ip": /^there is no `ip` command/,
    "refused Operation not permitted":
      /^it refuses nftables: Operation not permitted: load nf_tables and give it/,
    "device ": /^it has no route: connect it to a network/,
  };
  for (const [line, message] of Object.entries(cases)) {
    assert.throws(() => readProbe([line]), { kind: "invalid", message });
  }
});

async function bashReads(script: string): Promise<string | undefined> {
  const command = new Deno.Command("bash", { args: ["-n", "-c", script], stderr: "piped" });
  return await command.output()
    .then(({ stderr }) => new TextDecoder().decode(stderr), () => undefined);
}

Deno.test({
  name: "probeCommand() is a script that bash can read",
  ignore: await bashReads("true") === undefined,
  async fn() {
    assert.notEqual(await bashReads("if"), "");
    assert.equal(await bashReads(probeCommand()), "");
  },
});
