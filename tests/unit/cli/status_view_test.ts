import assert from "assert";
import { noPods, servingCondition } from "../../../lib/services/mod.ts";
import {
  age,
  type ClusterReading,
  clusterStatuses,
  statusText,
} from "../../../lib/cli/status_view.ts";
import type { Service } from "../../../lib/kube/types.ts";

const now = Date.parse("2026-01-02T00:05:00Z");

interface Sample {
  readonly name: string;
  readonly ips?: readonly string[];
  readonly message?: string;
  readonly failed?: boolean;
  readonly type?: string;
}

const sample = ({ name, ips = [], message, failed, type = "LoadBalancer" }: Sample): Service => ({
  metadata: { name, namespace: "default", uid: name, resourceVersion: "1" },
  spec: { type, ports: [{ port: 80 }, { port: 53, protocol: "UDP" }] },
  status: {
    loadBalancer: { ingress: ips.map((ip) => ({ ip })) },
    conditions: message === undefined ? [] : [{
      type: servingCondition,
      status: failed === true ? "False" : "True",
      reason: "R",
      message,
      lastTransitionTime: "2026-01-02T00:00:00Z",
    }],
  },
});

const readings: readonly ClusterReading[] = [
  { cluster: "zoo", error: "the API server at https://127.0.0.1:1 does not answer" },
  {
    cluster: "kind",
    services: [
      sample({
        name: "web",
        ips: ["172.18.255.0", "fc00:f853:ccd:e793:ffff::1"],
        message: "kernel plane, announced by kind-worker",
      }),
      sample({
        name: "api",
        failed: true,
        message: "every address of 172.18.255.0/24 is in use: delete a Service or add a pool",
      }),
      sample({ name: "internal", type: "ClusterIP" }),
    ],
  },
  { cluster: "empty", services: [] },
];

Deno.test("statusText() shows a block per cluster, errors below their row", () => {
  assert.equal(
    statusText(clusterStatuses(readings), { now }),
    `CLUSTER empty
  no Service of type LoadBalancer

CLUSTER kind
NAME         ADDRESS       PORTS      PLANE   NODE         SINCE  READY
default/api  -             80,53/udp  -       -            5m     no
  every address of 172.18.255.0/24 is in use: delete a Service or add a pool
default/web  172.18.255.0  80,53/udp  kernel  kind-worker  5m     yes
             fc00:f853:ccd:e793:ffff::1

CLUSTER zoo
  the API server at https://127.0.0.1:1 does not answer
`,
  );
});

Deno.test("statusText() keeps to 80 columns with long names and IPv6 addresses", () => {
  const long = sample({
    name: "a-service-with-a-remarkably-long-name-that-goes-on",
    ips: ["fc00:f853:0ccd:e793:ffff:ffff:ffff:fff1"],
    message: "kernel plane, announced by a-cluster-with-a-long-name-worker12",
  });
  const text = statusText(clusterStatuses([{ cluster: "kind", services: [long] }]), { now });
  assert.deepEqual(text.split("\n").filter((line) => line.length > 80), []);
  assert.match(text, /\(below\)/);
  assert.match(text, /^ +fc00:f853:0ccd:e793:ffff:ffff:ffff:fff1$/m);
});

Deno.test("statusText() does not call a Service ready that has no Pods", () => {
  const without = (name: string, ...ports: readonly string[]) =>
    sample({ name, ips: ["172.18.255.1"], message: `kernel plane; ${noPods(ports).text}` });
  const services = [without("half", "UDP/53"), without("none", "TCP/80", "UDP/53")];
  assert.equal(
    statusText(clusterStatuses([{ cluster: "kind", services }]), { now }),
    `CLUSTER kind
NAME          ADDRESS       PORTS      PLANE   NODE  SINCE  READY
default/half  172.18.255.1  80,53/udp  kernel  -     5m     in part
  no Pod is ready for port UDP/53: check spec.selector, targetPort and the Pods'
  readiness
default/none  172.18.255.1  80,53/udp  kernel  -     5m     no pods
  no Pod is ready for port TCP/80, UDP/53: check spec.selector, targetPort and
  the Pods' readiness
`,
  );
});

Deno.test("statusText() says what to do when there is no cluster", () => {
  assert.equal(
    statusText([], { now }),
    "no cluster found: create one with kind, or try berth dev\n",
  );
});

Deno.test("clusterStatuses() sorts clusters and rows and keeps our Services only", () => {
  const found = clusterStatuses(readings).map(({ cluster, services }) => [
    cluster,
    services.map(({ name }) => name),
  ]);
  assert.deepEqual(found, [["empty", []], ["kind", ["api", "web"]], ["zoo", []]]);
});

const ages = [
  { ago: -5, expected: "0s" },
  { ago: 0, expected: "0s" },
  { ago: 119, expected: "119s" },
  { ago: 120, expected: "2m" },
  { ago: 7_199, expected: "119m" },
  { ago: 7_200, expected: "2h" },
  { ago: 172_800, expected: "2d" },
];

for (const { ago, expected } of ages) {
  Deno.test(`age() of ${ago} s is ${expected}`, () => {
    assert.equal(age(new Date(now - ago * 1000).toISOString(), now), expected);
  });
}

Deno.test("age() of nothing or nonsense is a dash", () => {
  assert.equal(age(undefined, now), "-");
  assert.equal(age("soon", now), "-");
});

Deno.test("statusText() points to Gateways and Ingresses where there are any", () => {
  const text = (hasRoutes: boolean) =>
    statusText(clusterStatuses([{ cluster: "kind", services: [], hasRoutes }]), { now });
  assert.match(text(true), /\n\nGateways and Ingresses: berth status gateways\n$/);
  assert.doesNotMatch(text(false), /berth status gateways/);
});

Deno.test("statusText() says so when no berth serves a cluster", () => {
  const text = (served?: boolean) =>
    statusText(
      clusterStatuses([{
        cluster: "kind",
        services: [],
        ...served === undefined ? {} : { served },
      }]),
      { now },
    );
  assert.match(text(false), /^CLUSTER kind\n {2}no berth serves this cluster: start berth run\n/);
  for (const known of [true, undefined]) assert.doesNotMatch(text(known), /no berth/);
});

Deno.test("statusText() shows whole names in a wide terminal", () => {
  const name = "n".repeat(70);
  const services = [sample({ name })];
  const text = (width?: number) =>
    statusText(clusterStatuses([{ cluster: "kind", services }]), { now, width });
  assert.ok(!text().includes(name));
  assert.ok(text(200).includes(name));
});
