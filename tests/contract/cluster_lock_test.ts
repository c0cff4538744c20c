import { formatAddress, parseCidr } from "../../lib/net/mod.ts";
import { FakeEngine } from "../fakes/fake_engine.ts";
import { FakeLocks } from "../fakes/fake_lock.ts";
import { CLUSTER_LOCK_CONTRACT, type LockBed } from "./cluster_lock.ts";
import { realEngineBed } from "./real_engine_bed.ts";

const real = {
  wanted: Deno.env.get("BERTH_CONTRACT_ENGINE") === "1",
  socketPath: Deno.env.get("BERTH_CONTRACT_SOCKET") ?? "/var/run/docker.sock",
  image: Deno.env.get("BERTH_CONTRACT_IMAGE") ?? "berth.dev/bed-node:1",
};

for (const [name, check] of Object.entries(CLUSTER_LOCK_CONTRACT)) {
  Deno.test(`FakeLocks: ${name}`, async () => {
    await using bed = fakeBed();
    await check(bed);
  });

  // needs an engine and an image with Perl: set BERTH_CONTRACT_ENGINE=1 and BERTH_CONTRACT_IMAGE
  Deno.test({
    name: `a lock in a real container: ${name}`,
    ignore: !real.wanted,
    fn: async () => {
      await using bed = await realBed();
      await check(bed);
    },
  });
}

function fakeBed(): LockBed {
  const locks = new FakeLocks();
  const engine = new FakeEngine({ program: (...start) => locks.run(...start) });
  engine.run({ name: "node" });
  const [used, unused] = ["172.18.0.1", "172.18.255.254"] as const;
  locks.strangers.set(used, "02:42:ac:12:00:01");
  return {
    engine,
    used,
    unused,
    container: "node",
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

async function realBed(): Promise<LockBed> {
  const bed = await realEngineBed(real);
  const container = `${bed.prefix}node`;
  await bed.create({ name: container, labels: {} });
  await bed.start(container);
  const { subnets, gateways } = await bed.engine.network(bed.network);
  return {
    engine: bed.engine,
    container,
    used: gateways[0] ?? "",
    unused: formatAddress({ family: "IPv4", value: parseCidr(subnets[0] ?? "").last - 1n }),
    [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
  };
}
