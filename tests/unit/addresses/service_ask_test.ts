import assert from "assert";
import { addressAsk, addressUse, familyPolicy } from "../../../lib/addresses/mod.ts";
import { wishService } from "../../fakes/address_bed.ts";

Deno.test("addressAsk() reads spec and annotations", () => {
  const service = wishService("dev/web", {
    annotations: {
      "kube-vip.io/loadbalancerIPs": "10.0.0.9, FD00:0::9,my.host.name, not an address",
      "metallb.io/address-pool": "public",
    },
    spec: {
      loadBalancerIP: "10.0.0.1",
      ipFamilies: ["IPv6", "IPv4"],
      ipFamilyPolicy: "RequireDualStack",
      externalTrafficPolicy: "Local",
      selector: { b: "2", a: "1" },
      ports: [{ port: 81, protocol: "UDP" }, { port: 80 }],
    },
    labels: { tier: "web" },
  });
  assert.deepEqual(addressAsk(service, { key: "k", namespaceLabels: { team: "a" } }), {
    key: "k",
    namespace: "dev",
    labels: { tier: "web" },
    namespaceLabels: { team: "a" },
    families: ["IPv6", "IPv4"],
    policy: "RequireDualStack",
    requested: ["10.0.0.9", "fd00::9", "my.host.name"],
    requestedBy: "annotation kube-vip.io/loadbalancerIPs",
    unreadable: ["not an address"],
    pool: "public",
    use: { ports: ["TCP/80", "UDP/81"], sharingKey: "" },
    backend: "a=1,b=2",
  });
});

Deno.test("addressAsk() falls back to spec.loadBalancerIP, and to nothing", () => {
  const named = addressAsk(wishService("a/b", { spec: { loadBalancerIP: " 10.0.0.1 " } }), {
    key: "k",
  });
  assert.deepEqual([named.requested, named.requestedBy], [["10.0.0.1"], "spec.loadBalancerIP"]);
  const plain = addressAsk(wishService("a/b"), { key: "k" });
  assert.deepEqual([plain.requested, plain.policy, plain.backend], [[], "SingleStack", ""]);
});

Deno.test("addressAsk() takes DHCP stand-ins for addresses, and an address twice for once", () => {
  const annotations = { "berth.dev/addresses": "0.0.0.0,::,0.0.0.0" };
  const ask = addressAsk(wishService("a/b", { annotations }), { key: "k" });
  assert.deepEqual(ask.requested, ["0.0.0.0", "::"]);
});

Deno.test("addressUse() names ports and sharing key", () => {
  const annotations = { "metallb.universe.tf/allow-shared-ip": "edge" };
  assert.deepEqual(addressUse(wishService("a/b", { annotations })), {
    ports: ["TCP/80"],
    sharingKey: "edge",
  });
});

Deno.test("familyPolicy() takes what it does not know for SingleStack", () => {
  assert.equal(familyPolicy("PreferDualStack"), "PreferDualStack");
  assert.equal(familyPolicy("Whatever"), "SingleStack");
  assert.equal(familyPolicy(undefined), "SingleStack");
});
