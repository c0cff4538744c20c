import assert from "assert";
import { Inbox } from "../../../lib/clusters/inbox.ts";

Deno.test("Inbox.read() gives messages in order, put before and while waiting", async () => {
  const stop = new AbortController();
  const inbox = new Inbox<string>();
  inbox.put("a");
  inbox.put("b");
  const reader = inbox.read(stop.signal);
  assert.equal((await reader.next()).value, "a");
  assert.equal((await reader.next()).value, "b");
  const waiting = reader.next();
  inbox.put("c");
  assert.equal((await waiting).value, "c");
});

Deno.test("Inbox.read() ends when the signal aborts, also while waiting", async () => {
  const stop = new AbortController();
  const inbox = new Inbox<string>();
  const waiting = inbox.read(stop.signal).next();
  stop.abort();
  assert.equal((await waiting).done, true);
  inbox.put("late");
  assert.deepEqual(await Array.fromAsync(inbox.read(stop.signal)), []);
});
