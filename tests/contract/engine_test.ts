import { createEngine } from "../../lib/runtime/mod.ts";
import { EngineSocket } from "../fakes/engine_socket.ts";
import { FakeEngine } from "../fakes/fake_engine.ts";
import { ENGINE_CONTRACT, type EngineBed, WORKS_CONTRACT } from "./engine.ts";
import { realEngineBed } from "./real_engine_bed.ts";

const real = {
  wanted: Deno.env.get("BERTH_CONTRACT_ENGINE") === "1",
  socketPath: Deno.env.get("BERTH_CONTRACT_SOCKET") ?? "/var/run/docker.sock",
  image: Deno.env.get("BERTH_CONTRACT_IMAGE") ?? "busybox",
};

for (const [name, check] of Object.entries({ ...ENGINE_CONTRACT, ...WORKS_CONTRACT })) {
  Deno.test(`FakeEngine ${name}`, async () => {
    await using bed = fakeBed(new FakeEngine());
    await check(bed);
  });

  Deno.test(`createEngine() ${name}`, async () => {
    await using bed = await socketBed();
    await check(bed);
  });

  // needs an engine: set BERTH_CONTRACT_ENGINE=1 and BERTH_CONTRACT_IMAGE
  Deno.test({
    name: `createEngine() on a real engine: ${name}`,
    ignore: !real.wanted,
    fn: async () => {
      await using bed = await realEngineBed(real);
      await check(bed);
    },
  });
}

function fakeBed(fake: FakeEngine): EngineBed {
  fake.addNetwork({
    name: "kind",
    subnets: ["172.18.0.0/16"],
    ranges: [],
    gateways: ["172.18.0.1"],
  });
  fake.images.add("sleeper");
  return {
    engine: fake,
    prefix: "t-",
    network: "kind",
    image: "sleeper",
    create: (spec) => settled(() => fake.create({ ...spec, networks: { kind: {} } })),
    start: (name) => settled(() => fake.start(name)),
    stop: (name) => settled(() => fake.stop(name)),
    remove: (name) => settled(() => fake.remove(name)),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}

async function socketBed(): Promise<EngineBed> {
  const folder = await Deno.makeTempDir({ prefix: "berth-" });
  const socket = new EngineSocket(`${folder}/engine.sock`, new FakeEngine());
  const engine = createEngine({ socketPath: socket.path });
  return {
    ...fakeBed(socket.engine),
    engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await socket[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function settled(act: () => unknown): Promise<void> {
  act();
  return Promise.resolve();
}
