import assert from "assert";
import { wishOf } from "../../../lib/ipam/wish.ts";
import type { Service } from "../../../lib/kube/types.ts";
import { lbService } from "../../fakes/kube_objects.ts";

const given = "kube-vip.io/loadbalancerIPs";
const labels = { implementation: "kube-vip" };

function service(annotations: Record<string, string>, field = "", marks = {}): Service {
  const spec = field === "" ? {} : { loadBalancerIP: field };
  return lbService({ spec, metadata: { annotations, labels: marks } });
}

const one = service({ [given]: "10.0.0.1" }, "10.0.0.1", labels);
const cases: readonly {
  readonly what: string;
  readonly now: Service;
  readonly served?: Service;
  readonly source: string;
  readonly asks: readonly string[];
}[] = [
  { what: "an empty Service", now: service({}), source: "pools", asks: [] },
  { what: "one that was given an address", now: one, source: "pools", asks: [] },
  {
    what: "an annotation",
    now: service({ [given]: "10.0.0.5" }),
    source: "annotation",
    asks: ["10.0.0.5"],
  },
  { what: "a field", now: service({}, "10.0.0.6"), source: "field", asks: ["10.0.0.6"] },
  {
    what: "both, which differ: the annotation counts, as for kube-vip",
    now: service({ [given]: "10.0.0.5" }, "10.0.0.6"),
    source: "field",
    asks: ["10.0.0.5"],
  },
  {
    what: "an annotation of berth's own",
    now: service({ "berth.dev/addresses": "10.0.0.7", [given]: "10.0.0.1" }, "10.0.0.1", labels),
    source: "foreign",
    asks: ["10.0.0.7"],
  },
  {
    what: "a field that was changed since",
    now: service({ [given]: "10.0.0.1" }, "10.0.0.9", labels),
    served: one,
    source: "field-over-ours",
    asks: ["10.0.0.9"],
  },
  {
    what: "a field that waited before a restart",
    now: service({ [given]: "10.0.0.1", "berth.dev/field-copy": "10.0.0.1" }, "10.0.0.9", labels),
    source: "field-over-ours",
    asks: ["10.0.0.9"],
  },
  {
    what: "a field that was set back",
    now: service({ [given]: "10.0.0.1", "berth.dev/field-copy": "10.0.0.1" }, "10.0.0.1", labels),
    source: "pools",
    asks: [],
  },
  {
    what: "an annotation that was changed since",
    now: service({ [given]: "10.0.0.9" }, "10.0.0.1", labels),
    served: one,
    source: "annotation",
    asks: ["10.0.0.9"],
  },
];

for (const { what, now, served, source, asks } of cases) {
  Deno.test(`wishOf() reads ${what}`, () => {
    const wish = wishOf(now, {
      key: "ns/web",
      namespaceLabels: {},
      served,
    });
    assert.equal(wish.source, source);
    assert.deepEqual(wish.ask.requested, asks);
  });
}

for (const [before, after, isNew] of [["x", "x", undefined], ["x", "y", true], ["", "y", true]]) {
  Deno.test(`wishOf() knows that "${after}" after "${before}" is ${isNew ? "a new" : "no new"} pool`, () => {
    const asks = (pool: unknown) =>
      service(pool === "" ? {} : { "berth.dev/address-pool": `${pool}` });
    const wish = (served: Service | undefined) =>
      wishOf(asks(after), {
        key: "ns/web",
        namespaceLabels: {},
        served,
      });
    assert.equal(wish(asks(before)).ask.isPoolNew, isNew);
    // nobody knows after a restart
    assert.equal(wish(undefined).ask.isPoolNew, undefined);
  });
}
