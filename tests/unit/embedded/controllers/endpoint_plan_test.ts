import assert from "assert";
import fc from "fast-check";
import {
  planSlices,
  type SliceChanges,
} from "../../../../lib/embedded/controllers/endpoint_plan.ts";
import { asArray, at, type JsonObject } from "../../../../lib/embedded/json.ts";
import type { Service, ServiceSpec } from "../../../../lib/embedded/service_types.ts";
import type { KubeObject } from "../../../../lib/embedded/types.ts";

function service(spec: ServiceSpec = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "s" },
    spec: { ipFamilies: ["IPv4"], ports: [{ port: 80 }], ...spec },
  };
}

interface PodShape {
  readonly ready?: boolean;
  readonly leaving?: boolean;
  readonly phase?: string;
  readonly port?: number;
  readonly ips?: readonly string[];
}

function pod(
  n: number,
  { ready = true, leaving, phase = "Running", port, ips }: PodShape = {},
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `p${n}`,
      namespace: "n",
      uid: `u${n}`,
      ...(leaving && { deletionTimestamp: "x" }),
    },
    spec: {
      nodeName: "node",
      containers: [{ ports: port === undefined ? [] : [{ name: "web", containerPort: port }] }],
    },
    status: {
      phase,
      podIPs: (ips ?? [`10.0.${n >> 8}.${n & 255}`]).map((ip) => ({ ip })),
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  };
}

function slice(name: string, plan: JsonObject): KubeObject {
  return { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata: { name }, ...plan };
}

/** The slices after the changes. */
function applied(slices: readonly KubeObject[], changes: SliceChanges): readonly KubeObject[] {
  const kept = slices.filter((old) => !changes.remove.includes(old)).map((old) => {
    const next = changes.update.find((update) => update.slice === old);
    return next ? { ...old, endpoints: next.endpoints, ports: next.ports } : old;
  });
  return [
    ...kept,
    ...changes.create.map((plan, i) => slice(`new-${slices.length}-${i}`, { ...plan })),
  ];
}

function addresses(slices: readonly KubeObject[]): readonly string[] {
  return slices.flatMap((one) =>
    asArray(one["endpoints"]).map((e) => String(asArray(at(e, "addresses"))[0]))
  ).sort();
}

Deno.test("endpoints tell ready, serving and terminating apart", () => {
  const pods = [
    pod(1),
    pod(2, { ready: false }),
    pod(3, { leaving: true }),
    pod(4, { phase: "Succeeded" }),
    pod(5, { ips: [] }),
  ];
  const conditions = (spec: ServiceSpec) =>
    planSlices(service(spec), pods, []).create[0]?.endpoints.map((e) =>
      Object.values(at(e, "conditions") as JsonObject).map(Number).join("")
    );
  assert.deepEqual(conditions({}), ["110", "000", "011"]);
  assert.deepEqual(conditions({ publishNotReadyAddresses: true }), ["110", "100", "111"]);
});

Deno.test("named target ports make a slice for each number, and each family has its own", () => {
  const pods = [
    pod(1, { port: 8_080 }),
    pod(2, { port: 9_090, ips: ["10.0.0.2", "fd00::2"] }),
    pod(3),
  ];
  const spec: ServiceSpec = {
    ipFamilies: ["IPv4", "IPv6"],
    ports: [{ name: "a", port: 80, targetPort: "web", appProtocol: "http" }],
  };
  const plans = planSlices(service(spec), pods, []).create.map((
    { addressType, endpoints, ports },
  ) =>
    `${addressType} ${endpoints.length} ${
      ports.map((port) => `${port["name"]}:${port["port"]}:${port["appProtocol"]}`).join()
    }`
  );
  assert.deepEqual(plans, [
    "IPv4 1 a:8080:http",
    "IPv4 1 a:9090:http",
    "IPv4 1 ",
    "IPv6 1 a:9090:http",
  ]);
});

Deno.test("a Service without Pods keeps one empty slice", () => {
  const { create } = planSlices(service(), [], []);
  assert.deepEqual(create, [{ addressType: "IPv4", endpoints: [], ports: [] }]);
  const slices = create.map((plan) => slice("a", { ...plan }));
  assert.deepEqual(planSlices(service(), [], slices), { create: [], update: [], remove: [] });
});

Deno.test("from any slices the plan reaches all endpoints, each once, and then rests", () => {
  const sets = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 350 }), { maxLength: 350 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(sets, (rounds) => {
      let slices: readonly KubeObject[] = [];
      for (const numbers of rounds) {
        const pods = numbers.map((n) => pod(n));
        slices = applied(slices, planSlices(service(), pods, slices));
        assert.deepEqual(
          addresses(slices),
          addresses([
            slice("x", {
              endpoints: pods.map((p) => ({
                addresses: [at(asArray(at(p.status, "podIPs"))[0], "ip") ?? ""],
              })),
            }),
          ]),
        );
        assert.ok(slices.every((one) => asArray(one["endpoints"]).length <= 100));
        assert.deepEqual(planSlices(service(), pods, slices), {
          create: [],
          update: [],
          remove: [],
        });
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("one Pod more touches one slice", () => {
  const pods = Array.from({ length: 150 }, (_, i) => pod(i + 1));
  const slices = applied([], planSlices(service(), pods, []));
  const changes = planSlices(service(), [...pods, pod(200)], slices);
  assert.deepEqual([changes.create.length, changes.update.length, changes.remove.length], [
    0,
    1,
    0,
  ]);
});
