import assert from "assert";
import { errorKind } from "../../../lib/core/mod.ts";
import { EngineClient } from "../../../lib/runtime/client.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

function never(): Promise<never> {
  return new Promise(() => {});
}

Deno.test("EngineClient.ask() leaves no timer behind", async () => {
  const clock = new FakeClock();
  const client = new EngineClient({ socketPath: "/none", clock });
  assert.equal(await client.ask("do", () => Promise.resolve(7)), 7);
  await client.ask("do", () => Promise.reject(new Error("x"))).catch(() => {});
  assert.equal(clock.sleeping, 0);
});

Deno.test("EngineClient.ask() aborts the request when time is up", async () => {
  const clock = new FakeClock();
  const client = new EngineClient({ socketPath: "/none", clock });
  let given: AbortSignal | undefined;
  const outcome = client.ask("do", (_docker, signal) => {
    given = signal;
    return never();
  }).catch(errorKind);
  await clock.advance(14_999);
  assert.equal(given?.aborted, false);
  await clock.advance(1);
  assert.equal(await outcome, "timeout");
  assert.equal(given?.aborted, true);
});

Deno.test("EngineClient.close() ends pending and later requests", async () => {
  const client = new EngineClient({ socketPath: "/none", clock: new FakeClock() });
  const pending = client.ask("do", never).catch(errorKind);
  client.close();
  assert.equal(await pending, "canceled");
  assert.equal(await client.ask("do", () => Promise.resolve(1)).catch(errorKind), "canceled");
  assert.equal(client.closed.aborted, true);
});

Deno.test("EngineClient talks to its socket whatever DOCKER_HOST says", async () => {
  const before = Deno.env.get("DOCKER_HOST");
  Deno.env.set("DOCKER_HOST", "tcp://192.0.2.1:2375");
  try {
    const client = new EngineClient({ socketPath: "/none/engine.sock" });
    const error = await client.ask("do", (docker) => docker.version()).catch(String);
    assert.match(String(error), /no engine socket at \/none\/engine\.sock/);
  } finally {
    if (before === undefined) Deno.env.delete("DOCKER_HOST");
    else Deno.env.set("DOCKER_HOST", before);
  }
});
