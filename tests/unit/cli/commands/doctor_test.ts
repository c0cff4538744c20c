import assert from "assert";
import { doctor } from "../../../../lib/cli/commands/doctor.ts";
import { fakeContext } from "../../../fakes/cli.ts";
import { healthyDoctorPorts, refusing } from "../../../fakes/doctor.ts";

const verdicts = (text: string) =>
  Object.fromEntries(
    JSON.parse(text).checks.map((
      check: Record<string, string>,
    ) => [check["name"], check["verdict"]]),
  );

Deno.test("doctor() on a healthy machine is ready and exits with 0", async () => {
  const context = fakeContext("doctor");
  assert.equal(await doctor(context, healthyDoctorPorts()), 0);
  assert.equal(context.streams.stdout.trimEnd().split("\n").at(-1), "ready");
});

Deno.test("doctor() writes JSON with the overall verdict", async () => {
  const context = fakeContext("doctor", { output: "json" });
  await doctor(context, healthyDoctorPorts());
  assert.equal(JSON.parse(context.streams.stdout).ready, true);
  assert.deepEqual(verdicts(context.streams.stdout), {
    "engine": "ok",
    "network": "ok",
    "clusters": "ok",
    "api kind": "ok",
    "node kind-worker": "ok",
    "loopback": "ok",
  });
});

Deno.test("doctor() skips what needs the engine when there is none", async () => {
  const context = fakeContext("doctor", { output: "json" });
  const ports = healthyDoctorPorts({ engine: refusing("no socket") });
  assert.equal(await doctor(context, ports), 1);
  assert.deepEqual(verdicts(context.streams.stdout), {
    engine: "fail",
    network: "skip",
    clusters: "skip",
    loopback: "ok",
  });
});

Deno.test("doctor() is ready in spite of warnings", async () => {
  const context = fakeContext("doctor");
  const ports = healthyDoctorPorts({ network: refusing("x"), clusters: () => Promise.resolve([]) });
  assert.equal(await doctor(context, ports), 0);
  assert.match(context.streams.stdout, /ready, with 2 warnings/);
});
