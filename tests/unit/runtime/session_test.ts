import assert from "assert";
import { errorText } from "../../../lib/core/mod.ts";
import { FakeEngine } from "../../fakes/fake_engine.ts";
import type { Program } from "../../fakes/fake_session.ts";
import { socketBed } from "../../fakes/socket_bed.ts";

Deno.test("openSession() keeps the last 50 lines of standard error", async () => {
  const program: Program = async (input, output) => {
    for await (const line of input) {
      for (let at = 0; at < 60; at++) output.stderr(`${line} ${at}\n`);
      output.stdout("done\n");
      return;
    }
  };
  await using bed = await socketBed({ fake: new FakeEngine({ program }) });
  bed.fake.run({ name: "a" });
  await using session = await bed.engine.session("a", ["bash"]);
  await session.write("bad\n");
  assert.deepEqual(await Array.fromAsync(session.lines), ["done"]);
  assert.equal(session.errors.length, 50);
  assert.equal(session.errors.at(-1), "bad 59");
});

Deno.test("openSession() passes the command and large input on", async () => {
  const seen: string[] = [];
  const program: Program = async (input, output, { container, command }) => {
    seen.push(container, ...command);
    for await (const line of input) output.stdout(`${line.length}\n`);
  };
  await using bed = await socketBed({ fake: new FakeEngine({ program }) });
  bed.fake.run({ name: "a" });
  await using session = await bed.engine.session("a", ["bash", "-s"]);
  await session.write(`${"x".repeat(300_000)}\n`);
  const { value } = await session.lines[Symbol.asyncIterator]().next();
  assert.equal(value, "300000");
  assert.deepEqual(seen, ["a", "bash", "-s"]);
});

Deno.test("openSession() tells why a write comes too late", async () => {
  const program: Program = (_input, output) => {
    output.stderr("bash: not found\n");
    return Promise.resolve();
  };
  await using bed = await socketBed({ fake: new FakeEngine({ program }) });
  bed.fake.run({ name: "a" });
  await using session = await bed.engine.session("a", ["bash"]);
  assert.deepEqual(await Array.fromAsync(session.lines), []);
  const error = await session.write("x\n").catch(errorText);
  assert.match(String(error), /session in container a has ended: bash: not found/);
});

Deno.test("openSession() ends when the connection is cut", async () => {
  await using bed = await socketBed({});
  bed.fake.run({ name: "a" });
  await using session = await bed.engine.session("a", ["bash"]);
  const end = Array.fromAsync(session.lines);
  bed.socket.cut();
  assert.deepEqual(await end, []);
});
