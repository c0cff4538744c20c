import assert from "assert";
import { addressOf, annotationsOf, given, IpamBed } from "../../../fakes/ipam_bed.ts";

const pool = { "range-test": "10.8.0.1-10.8.0.99" };

async function announce(bed: IpamBed, name: string, ip: string): Promise<void> {
  const status = { loadBalancer: { ingress: [{ ip }] } };
  await bed.api.patch(`/api/v1/namespaces/test/services/${name}/status`, { status });
}

Deno.test("IpamController remembers a field that waits, over a restart, with addresses in use", async () => {
  await using bed = await IpamBed.open(pool);
  for (const [name, ip] of [["s6", "10.8.0.1"], ["s7", "10.8.0.2"]] as const) {
    await bed.service(name);
    await bed.address(name);
    await announce(bed, name, ip);
  }
  await bed.change("s6", { spec: { loadBalancerIP: "10.8.0.2" } });
  await bed.until("s6", (service) => "berth.dev/pending" in annotationsOf(service));
  await bed.stop();
  bed.start();
  await bed.service("next");
  assert.equal(await bed.address("next"), "10.8.0.3");
  const { spec } = await bed.get("s6");
  assert.equal(spec.loadBalancerIP, "10.8.0.2");
  await bed.remove("s7");
  await bed.until("s6", (service) => addressOf(service) === "10.8.0.2");
  await bed.stop();
  const told = bed.api.objects("events").filter((event) => event["reason"] === "AddressConflict");
  assert.deepEqual(told, []);
});

for (
  const [what, plan] of [["nobody asked for", {}], ["its owner asked for", {
    spec: { loadBalancerIP: "10.8.0.1" },
  }]] as const
) {
  Deno.test(`IpamController follows a field that was changed while it was away, over an address that ${what}`, async () => {
    await using bed = await IpamBed.open(pool);
    await bed.service("a", plan);
    assert.equal(await bed.address("a"), "10.8.0.1");
    await announce(bed, "a", "10.8.0.1");
    await bed.stop();
    await bed.change("a", { spec: { loadBalancerIP: "10.8.0.77" } });
    await bed.service("b");
    bed.start();
    await bed.until("a", (service) => addressOf(service) === "10.8.0.77");
    assert.equal(await bed.address("b"), "10.8.0.2");
  });
}

Deno.test("IpamController follows a field over an annotation that was changed before, after a restart", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a");
  await bed.address("a");
  await bed.change("a", { metadata: { annotations: { [given]: "10.8.0.50" } } });
  await bed.until("a", ({ spec }) => spec.loadBalancerIP === "10.8.0.50");
  await bed.stop();
  await bed.change("a", { spec: { loadBalancerIP: "10.8.0.77" } });
  bed.start();
  await bed.until("a", (service) => addressOf(service) === "10.8.0.77");
});

Deno.test("IpamController takes nobody's address for a field that was changed while it was away", async () => {
  await using bed = await IpamBed.open(pool);
  for (const name of ["a", "b"]) {
    await bed.service(name);
    await bed.address(name);
  }
  await bed.stop();
  await bed.change("a", { spec: { loadBalancerIP: "10.8.0.2" } });
  bed.start();
  await bed.until("a", (service) => "berth.dev/pending" in annotationsOf(service));
  assert.equal(addressOf(await bed.get("a")), "10.8.0.1");
  assert.equal(addressOf(await bed.get("b")), "10.8.0.2");
  await bed.remove("b");
  await bed.until("a", (service) => addressOf(service) === "10.8.0.2");
});
