import assert from "assert";
import { KeyLoop } from "../../../../lib/cli/app/key_loop.ts";
import type { RunResult } from "../../../../lib/dispatch/mod.ts";
import { FakeClock, settle } from "../../../fakes/fake_clock.ts";

/** A loop whose runs end when the test says so. */
class Bed {
  readonly clock = new FakeClock();
  readonly stop = new AbortController();
  readonly began: string[] = [];
  readonly #ends = new Map<string, (result: RunResult) => void>();
  readonly loop = new KeyLoop({
    clock: this.clock,
    signal: this.stop.signal,
    concurrency: 2,
    backoff: { firstMs: 1_000, maxMs: 10_000 },
    random: () => 0.5,
    serve: (key) => {
      this.began.push(key);
      return new Promise((resolve) => this.#ends.set(key, resolve));
    },
  });
  readonly done = this.loop.run();

  async end(key: string, result: RunResult = { kind: "done" }): Promise<void> {
    this.#ends.get(key)?.(result);
    await settle();
  }
}

Deno.test("KeyLoop begins nothing before it is opened, then so many at once", async () => {
  const bed = new Bed();
  for (const key of ["a", "b", "c", "a"]) bed.loop.add(key);
  await settle();
  assert.deepEqual(bed.began, []);
  assert.equal(bed.loop.load, 3);
  bed.loop.setOpen(true);
  await settle();
  assert.deepEqual(bed.began, ["a", "b"]);
  await bed.end("a");
  assert.deepEqual(bed.began, ["a", "b", "c"]);
  await Promise.all([bed.end("b"), bed.end("c")]);
  bed.stop.abort();
  await bed.done;
});

Deno.test("KeyLoop serves a key again that was added while it ran, and after a failure", async () => {
  const bed = new Bed();
  bed.loop.setOpen(true);
  bed.loop.add("a");
  await settle();
  bed.loop.add("a");
  await bed.end("a");
  assert.deepEqual(bed.began, ["a", "a"]);
  await bed.end("a", { kind: "failed", retryable: true });
  assert.equal(bed.began.length, 2);
  await bed.clock.advance(1_000);
  assert.equal(bed.began.length, 3);
  await bed.end("a");
  bed.stop.abort();
  await bed.done;
  assert.equal(bed.clock.sleeping, 0);
});

Deno.test("KeyLoop waits at its end for the runs under way", async () => {
  const bed = new Bed();
  bed.loop.setOpen(true);
  bed.loop.add("a");
  await settle();
  bed.stop.abort();
  let ended = false;
  const done = bed.done.then(() => ended = true);
  await settle();
  assert.equal(ended, false);
  await bed.end("a");
  await done;
});
