import assert from "assert";
import { KeepalivedChild, keepalivedPorts } from "../../../../lib/cli/app/keepalived_process.ts";
import { fastClock } from "../../../fakes/fast_clock.ts";
import { FakeKeepalived } from "../../../fakes/fake_keepalived.ts";

// a shell script stands in for keepalived, which runs on Linux alone
const ignore = Deno.build.os === "windows";

function optionsOf({ program, conf, pidFile }: FakeKeepalived) {
  return { program, conf, pidFile, vrrpOnly: true, clock: fastClock(20) };
}

Deno.test("keepalivedPorts() stages, checks and adopts a file", { ignore }, async () => {
  await using keepalived = new FakeKeepalived();
  const ports = keepalivedPorts(optionsOf(keepalived));
  assert.equal(await ports.current(), undefined);
  await ports.stage("bad");
  assert.deepEqual(await ports.check(), { code: 5, stderr: "it is bad\n" });
  assert.equal(await ports.current(), undefined);
  await ports.stage("good");
  assert.equal((await ports.check()).code, 0);
  await ports.adopt();
  assert.equal(await ports.current(), "good");
});

Deno.test("keepalivedPorts() reloads nobody where no keepalived runs", { ignore }, async () => {
  await using keepalived = new FakeKeepalived();
  const ports = keepalivedPorts(optionsOf(keepalived));
  await ports.reload();
  // beyond the largest process id that Linux gives
  for (const text of ["", "x", "0", "1", "-7", "4194999"]) {
    await Deno.writeTextFile(keepalived.pidFile, text);
    await ports.reload();
  }
  assert.deepEqual(await keepalived.log(), []);
});

Deno.test("keepalivedPorts() says that the program is not there", { ignore }, async () => {
  await using keepalived = new FakeKeepalived();
  const ports = keepalivedPorts({ ...optionsOf(keepalived), program: `${keepalived.folder}/no` });
  await assert.rejects(ports.check(), /cannot run .*\/no: install keepalived, or name/);
});

Deno.test("KeepalivedChild starts, reloads and stops keepalived", { ignore }, async () => {
  await using keepalived = new FakeKeepalived();
  await Deno.writeTextFile(keepalived.conf, "10.0.0.1\n");
  {
    await using child = new KeepalivedChild(optionsOf(keepalived));
    const ports = child.ports();
    await ports.reload();
    await keepalived.pid();
    // the same ports reload it from outside, as they would another one's
    await keepalivedPorts(optionsOf(keepalived)).reload();
    await keepalived.logged("reload 1");
    await Deno.writeTextFile(keepalived.conf, "10.0.0.1\n10.0.0.2\n");
    await ports.reload();
    await keepalived.logged("reload 2");
  }
  assert.deepEqual(await keepalived.log(), ["start 1", "reload 1", "reload 2", "stop"]);
});

Deno.test("KeepalivedChild starts a keepalived again that ended", { ignore }, async () => {
  await using keepalived = new FakeKeepalived();
  await Deno.writeTextFile(keepalived.conf, "");
  await using child = new KeepalivedChild(optionsOf(keepalived));
  await child.ports().reload();
  const first = await keepalived.pid();
  await Deno.remove(keepalived.pidFile);
  Deno.kill(first, "SIGUSR1");
  assert.notEqual(await keepalived.pid(), first);
});

Deno.test("KeepalivedChild says that the program is not there, and starts it once it is", {
  ignore,
}, async () => {
  await using keepalived = new FakeKeepalived();
  await Deno.writeTextFile(keepalived.conf, "");
  const program = `${keepalived.folder}/later`;
  await using child = new KeepalivedChild({ ...optionsOf(keepalived), program });
  const ports = child.ports();
  await assert.rejects(ports.reload(), /cannot run .*\/later: install keepalived/);
  await Deno.symlink(keepalived.program, program);
  await ports.reload();
  await keepalived.pid();
});

Deno.test("KeepalivedChild that was never started ends at once", { ignore }, async () => {
  await using keepalived = new FakeKeepalived();
  await using _child = new KeepalivedChild(optionsOf(keepalived));
});
