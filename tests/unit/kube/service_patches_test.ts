import assert from "assert";
import {
  addFinalizerPatch,
  loadBalancerFinalizer,
  removeFinalizerPatch,
  servicePath,
  statusPatch,
} from "../../../lib/kube/mod.ts";
import { ApiBed } from "../../fakes/api_bed.ts";

const services = "/api/v1/namespaces/default/services";
const options = { type: "strategic-merge", signal: new AbortController().signal } as const;
const condition = (type: string, reason: string) => ({
  ...{ type, status: "True" as const, reason, message: "" },
  lastTransitionTime: "2026-01-01T00:00:00Z",
});

function web(finalizers: readonly string[] = []): unknown {
  return {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "web", finalizers } },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  };
}

Deno.test("servicePath() escapes what is no name", () => {
  assert.equal(servicePath("default/web"), `${services}/web`);
  assert.equal(servicePath("a b/c?d"), "/api/v1/namespaces/a%20b/services/c%3Fd");
});

Deno.test("finalizer patches touch only our finalizer, and may be sent twice", async () => {
  await using bed = new ApiBed();
  await bed.create(services, web(["example.com/theirs"]));
  const path = servicePath("default/web");
  for (
    const [patch, expected] of [
      [addFinalizerPatch(), [loadBalancerFinalizer, "example.com/theirs"]],
      [removeFinalizerPatch(), ["example.com/theirs"]],
    ] as const
  ) {
    for (let times = 0; times < 2; times++) {
      await bed.client.patch(path, patch, options);
      const { metadata } = await bed.get(path);
      assert.deepEqual(metadata.finalizers?.toSorted(), expected.toSorted());
    }
  }
});

Deno.test("statusPatch() replaces addresses and merges conditions", async () => {
  await using bed = new ApiBed();
  await bed.create(services, web());
  const path = `${servicePath("default/web")}/status`;
  const write = (ips: readonly string[], reason: string, type = "berth.dev/Serving") =>
    bed.client.patch(
      path,
      statusPatch({
        loadBalancer: { ingress: ips.map((ip) => ({ ip })) },
        conditions: [condition(type, reason)],
      }),
      options,
    );
  await write(["10.0.0.1", "fc00::1"], "Served", "example.com/Other");
  await write(["10.0.0.2"], "First");
  await write(["10.0.0.3"], "Second");
  const { status } = await bed.get(servicePath("default/web"));
  const ips = status.loadBalancer.ingress.map(({ ip }: { ip: string }) => ip);
  assert.deepEqual(ips, ["10.0.0.3"]);
  const reasons = status.conditions.map(({ type, reason }: { type: string; reason: string }) =>
    `${type} ${reason}`
  );
  assert.deepEqual(reasons.toSorted(), ["berth.dev/Serving Second", "example.com/Other Served"]);
  await write([], "Released");
  const cleared = await bed.get(servicePath("default/web"));
  assert.deepEqual(cleared["status"].loadBalancer.ingress ?? [], []);
});

Deno.test("statusPatch() without addresses or conditions says so", () => {
  assert.deepEqual(statusPatch({}), { status: { loadBalancer: { ingress: null } } });
});
