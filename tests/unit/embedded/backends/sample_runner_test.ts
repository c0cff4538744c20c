import assert from "assert";
import {
  hasLoopbackAliases,
  SampleRunner,
} from "../../../../lib/embedded/backends/sample_runner.ts";
import { askUdp } from "../../../fakes/udp_client.ts";

const TCP = { number: 8_080, protocol: "TCP" };
const POD = { uid: "a", namespace: "n", name: "web-1", nodeName: "node-1", ports: [TCP] };

Deno.test("Pods that share one address are told apart by ports", async () => {
  const runner = new SampleRunner({ aliases: false });
  const ports = [TCP, { number: 53, protocol: "UDP" }, { number: 9, protocol: "SCTP" }];
  const running = await runner.start({ ...POD, ports });
  assert.deepEqual(running.ips, ["127.0.0.1"]);
  assert.deepEqual(Object.keys(running.ports ?? {}), ["53", "8080"]);
  const http = await fetch(`http://127.0.0.1:${running.ports?.["8080"]}/`);
  assert.match(await http.text(), /^pod web-1 on node-1 says hello to/);
  assert.equal(await askUdp("127.0.0.1", running.ports?.["53"] ?? 0, "x"), "web-1: x");
  assert.equal(runner.log("a", false)?.constructor, Array);
  await runner.stop("a");
  await runner.stop("a");
  assert.equal(runner.log("a", false), undefined);
});

Deno.test({
  name: "each Pod has a loopback address of its own, and a taken one is passed over",
  ignore: !hasLoopbackAliases(),
  fn: async () => {
    const runner = new SampleRunner({ prefix: "127.78" });
    using blocker = Deno.listen({ hostname: "127.78.0.2", port: 8_080 });
    assert.equal(blocker.addr.transport, "tcp");
    const first = await runner.start(POD);
    const second = await runner.start({ ...POD, uid: "b", name: "web-2" });
    assert.deepEqual([first.ips, second.ips], [["127.78.0.1"], ["127.78.0.3"]]);
    const text = await (await fetch("http://127.78.0.3:8080/")).text();
    assert.match(text, /^pod web-2/);
    assert.ok(runner.log("b", true) instanceof ReadableStream);
    await Promise.all(["a", "b"].map((uid) => runner.stop(uid)));
  },
});
