import assert from "assert";
import { explainPools, surveyPools } from "../../../lib/addresses/mod.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";
import type { Service } from "../../../lib/kube/types.ts";
import { wishService } from "../../fakes/address_bed.ts";

function input(services: readonly Service[], data: Record<string, string> = {}) {
  const { config } = parsePoolConfig({ "range-global": "10.0.0.1-10.0.0.2", ...data });
  const foreign = ({ spec }: Service) => spec.loadBalancerClass;
  const existing = ({ status }: Service) =>
    (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  return {
    config,
    services,
    namespaceLabels: new Map([["dev", { team: "a" }]]),
    foreign,
    existing,
  };
}

function given(key: string, ip: string, creationTimestamp?: string): Service {
  const service = wishService(key);
  const time = creationTimestamp === undefined ? {} : { creationTimestamp };
  const status = { loadBalancer: { ingress: [{ ip }] } };
  return { ...service, metadata: { ...service.metadata, ...time }, status };
}

Deno.test("explainPools() gives addresses in order and says why one gets none", () => {
  const services = ["a/a", "a/b", "a/c"].map((key) => wishService(key));
  const rows = explainPools(
    input([...services, wishService("a/d", { spec: { type: "ClusterIP" } })]),
  );
  assert.deepEqual(rows.map(({ service, addresses, ok }) => [service, addresses.join(), ok]), [
    ["a/a", "10.0.0.1", true],
    ["a/b", "10.0.0.2", true],
    ["a/c", "", false],
  ]);
  assert.match(rows[2]?.reason ?? "", /^no addresses available in \[a\] range/);
});

Deno.test("explainPools() lets Services keep what they have, before anything is given", () => {
  const rows = explainPools(input([wishService("a/new"), given("a/old", "10.0.0.1")]));
  assert.deepEqual(rows.map(({ addresses }) => addresses.join()), ["10.0.0.2", "10.0.0.1"]);
  assert.equal(rows[1]?.reason, "it has it already");
});

Deno.test("explainPools() leaves foreign Services alone, and their addresses too", () => {
  const foreign = given("a/foreign", "10.0.0.1");
  const spec = { ...foreign.spec, loadBalancerClass: "x/y" };
  const rows = explainPools(input([{ ...foreign, spec }, wishService("a/b")]));
  assert.deepEqual(rows.map(({ addresses, ok }) => [addresses.join(), ok]), [
    ["10.0.0.1", true],
    ["10.0.0.2", true],
  ]);
  assert.equal(rows[0]?.reason, "left alone: x/y");
});

Deno.test("explainPools() selects by the labels of namespaces", () => {
  const pool = { "pool-team": "{addresses: 10.7.0.0/24, namespaceSelector: {team: a}}" };
  const rows = explainPools(input([wishService("dev/a"), wishService("prod/a")], pool));
  assert.deepEqual(rows.map(({ pool }) => pool), ["pool-team", "range-global"]);
});

Deno.test("surveyPools() says why a Service of others without an address is left alone", () => {
  const spec = { loadBalancerClass: "x/y" };
  const theirs = given("a/has", "10.0.0.1");
  const services = [wishService("a/b", { spec }), { ...theirs, spec: { ...theirs.spec, ...spec } }];
  const { pending } = surveyPools(input(services));
  assert.deepEqual(pending, [{ service: "a/b", reason: "left alone: x/y" }]);
});

Deno.test("surveyPools() gives nothing, and lets the oldest have what two claim", () => {
  const survey = surveyPools(input([
    given("a/young", "10.0.0.1", "2026-01-02T00:00:00Z"),
    given("a/old", "10.0.0.1", "2026-01-01T00:00:00Z"),
    wishService("a/waits"),
  ]));
  assert.deepEqual(survey.conflicts, [
    { address: "10.0.0.1", holders: ["a/old"], claimants: ["a/young"] },
  ]);
  assert.deepEqual(survey.usage.map(({ used }) => used), [1]);
  assert.match(survey.pending.at(-1)?.reason ?? "", /^waits for 10\.0\.0\.2: is the controller/);
});

Deno.test("explainPools() and surveyPools() count what is reserved as used, and give it to nobody", () => {
  const reserved = new Map([["10.0.0.1", "node one"], ["10.0.0.2", "node two"]]);
  const base = input([given("a/old", "10.0.0.2"), wishService("a/new")]);
  const [kept, none] = explainPools({ ...base, reserved });
  assert.deepEqual([kept?.addresses, none?.addresses], [["10.0.0.2"], []]);
  const { usage, conflicts } = surveyPools({ ...base, reserved });
  assert.deepEqual(usage.map(({ size, used }) => [size, used]), [[2n, 2]]);
  assert.deepEqual(conflicts, [
    { address: "10.0.0.2", holders: ["node two"], claimants: ["a/old"] },
  ]);
});
