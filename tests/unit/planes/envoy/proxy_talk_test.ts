import assert from "assert";
import { drained, refusedOf } from "../../../../lib/planes/envoy/proxy_talk.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { routeSpec } from "../../../fakes/http_route_spec.ts";

const { signal } = new AbortController();

Deno.test("refusedOf() asks Envoy only when it did not accept everything", async () => {
  const asked: string[] = [];
  const proxy = {
    admin: (path: string) => {
      asked.push(path);
      return Promise.resolve([{ name: "tcp-80-x", error_state: { details: "bad" } }]);
    },
  };
  const spec = routeSpec("k");
  assert.deepEqual(await refusedOf(spec, { proxy, files: [] }), []);
  assert.deepEqual(asked, []);
  const refused = await refusedOf(spec, { proxy });
  assert.deepEqual(refused, [{ port: 80, message: "bad" }]);
});

Deno.test("drained() waits for the last connection, but not for ever", async () => {
  const clock = new FakeClock();
  let open = 2;
  const done = drained({ connections: () => Promise.resolve(open) }, { clock, signal });
  await clock.advance(100);
  open = 0;
  await clock.advance(50);
  await done;
  const stuck = drained({ connections: () => Promise.resolve(1) }, { clock, signal });
  await clock.advance(2_000);
  await stuck;
  assert.equal(clock.sleeping, 0);
});
