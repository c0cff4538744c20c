import assert from "assert";
import { openGate } from "../../../../lib/cli/app/gate.ts";
import { FakeClock, settle } from "../../../fakes/fake_clock.ts";

function bed() {
  const clock = new FakeClock();
  const stop = new AbortController();
  const gate = openGate({ clock, signal: stop.signal, longestWaitMs: 3_000 });
  let open = false;
  void gate.opened.then(() => open = true);
  const isOpen = async () => {
    await settle();
    return open;
  };
  return { clock, stop, gate, isOpen };
}

Deno.test("openGate() opens at once when there is nothing to wait for", async () => {
  const { gate, isOpen, clock } = bed();
  assert.equal(await isOpen(), false);
  gate.close();
  assert.equal(await isOpen(), true);
  assert.equal(clock.sleeping, 0);
});

Deno.test("openGate() waits for all, whether they succeed or fail", async () => {
  const { gate, isOpen, clock } = bed();
  const [a, b] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  gate.waitFor(a.promise);
  gate.waitFor(b.promise);
  gate.close();
  a.resolve();
  assert.equal(await isOpen(), false);
  b.reject(new Error("lost"));
  assert.equal(await isOpen(), true);
  assert.equal(clock.sleeping, 0);
});

Deno.test("openGate() opens after the longest wait", async () => {
  const { gate, isOpen, clock } = bed();
  gate.waitFor(new Promise(() => {}));
  await clock.advance(10_000);
  assert.equal(await isOpen(), false, "the wait begins with close()");
  gate.close();
  await clock.advance(2_999);
  assert.equal(await isOpen(), false);
  await clock.advance(1);
  assert.equal(await isOpen(), true);
});

Deno.test("openGate() ignores waits after close(), and a second close()", async () => {
  const { gate, isOpen } = bed();
  gate.close();
  gate.waitFor(new Promise(() => {}));
  gate.close();
  assert.equal(await isOpen(), true);
});

Deno.test("openGate() opens when everything stops", async () => {
  for (const closed of [false, true]) {
    const { gate, isOpen, stop, clock } = bed();
    gate.waitFor(new Promise(() => {}));
    if (closed) gate.close();
    stop.abort();
    assert.equal(await isOpen(), true);
    assert.equal(clock.sleeping, 0);
  }
});
