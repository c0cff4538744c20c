/** Rows J of the address reference: one Service from before to after, on the API emulator. */
import assert from "assert";
import {
  addressOf,
  annotationsOf,
  finalizer,
  given,
  IpamBed,
  label,
  type ServicePlan,
} from "../fakes/ipam_bed.ts";

const dual = { ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv6", "IPv4"] };
const v6 = { ipFamilies: ["IPv6"] };
const device = "kube-vip.io/serviceInterface";

const rows: readonly {
  readonly row: string;
  readonly before: ServicePlan;
  readonly pools?: Readonly<Record<string, string>>;
  readonly place?: string;
  readonly after: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly field?: string;
  };
}[] = [
  {
    row: "J1 the field of old versions is copied into the annotation",
    before: {
      labels: { ...label, "ipam-address": "192.168.1.1" },
      spec: { loadBalancerIP: "192.168.1.1" },
    },
    after: { labels: label, annotations: { [given]: "192.168.1.1" }, field: "192.168.1.1" },
  },
  {
    row: "J2 an empty Service gets label, annotation and field",
    before: {},
    pools: { "cidr-global": "192.168.1.1/24" },
    after: { labels: label, annotations: { [given]: "192.168.1.1" }, field: "192.168.1.1" },
  },
  {
    row: "J3 an address in the annotation is labelled, and the field stays empty",
    before: { annotations: { [given]: "192.168.1.1" } },
    after: { labels: label, annotations: { [given]: "192.168.1.1" } },
  },
  {
    row: "J4 an IPv6 pool",
    before: { spec: v6 },
    pools: { "cidr-global": "fe80::10/126" },
    after: { labels: label, annotations: { [given]: "fe80::10" }, field: "fe80::10" },
  },
  {
    row: "J5 the ConfigMap's name and namespace are settings",
    before: {},
    place: "load-balancer-ns/load-balancer",
    pools: { "cidr-global": "192.168.1.1/24" },
    after: { labels: label, annotations: { [given]: "192.168.1.1" }, field: "192.168.1.1" },
  },
  {
    row: "J6 both families, IPv6 first",
    before: { spec: dual },
    pools: { "cidr-global": "10.120.120.1/24,fe80::10/126" },
    after: { labels: label, annotations: { [given]: "fe80::10,10.120.120.1" }, field: "fe80::10" },
  },
  {
    row: "J7 the interface of all namespaces",
    before: {},
    pools: { "cidr-global": "192.168.1.1/24", "interface-global": "eth0" },
    after: {
      labels: label,
      annotations: { [given]: "192.168.1.1", [device]: "eth0" },
      field: "192.168.1.1",
    },
  },
  {
    row: "J8 the interface of the Service's namespace",
    before: {},
    pools: { "cidr-global": "192.168.1.1/24", "interface-test": "eth0" },
    after: {
      labels: label,
      annotations: { [given]: "192.168.1.1", [device]: "eth0" },
      field: "192.168.1.1",
    },
  },
  {
    row: "J9 the interface of another namespace does not count",
    before: {},
    pools: { "cidr-global": "192.168.1.1/24", "interface-what": "eth0" },
    after: { labels: label, annotations: { [given]: "192.168.1.1" }, field: "192.168.1.1" },
  },
];

for (const { row, before, pools, place = "kube-system/kubevip", after } of rows) {
  Deno.test(row, async () => {
    const [poolNamespace = "", poolConfigMap = ""] = place.split("/");
    await using bed = await IpamBed.open(undefined, {
      settings: { poolNamespace, poolConfigMap },
      namespaces: poolNamespace === "kube-system" ? [] : [poolNamespace],
      before: { name: before },
    });
    const path = `/api/v1/namespaces/${poolNamespace}/configmaps`;
    if (pools !== undefined) {
      await bed.api.create(path, { metadata: { name: poolConfigMap }, data: pools });
    }
    const service = await bed.until(
      "name",
      (service) =>
        addressOf(service) === after.annotations[given] &&
        (service.metadata.finalizers ?? []).includes(finalizer),
    );
    const { "berth.dev/field-copy": copy, ...annotations } = annotationsOf(service);
    assert.deepEqual(annotations, after.annotations);
    assert.ok(copy === undefined || copy === annotations[given]);
    assert.deepEqual(service.metadata.labels ?? {}, after.labels ?? {});
    assert.equal(service["spec"].loadBalancerIP, after.field);
  });
}
