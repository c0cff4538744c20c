/** Rows M of the address reference: which changes of a Service matter. */
import assert from "assert";
import { carriesOther, needsUpdate } from "../../../lib/ipam/mod.ts";
import { lbService, type ServiceChange } from "../../fakes/kube_objects.ts";

const udp = (more: object = {}) => ({ spec: { ports: [{ protocol: "UDP", port: 80, ...more }] } });

const rows: readonly {
  readonly row: string;
  readonly before: object;
  readonly after: object;
  readonly needed: boolean;
}[] = [
  { row: "M1 targetPort unset → 1", before: udp(), after: udp({ targetPort: 1 }), needed: true },
  {
    row: "M2 address in the status",
    before: { ingress: [{ ip: "8.8.8.8" }] },
    after: { ingress: [{ ip: "1.1.1.1" }] },
    needed: false,
  },
  {
    row: "M3 appProtocol",
    before: udp({ appProtocol: "UDP" }),
    after: udp({ appProtocol: "SCTP" }),
    needed: true,
  },
  {
    row: "M4 externalTrafficPolicy Local → unset",
    before: { spec: { externalTrafficPolicy: "Local" } },
    after: {},
    needed: true,
  },
  {
    row: "M5 ipFamilies none → IPv4",
    before: { spec: { ipFamilies: [] } },
    after: { spec: { ipFamilies: ["IPv4"] } },
    needed: true,
  },
  {
    row: "M6 loadBalancerIP unset → 10.0.0.1",
    before: {},
    after: { spec: { loadBalancerIP: "10.0.0.1" } },
    needed: true,
  },
  {
    row: "a mark of ours that somebody took away",
    before: { metadata: { labels: { implementation: "kube-vip" } } },
    after: {},
    needed: true,
  },
];

for (const { row, before, after, needed } of rows) {
  Deno.test(`needsUpdate() ${row}`.replace(/^needsUpdate\(\) (M\d)/, "$1 needsUpdate()"), () => {
    const [one, two] = [before, after].map((change) => lbService(change as ServiceChange));
    assert.ok(one !== undefined && two !== undefined);
    assert.equal(needsUpdate(one, two), needed);
  });
}

Deno.test("carriesOther() sees the addresses of the status", () => {
  const [a, b] = ["8.8.8.8", "1.1.1.1"].map((ip) => lbService({ ingress: [{ ip }] }));
  assert.ok(a !== undefined && b !== undefined);
  assert.equal(carriesOther(a, b), true);
  assert.equal(carriesOther(a, lbService({ ingress: [{ ip: "8.8.8.8" }, {}] })), false);
});
