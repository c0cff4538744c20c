import assert from "assert";
import { NODE_SHELL, NodeAgent } from "../../../../lib/planes/agent/node_agent.ts";
import { FakeNode } from "../../../fakes/fake_node.ts";
import { settle } from "../../../fakes/fake_clock.ts";
import { FakeSession } from "../../../fakes/fake_session.ts";

async function started(node = new FakeNode()) {
  const damages: string[] = [];
  const ends: string[] = [];
  const session = await node.open();
  const agent = await NodeAgent.start(session, {
    damaged: (reason) => damages.push(reason),
    ended: (reason) => ends.push(reason),
  });
  return { node, agent, damages, ends };
}

Deno.test("NodeAgent.run() answers each block with its own lines", async () => {
  const { node, agent } = await started();
  await using _ = agent;
  const [probe, added] = await Promise.all([
    agent.run([{ verb: "ask", text: "probe" }]),
    agent.run([{ verb: "add", text: "172.18.255.1 eth0\n" }]),
  ]);
  assert.equal(probe[0], "device eth0");
  assert.deepEqual(added, []);
  assert.deepEqual([...node.addresses], ["172.18.255.1"]);
});

Deno.test("NodeAgent.run() rejects with the command's words and stops at the step that failed", async () => {
  const { node, agent } = await started();
  await using _ = agent;
  const steps = [
    { verb: "nft", text: "delete table inet berth\n" },
    { verb: "add", text: "172.18.255.1 eth0\n" },
  ] as const;
  await assert.rejects(agent.run(steps), { kind: "internal", message: /nft: Error: No such file/ });
  assert.equal(node.addresses.size, 0);
});

Deno.test("NodeAgent tells damage and the end of its session once", async () => {
  const { node, agent, damages, ends } = await started();
  node.tell("address-gone 172.18.255.1");
  node.tell("rules-changed by another process");
  node.pause();
  const running = agent.run([{ verb: "ask", text: "" }]);
  await settle();
  node.endSessions();
  await assert.rejects(running, { kind: "unavailable" });
  await assert.rejects(agent.run([]), { kind: "unavailable" });
  node.resume();
  await agent[Symbol.asyncDispose]();
  assert.deepEqual(damages, ["address 172.18.255.1 is gone", "rules changed by another process"]);
  assert.equal(ends.length, 1);
});

Deno.test("NodeAgent says nothing about an end that was asked for", async () => {
  const { node, agent, ends } = await started();
  await agent[Symbol.asyncDispose]();
  assert.deepEqual(ends, []);
  assert.equal(node.sessions, 0);
});

Deno.test("NodeAgent.start() names the remedy when there is no Perl", async () => {
  const session = new FakeSession(async (input, output) => {
    for await (const line of input) if (line.startsWith("command")) output.stdout("missing perl\n");
  }, { container: "x", command: NODE_SHELL });
  const starting = NodeAgent.start(session, { damaged: () => {}, ended: () => {} });
  await assert.rejects(starting, {
    kind: "invalid",
    message: /no `perl` command: install perl-base/,
  });
  session.close();
});

Deno.test("NodeAgent.start() rejects with the node's words when the agent does not come up", async () => {
  const session = new FakeSession(async (input, output) => {
    for await (const line of input) {
      if (line === "END_OF_BERTH") return output.stderr("bash: exec: perl: not found\n");
    }
  }, { container: "x", command: NODE_SHELL });
  const starting = NodeAgent.start(session, { damaged: () => {}, ended: () => {} });
  await assert.rejects(starting, { kind: "unavailable", message: /perl: not found/ });
});
