import assert from "assert";
import { createWiring } from "../../../lib/cli/default_wiring.ts";
import { kindMachine } from "../../fakes/cli_machine.ts";
import { fakeContext } from "../../fakes/cli.ts";

Deno.test("createWiring() tells the version without an engine", () => {
  const wiring = createWiring({});
  assert.match(wiring.version().berth, /^\d+\.\d+\.\d+$/);
});

Deno.test("createWiring() names the images without an engine", async () => {
  const wiring = createWiring({});
  const images = (changed = {}) => wiring.images(fakeContext("list-images", changed).settings);
  assert.match((await images()).join(), /^docker\.io\/envoyproxy\/envoy:distroless-v[\d.]+$/);
  assert.deepEqual(await images({ envoyImage: "mine:1" }), ["mine:1"]);
});

Deno.test("createWiring() leads every one-shot command to the engine of the environment", async () => {
  await using bed = await kindMachine();
  const wiring = createWiring({ DOCKER_HOST: `unix://${bed.socket.path}` });
  const { signal } = new AbortController();

  await using doctor = await wiring.doctor(fakeContext("doctor"));
  assert.equal((await doctor.engine({ signal })).socket, bed.socket.path);

  await using cleanup = await wiring.cleanup(fakeContext("cleanup"));
  assert.deepEqual(await cleanup.clusters({ signal }), ["one"]);

  await using pools = await wiring.pools(fakeContext("pools"));
  const { pools: [pool] } = await pools.overview({ signal });
  assert.equal(pool?.pool, "kind");

  await using status = await wiring.status(fakeContext("status"));
  const [reading] = await status.readings({ signal });
  assert.equal(reading?.cluster, "one");
  assert.ok(reading && "error" in reading, "the fake cluster has no API server");
});

Deno.test("createWiring() loads the long-running commands", async () => {
  const wiring = createWiring({});
  for (const command of ["run", "dev"] as const) {
    assert.equal(typeof (await wiring[command](fakeContext(command))).serve, "function");
  }
});
