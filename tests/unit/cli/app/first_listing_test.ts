import assert from "assert";
import { isRefusal, listedWithin } from "../../../../lib/cli/app/first_listing.ts";
import { AppError } from "../../../../lib/core/mod.ts";
import { KubeError } from "../../../../lib/kube/mod.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

const never = new Promise<void>(() => {});

function limit(stop = new AbortController()) {
  const clock = new FakeClock(0);
  return { clock, stop, ms: 1_000, signal: stop.signal };
}

Deno.test("listedWithin() is true for a listing in time, also one that failed is an end", async () => {
  assert.equal(await listedWithin(Promise.resolve(), limit()), true);
  assert.equal(await listedWithin(Promise.reject(new Error("no")), limit()), false);
});

Deno.test("listedWithin() gives up when the time is over", async () => {
  const given = limit();
  const listed = listedWithin(never, given);
  await given.clock.advance(1_000);
  assert.equal(await listed, false);
});

Deno.test("listedWithin() gives up with the signal", async () => {
  const given = limit();
  const listed = listedWithin(never, given);
  given.stop.abort();
  assert.equal(await listed, false);
});

for (
  const [error, refused] of [
    [new KubeError("no such kind", { status: 404 }), true],
    [new KubeError("not yours", { status: 403 }), true],
    [new KubeError("later", { status: 503 }), false],
    [new AppError("away", { kind: "unavailable" }), false],
  ] as const
) {
  Deno.test(`isRefusal() of "${error.message}" is ${refused}`, () => {
    assert.equal(isRefusal(error), refused);
  });
}
