import assert from "assert";
import { doctorSource } from "../../../../lib/cli/sources/doctor.ts";
import { errorKind } from "../../../../lib/core/mod.ts";
import { kindMachine, sourceOptions } from "../../../fakes/cli_machine.ts";
import { FakeEngine } from "../../../fakes/fake_engine.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

const { signal } = new AbortController();

Deno.test("doctorSource() tells engine, network and clusters", async () => {
  await using bed = await kindMachine();
  await using ports = doctorSource(sourceOptions(bed, { command: "doctor" }));
  assert.equal((await ports.engine({ signal })).socket, bed.socket.path);
  assert.deepEqual(await ports.network({ signal }), {
    name: "kind",
    subnets: ["172.18.0.0/16"],
    pools: ["172.18.255.0-172.18.255.254", "172.18.240.0-172.18.254.255"],
  });
  const [cluster] = await ports.clusters({ signal });
  assert.equal(cluster?.name, "one");
  assert.deepEqual(cluster?.nodes.map(({ name, up }) => [name, up]), [
    ["one-control-plane", true],
    ["one-worker", false],
  ]);
});

Deno.test("doctorSource() runs its script in a node", async () => {
  const answers = async (input: AsyncIterable<string>, out: { stdout(text: string): void }) => {
    for await (const line of input) if (line === "exit") break;
    out.stdout("missing perl\nfwd\nend\n");
  };
  await using bed = await kindMachine(new FakeEngine({ program: answers }));
  await using ports = doctorSource(sourceOptions(bed, { command: "doctor" }));
  const [cluster] = await ports.clusters({ signal });
  const container = cluster?.nodes[0]?.container ?? "";
  assert.deepEqual(await ports.node(container, { signal }), { missing: ["perl"], fwd: true });
});

Deno.test("doctorSource() rejects for a cluster that is gone and an unknown network", async () => {
  await using bed = await kindMachine();
  const options = sourceOptions(bed, { command: "doctor", changed: { network: "other" } });
  await using ports = doctorSource(options);
  await assert.rejects(ports.api("two", { signal }), /cluster two is gone/);
  await assert.rejects(ports.network({ signal }), (error) => errorKind(error) === "not-found");
});

Deno.test("doctorSource() finds more than one loopback address where the system has them", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using bed = await kindMachine();
  await using ports = doctorSource(sourceOptions(bed, { command: "doctor" }));
  assert.equal(await ports.loopback({ signal }), undefined);
});

Deno.test("doctorSource() without an engine rejects when asked, and can be closed", async () => {
  const env = { DOCKER_HOST: "unix:///nowhere/engine.sock" };
  await using ports = doctorSource({ settings: fakeSettings("doctor"), env });
  await assert.rejects(ports.engine({ signal }), /\/nowhere\/engine\.sock/);
});
