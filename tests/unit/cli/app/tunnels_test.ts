import assert from "assert";
import { aliasCommand, Tunnels, tunnelSpecs } from "../../../../lib/cli/app/tunnels.ts";
import { fastClock } from "../../../fakes/fast_clock.ts";
import { openFlow } from "../../../fakes/local_client.ts";
import { startNamedBackend } from "../../../fakes/named_backend.ts";
import { ownLoopback } from "../../../fakes/own_loopback.ts";

const port = 18_090;

function ends(key: string, address: string, hostPort: number) {
  const published = (["TCP", "UDP"] as const).map((protocol) => ({
    ...{ port, protocol, hostAddress: "0.0.0.0", hostPort },
  }));
  return { key, addresses: [{ address }], published };
}

async function ask(protocol: "TCP" | "UDP", address: string): Promise<string | undefined> {
  await using flow = await openFlow({ protocol, address, port });
  return await flow.ask();
}

async function until(expected: string | undefined, address: string): Promise<void> {
  const end = Date.now() + 5_000;
  while (await ask("TCP", address) !== expected) {
    if (Date.now() > end) assert.fail(`${address} does not answer ${expected}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("Tunnels lead an address to published ports, over TCP and UDP, until they are dropped", async () => {
  await using a = await startNamedBackend("a");
  await using b = await startNamedBackend("b");
  await using tunnels = new Tunnels({ clock: fastClock(50), platform: "linux" });
  const address = ownLoopback(21);
  tunnels.follow(ends("c/ns/web", address, a.endpoint.port));
  await until("a", address);
  assert.equal(await ask("UDP", address), "a");
  tunnels.follow(ends("c/ns/web", address, b.endpoint.port));
  await until("b", address);
  tunnels.drop("c/ns/web");
  await until(undefined, address);
});

Deno.test("Tunnels that are followed again at once outlive those that were dropped", async () => {
  await using a = await startNamedBackend("a");
  await using tunnels = new Tunnels({ clock: fastClock(50), platform: "linux" });
  const address = ownLoopback(23);
  const wanted = ends("c/ns/web", address, a.endpoint.port);
  tunnels.follow(wanted);
  await until("a", address);
  for (let round = 0; round < 20; round++) {
    tunnels.drop("c/ns/web");
    tunnels.follow(wanted);
  }
  await until("a", address);
  assert.equal(await ask("UDP", address), "a");
  // what was dropped is taken away before: nothing takes this away later
  for (let round = 0; round < 50; round++) assert.equal(await ask("TCP", address), "a");
});

Deno.test("Tunnels try again what could not be bound", async () => {
  await using a = await startNamedBackend("a");
  const address = ownLoopback(22);
  const other = Deno.listen({ hostname: address, port });
  await using tunnels = new Tunnels({ clock: fastClock(500), platform: "linux" });
  tunnels.follow(ends("c/ns/web", address, a.endpoint.port));
  await new Promise((resolve) => setTimeout(resolve, 20));
  other.close();
  await until("a", address);
});

Deno.test("tunnelSpecs() lets no port keep another", () => {
  const specs = tunnelSpecs(ends("c/ns/web", "172.18.255.1", 32_768));
  assert.deepEqual(specs.map(({ key }) => key), [
    `c/ns/web 172.18.255.1 ${port}/TCP`,
    `c/ns/web 172.18.255.1 ${port}/UDP`,
  ]);
  assert.deepEqual(specs[0]?.listeners[0]?.endpoints, [{ address: "127.0.0.1", port: 32_768 }]);
  assert.deepEqual(tunnelSpecs({ key: "k", addresses: [{ address: "10.0.0.1" }] }), []);
});

Deno.test("aliasCommand() is what the platform understands", () => {
  assert.match(aliasCommand("darwin", "10.0.0.1"), /ifconfig lo0 alias 10\.0\.0\.1 255/);
  assert.match(aliasCommand("darwin", "fd::1"), /lo0 inet6 fd::1\/128 alias/);
  assert.match(aliasCommand("windows", "10.0.0.1"), /^as administrator.*loopback 10\.0\.0\.1/);
  assert.match(aliasCommand("windows", "fd::1"), /ipv6 add address 1 fd::1\/128/);
  assert.match(aliasCommand("linux", "10.0.0.1"), /ip address add 10\.0\.0\.1\/32 dev lo/);
});
