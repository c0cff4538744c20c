/** The fake node must answer as a real one does: the same blocks, the same outcome, the same probe. */
import assert from "assert";
import { NODE_SHELL, NodeAgent } from "../../../lib/planes/agent/node_agent.ts";
import type { Step } from "../../../lib/planes/agent/agent_protocol.ts";
import { baseTables, deleteTables } from "../../../lib/planes/kernel/base_tables.ts";
import { probeCommand, readProbe } from "../../../lib/planes/kernel/node_probe.ts";
import { recover } from "../../../lib/planes/kernel/recover.ts";
import { createEngine } from "../../../lib/runtime/mod.ts";
import { FakeNode } from "../../fakes/fake_node.ts";
import { ENGINE_SOCKET, missingForPlaneTests, PlaneBed } from "./plane_bed.ts";

const missing = await missingForPlaneTests();
const ID = "kind/default/web/172.18.255.1/tcp/80";
const KEY = "172.18.255.1 . tcp . 80";
const GOLDEN = new URL("../../testdata/planes/kernel/", import.meta.url);

/** Blocks of steps in turn; `true` when the block must succeed. */
const BLOCKS: readonly (readonly [boolean, readonly Step[]])[] = [
  [true, [nft(baseTables({ device: "eth0", forwards: true, peers: [] }))]],
  [true, [nft(baseTables({ device: "eth0", forwards: true, peers: [] }))]],
  [true, [
    nft(
      `add chain inet berth serve/${ID}`,
      `add rule inet berth serve/${ID} meta l4proto tcp dnat ip to jhash ip saddr . tcp sport mod 2 ` +
        "seed 0xbe57 map { 0 : 10.0.0.1 . 80, 1 : 10.0.0.2 . 80 }",
      `add element inet berth serve4 { ${KEY} : goto serve/${ID} }`,
      `add element inet berth guard4 { ${KEY} : accept }`,
      "add element inet berth addresses4 { 172.18.255.1 }",
    ),
    { verb: "add", text: "172.18.255.1 eth0\nfc00::ff:1 eth0\n" },
    { verb: "announce", text: "eth0 172.18.255.1 fc00::ff:1" },
  ]],
  // the same again, and addresses that are there already
  [true, [nft(`add element inet berth serve4 { ${KEY} : goto serve/${ID} }`)]],
  [true, [{ verb: "add", text: "172.18.255.1 eth0\n" }]],
  // another verdict, a chain in use, things that are not there: nothing of the block stays
  [false, [nft(`delete element inet berth serve4 { ${KEY} }`, "delete chain inet berth nobody")]],
  [false, [nft(`add element inet berth guard4 { ${KEY} : drop }`)]],
  [false, [nft(`add element inet berth serve4 { 10.0.0.9 . tcp . 1 : goto nobody }`)]],
  [false, [nft("add rule inet berth nobody accept")]],
  [false, [nft("delete element inet berth serve4 { 10.0.0.9 . tcp . 1 }")]],
  [false, [nft("delete table inet other")]],
  // steps that ignore failure
  [true, [{ verb: "drop", text: "172.18.255.9 eth0\n" }, { verb: "flows", text: "10.0.0.9 53\n" }]],
  [true, [{ verb: "drop", text: "fc00::ff:1 eth0\n" }]],
];

function nft(...lines: readonly string[]): Step {
  return { verb: "nft", text: `${lines.join("\n")}\n` };
}

Deno.test({ name: "FakeNode answers as a real node", ignore: missing !== undefined }, async (t) => {
  await using bed = await PlaneBed.up("kpcontract");
  await using engine = createEngine({ socketPath: ENGINE_SOCKET });
  const [name = ""] = bed.nodes.map((node) => node.name);
  const events = { damaged: () => {}, ended: () => {} };
  await using real = await NodeAgent.start(await engine.session(name, NODE_SHELL), events);
  await using fake = await NodeAgent.start(await new FakeNode().open(), events);

  for (const [at, [succeeds, steps]] of BLOCKS.entries()) {
    await t.step(
      `block ${at + 1} ${succeeds ? "succeeds" : "fails"} and leaves the same`,
      async () => {
        for (const agent of [real, fake]) {
          const ran = await agent.run(steps).then(() => true, () => false);
          assert.equal(ran, succeeds, agent === real ? "real" : "fake");
        }
        assert.deepEqual(await found(fake), await found(real));
      },
    );
  }

  await t.step("the expected rules load in a real kernel", async () => {
    for await (const { name: file } of Deno.readDir(GOLDEN)) {
      if (!file.endsWith(".nft")) continue;
      await real.run([nft(deleteTables())]);
      await real.run([nft(await Deno.readTextFile(new URL(file, GOLDEN)))]);
    }
  });
});

/** What a restarted berth would learn. */
async function found(agent: NodeAgent) {
  const { device, singles, forwards, tables } = readProbe(
    await agent.run([{ verb: "ask", text: probeCommand() }]),
  );
  const { listeners, addresses, slots, isSound } = recover(tables, {});
  return { device, singles: singles.toSorted(), forwards, listeners, addresses, slots, isSound };
}
