import assert from "assert";
import { explainPools, surveyPools } from "../../../lib/addresses/mod.ts";
import { ipamView } from "../../../lib/cli/ipam_view.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";
import { type ServiceWish, wishService } from "../../fakes/address_bed.ts";

const ours = "kube-vip.io/kube-vip-class";
const plain = { enableLoadBalancerClass: false, loadBalancerClassName: ours };
const byClass = { ...plain, enableLoadBalancerClass: true };

const CASES: readonly (readonly [string, typeof plain, ServiceWish, RegExp | undefined])[] = [
  ["no class", plain, {}, undefined],
  ["no class where only one is served", byClass, {}, /no loadBalancerClass, and only kube-vip/],
  [
    "our class in the other mode",
    plain,
    { spec: { loadBalancerClass: ours } },
    /loadBalancerClass is kube-vip\.io\/kube-vip-class: only ipam --enable-loadbalancerclass would/,
  ],
  ["our class where it is served", byClass, { spec: { loadBalancerClass: ours } }, undefined],
  [
    "another class",
    byClass,
    { spec: { loadBalancerClass: "x/y" } },
    /loadBalancerClass is x\/y: only ipam .* --loadbalancerclass-name x\/y would serve it/,
  ],
  [
    "the annotation",
    plain,
    { annotations: { "kube-vip.io/ignore": "true" } },
    /kube-vip\.io\/ignore is true/,
  ],
];
for (const [name, settings, wish, wanted] of CASES) {
  Deno.test(`ipamView() judges a Service with ${name}`, () => {
    const found = ipamView(settings).foreign(wishService("a/b", wish));
    if (wanted === undefined) assert.equal(found, undefined);
    else assert.match(found ?? "", wanted);
  });
}

Deno.test("ipamView() leaves a Service alone that is being deleted", () => {
  const service = wishService("a/b");
  const metadata = { ...service.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
  assert.match(ipamView(plain).foreign({ ...service, metadata }) ?? "", /being deleted/);
});

Deno.test("ipamView() counts what a Service has, not what it merely asks for", () => {
  const annotations = { "kube-vip.io/loadbalancerIPs": "10.0.0.1" };
  const { existing } = ipamView(plain);
  assert.deepEqual(existing(wishService("a/b", { annotations })), []);
  const labels = { implementation: "kube-vip" };
  assert.deepEqual(existing(wishService("a/b", { annotations, labels })), ["10.0.0.1"]);
  const status = { loadBalancer: { ingress: [{ ip: "FD00::0:1" }] } };
  assert.deepEqual(existing({ ...wishService("a/b"), status }), ["fd00::1"]);
});

Deno.test("ipamView() takes what was chosen for a Service for no wish", () => {
  const service = wishService("a/b", {
    labels: { implementation: "kube-vip" },
    annotations: { "kube-vip.io/loadbalancerIPs": "10.0.0.1" },
    spec: { loadBalancerIP: "10.0.0.1", ipFamilyPolicy: "PreferDualStack" },
  });
  const { config } = parsePoolConfig({ "cidr-global": "10.0.0.0/24,fd00::/64" });
  const input = { config, services: [service], namespaceLabels: new Map(), ...ipamView(plain) };
  const [row] = explainPools(input);
  assert.deepEqual(row?.addresses, ["10.0.0.1", "fd00::"]);
  assert.match(row?.reason ?? "", /^the address it has and lowest free address of cidr-global/);
});

Deno.test("ipamView() has the asker wait, and not who has the address", () => {
  const chosen = (key: string, ip: string, field: string, more = {}) => {
    const annotations = { "kube-vip.io/loadbalancerIPs": ip, ...more };
    const labels = { implementation: "kube-vip" };
    const service = wishService(key, { labels, annotations, spec: { loadBalancerIP: field } });
    return { ...service, status: { loadBalancer: { ingress: [{ ip }] } } };
  };
  const waits = { "berth.dev/field-copy": "10.0.0.1", "berth.dev/pending": "in-use" };
  const { config } = parsePoolConfig({ "cidr-global": "10.0.0.0/24" });
  for (const mark of [waits, { "berth.dev/field-copy": "10.0.0.1" }]) {
    const services = [
      chosen("a/asks", "10.0.0.1", "10.0.0.2", mark),
      chosen("a/has", "10.0.0.2", "10.0.0.2"),
    ];
    const input = { config, services, namespaceLabels: new Map(), ...ipamView(plain) };
    const { pending, conflicts } = surveyPools(input);
    assert.deepEqual(pending.map(({ service }) => service), ["a/asks"]);
    assert.match(
      pending[0]?.reason ?? "",
      /^spec\.loadBalancerIP: .*10\.0\.0\.2 belongs to .*a\/has/,
    );
    assert.deepEqual(conflicts, []);
    const [asks, has] = explainPools(input);
    assert.deepEqual([asks?.addresses, asks?.ok], [["10.0.0.1"], false]);
    assert.match(asks?.reason ?? "", /^spec\.loadBalancerIP: .*it keeps 10\.0\.0\.1 until then$/);
    assert.deepEqual([has?.addresses, has?.ok], [["10.0.0.2"], true]);
  }
});

Deno.test("ipamView() gives nobody a wish that waits, whoever is older", () => {
  const annotations = { "kube-vip.io/loadbalancerIPs": "10.0.0.2", "berth.dev/pending": "in-use" };
  const labels = { implementation: "kube-vip" };
  const asks = wishService("a/asks", { annotations, labels });
  const has = {
    ...wishService("a/has"),
    status: { loadBalancer: { ingress: [{ ip: "10.0.0.2" }] } },
  };
  const { config } = parsePoolConfig({ "cidr-global": "10.0.0.0/24" });
  const input = { config, services: [asks, has], namespaceLabels: new Map(), ...ipamView(plain) };
  assert.deepEqual(surveyPools(input).pending.map(({ service }) => service), ["a/asks"]);
  assert.deepEqual(explainPools(input).map(({ ok }) => ok), [false, true]);
});
