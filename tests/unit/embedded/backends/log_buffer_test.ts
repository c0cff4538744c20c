import assert from "assert";
import { LogBuffer } from "../../../../lib/embedded/backends/log_buffer.ts";

Deno.test("a log keeps its last lines", () => {
  const log = new LogBuffer();
  for (let i = 0; i < 1_005; i++) log.add(String(i));
  assert.equal(log.lines().length, 1_000);
  assert.equal(log.lines()[0], "5");
});

Deno.test("a follower hears the past and the future until the log ends", async () => {
  const log = new LogBuffer();
  log.add("past");
  const left = log.follow().getReader();
  await left.cancel();
  const text = new Response(log.follow()).text();
  log.add("future");
  log.close();
  log.close();
  assert.equal(await text, "past\nfuture\n");
});
