import assert from "assert";
import { addressRequest, addressUse } from "../../../lib/services/mod.ts";
import { lbService, type ServiceChange } from "../../fakes/kube_objects.ts";

const dual = { ipFamilies: ["IPv4", "IPv6"] } as const;
const annotated = (name: string, value: string, spec = {}): ServiceChange => ({
  annotations: { [name]: value },
  spec,
});

Deno.test("addressRequest() reads what a Service asks for", () => {
  const cases: readonly (readonly [string, ServiceChange, readonly string[]])[] = [
    ["nothing", {}, []],
    ["loadBalancerIP", { spec: { loadBalancerIP: "172.18.255.7" } }, ["172.18.255.7"]],
    ["loadBalancerIP with blanks", { spec: { loadBalancerIP: " 172.18.255.7 " } }, [
      "172.18.255.7",
    ]],
    ["loadBalancerIP empty", { spec: { loadBalancerIP: " " } }, []],
    ["our annotation", annotated("berth.dev/addresses", "172.18.255.7"), ["172.18.255.7"]],
    ["kube-vip's", annotated("kube-vip.io/loadbalancerIPs", "172.18.255.7"), ["172.18.255.7"]],
    ["MetalLB's", annotated("metallb.io/loadBalancerIPs", "172.18.255.7"), ["172.18.255.7"]],
    ["MetalLB's old one", annotated("metallb.universe.tf/loadBalancerIPs", "172.18.255.7"), [
      "172.18.255.7",
    ]],
    [
      "the annotation before the field",
      annotated("berth.dev/addresses", "10.0.0.1", { loadBalancerIP: "10.0.0.2" }),
      ["10.0.0.1"],
    ],
    [
      "both families, made canonical",
      annotated("berth.dev/addresses", "FC00:0:0::1, 10.0.0.1", dual),
      ["fc00::1", "10.0.0.1"],
    ],
  ];
  for (const [what, change, requested] of cases) {
    assert.deepEqual(addressRequest(lbService(change)).requested, requested, what);
  }
});

Deno.test("addressRequest() keeps the order of the families", () => {
  const cases: readonly (readonly [NonNullable<ServiceChange["spec"]>, readonly string[]])[] = [
    [{ ipFamilies: ["IPv6"] }, ["IPv6"]],
    [{ ipFamilies: ["IPv6", "IPv4"], ipFamilyPolicy: "PreferDualStack" }, ["IPv6", "IPv4"]],
    [{ ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "RequireDualStack" }, ["IPv4", "IPv6"]],
  ];
  for (const [spec, families] of cases) {
    assert.deepEqual(addressRequest(lbService({ spec })).families, families);
  }
});

Deno.test("addressRequest() guesses the families of an old API server from cluster IPs", () => {
  const cases: readonly (readonly [NonNullable<ServiceChange["spec"]>, readonly string[]])[] = [
    [{ clusterIPs: ["fd00::1", "10.96.0.1"] }, ["IPv6", "IPv4"]],
    [{ clusterIP: "fd00::1" }, ["IPv6"]],
    [{ clusterIP: "None" }, ["IPv4"]],
    [{}, ["IPv4"]],
  ];
  for (const [spec, families] of cases) {
    const { ipFamilies: _, ...rest } = lbService().spec;
    const service = { ...lbService(), spec: { ...rest, ...spec } };
    assert.deepEqual(addressRequest(service).families, families);
  }
});

Deno.test("addressRequest() refuses what it cannot give, naming field, value and remedy", () => {
  const cases: readonly (readonly [string, ServiceChange, string])[] = [
    [
      "text that is no address",
      { spec: { loadBalancerIP: "example.com" } },
      'spec.loadBalancerIP is "example.com": write an IP address like 172.18.255.10',
    ],
    [
      "a number too large",
      annotated("berth.dev/addresses", "10.0.0.256"),
      'annotation berth.dev/addresses is "10.0.0.256": write an IP address like 172.18.255.10',
    ],
    [
      "a range",
      annotated("metallb.io/loadBalancerIPs", "10.0.0.1-10.0.0.3"),
      'annotation metallb.io/loadBalancerIPs is "10.0.0.1-10.0.0.3": write an IP address like ' +
      "172.18.255.10",
    ],
    [
      "a family that the Service lacks",
      annotated("berth.dev/addresses", "fc00::1"),
      'annotation berth.dev/addresses is "fc00::1", but the Service has only IPv4: ask for an ' +
      "address of that family or change spec.ipFamilies",
    ],
    [
      "two of one family",
      annotated("berth.dev/addresses", "10.0.0.1,10.0.0.2", dual),
      "annotation berth.dev/addresses names 10.0.0.1 and 10.0.0.2: one IPv4 address is allowed",
    ],
  ];
  for (const [what, change, message] of cases) {
    const read = () => addressRequest(lbService(change));
    assert.throws(read, { name: "AppError", kind: "invalid", message }, what);
  }
});

Deno.test("addressUse() lists ports in one order, TCP when the protocol is left out", () => {
  const ports = [
    { port: 53, protocol: "UDP" },
    { port: 53 },
    { port: 132, protocol: "SCTP" },
  ] as const;
  assert.deepEqual(addressUse(lbService({ spec: { ports } })), {
    ports: ["SCTP/132", "TCP/53", "UDP/53"],
    sharingKey: "",
  });
});

Deno.test("addressUse() reads the sharing key, ours first", () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{}, ""],
    [{ "metallb.universe.tf/allow-shared-ip": "old" }, "old"],
    [{ "metallb.io/allow-shared-ip": "new", "metallb.universe.tf/allow-shared-ip": "old" }, "new"],
    [{ "berth.dev/allow-shared-ip": "ours", "metallb.io/allow-shared-ip": "new" }, "ours"],
  ];
  for (const [annotations, key] of cases) {
    assert.equal(addressUse(lbService({ annotations })).sharingKey, key);
  }
});
