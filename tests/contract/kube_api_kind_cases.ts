import assert from "assert";
import { type ApiBed, type ApiCase, type Body, causeFields } from "./kube_api_bed.ts";

function replicaSet(name: string): Body {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "x" }] } };
  return { metadata: { name }, spec: { replicas: 0, selector: { matchLabels: labels }, template } };
}

async function waitGone(bed: ApiBed, path: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if ((await bed.call("GET", path)).status === 404) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${path} is still there after 10 s`);
}

function slice(name: string, more: Body = {}): Body {
  return {
    metadata: { name },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"] }],
    ports: [{ port: 80 }],
    ...more,
  };
}

/** What other kinds than Services do. */
export const KIND_CASES: Readonly<Record<string, ApiCase>> = {
  "core events are events of events.k8s.io too": async (bed) => {
    const involvedObject = { kind: "Service", name: "web", namespace: bed.namespace };
    await bed.create(bed.path("events"), {
      metadata: { name: "web.1" },
      involvedObject,
      reason: "Because",
      message: "hello",
      type: "Normal",
      source: { component: "berth" },
      count: 2,
    });
    const { body } = await bed.call("GET", bed.groupPath("events.k8s.io/v1", "events", "web.1"));
    assert.equal(body["apiVersion"], "events.k8s.io/v1");
    assert.equal(body["note"], "hello");
    assert.equal(body["regarding"].name, "web");
    assert.equal(body["deprecatedCount"], 2);
  },

  "events are found by what they are about": async (bed) => {
    for (const name of ["a", "b"]) {
      await bed.create(bed.path("events"), {
        metadata: { generateName: "e-" },
        involvedObject: { kind: "Service", name, namespace: bed.namespace },
      });
    }
    const query = "fieldSelector=involvedObject.name%3Da,involvedObject.kind%3DService";
    const { body } = await bed.call("GET", `${bed.path("events")}?${query}`);
    assert.equal(body["items"].length, 1);
  },

  "an event of another namespace is refused": async (bed) => {
    const answer = await bed.call("POST", bed.path("events"), {
      metadata: { generateName: "e-" },
      involvedObject: { kind: "Service", name: "x", namespace: "other" },
    });
    assert.equal(answer.status, 422);
    assert.deepEqual(causeFields(answer), ["involvedObject.namespace FieldValueInvalid"]);
  },

  "plain text of a Secret is kept as base64": async (bed) => {
    const made = await bed.create(bed.path("secrets"), {
      metadata: { name: "s" },
      stringData: { a: "hello" },
    });
    assert.equal(made["type"], "Opaque");
    assert.deepEqual(made["data"], { a: "aGVsbG8=" });
    assert.equal(made["stringData"], undefined);
  },

  "data that is no text or no base64 is a 400": async (bed) => {
    const post = (plural: string, data: Body) =>
      bed.call("POST", bed.path(plural), { metadata: { name: "bad" }, data });
    assert.equal((await post("configmaps", { a: 5 })).status, 400);
    assert.equal((await post("secrets", { a: "not base64!" })).status, 400);
  },

  "an event shows what nobody set as blank": async (bed) => {
    const made = await bed.create(bed.path("events"), {
      metadata: { name: "blank" },
      involvedObject: { kind: "Service", name: "x", namespace: bed.namespace },
    });
    assert.partialDeepStrictEqual(made, {
      source: {},
      firstTimestamp: null,
      eventTime: null,
      reportingComponent: "",
    });
  },

  "a lease is renewed and refuses a senseless duration": async (bed) => {
    const path = bed.groupPath("coordination.k8s.io/v1", "leases");
    const spec = { holderIdentity: "me", leaseDurationSeconds: 15 };
    const made = await bed.create(path, { metadata: { name: "l" }, spec });
    const put = await bed.call("PUT", `${path}/l`, {
      ...made,
      spec: { ...spec, holderIdentity: "you" },
    });
    assert.equal(put.body["spec"].holderIdentity, "you");
    assert.equal((await bed.call("PUT", `${path}/l`, made)).status, 409);
    const bad = await bed.merge(`${path}/l`, { spec: { leaseDurationSeconds: 0 } });
    assert.deepEqual(causeFields(bad), ["spec.leaseDurationSeconds FieldValueInvalid"]);
  },

  "an EndpointSlice gets defaults and keeps its address type": async (bed) => {
    const path = bed.groupPath("discovery.k8s.io/v1", "endpointslices");
    const made = await bed.create(path, slice("good"));
    assert.deepEqual(made["ports"], [{ name: "", port: 80, protocol: "TCP" }]);
    assert.deepEqual(made["endpoints"], [{ addresses: ["10.1.2.3"], conditions: {} }]);
    const changed = await bed.merge(`${path}/good`, {
      addressType: "IPv6",
      endpoints: [{ addresses: ["fd00::1"] }],
    });
    assert.equal(changed.status, 422);
    assert.ok(causeFields(changed).includes("addressType FieldValueInvalid"));
    const empty = await bed.create(path, slice("empty", { endpoints: [], ports: [] }));
    assert.deepEqual([empty["endpoints"], empty["ports"]], [null, null]);
    for (const more of [{ addressType: "Nope" }, { endpoints: [{ addresses: [] }] }]) {
      assert.equal((await bed.call("POST", path, slice("bad", more))).status, 422);
    }
  },

  "scale shows and changes replicas": async (bed) => {
    const path = bed.groupPath("apps/v1", "replicasets");
    await bed.create(path, replicaSet("scaled"));
    const scale = await bed.call("GET", `${path}/scaled/scale`);
    assert.partialDeepStrictEqual(scale.body, {
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      status: { selector: "app=scaled" },
    });
    // unschedulable on purpose: the count matters, not the Pods
    const patch = await bed.merge(`${path}/scaled/scale`, { spec: { replicas: 0 } });
    assert.equal(patch.status, 200);
    const put = await bed.call("PUT", `${path}/scaled/scale`, {
      ...scale.body,
      metadata: { name: "scaled" },
      spec: { replicas: 1 },
    });
    assert.equal(put.status, 200, JSON.stringify(put.body));
    assert.equal((await bed.call("GET", `${path}/scaled`)).body["spec"].replicas, 1);
  },

  "a Deployment gets defaults and keeps its selector": async (bed) => {
    const path = bed.groupPath("apps/v1", "deployments");
    const made = await bed.create(path, replicaSet("dep"));
    assert.partialDeepStrictEqual(made["spec"], {
      replicas: 0,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
      },
    });
    assert.partialDeepStrictEqual(made["spec"].template.spec, {
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      terminationGracePeriodSeconds: 30,
      schedulerName: "default-scheduler",
    });
    const labels = { app: "other" };
    const patch = {
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
    };
    const answer = await bed.merge(`${path}/dep`, patch);
    assert.equal(answer.status, 422);
    assert.ok(causeFields(answer).includes("spec.selector FieldValueInvalid"));
  },

  "a Deployment whose labels do not match its selector is refused": async (bed) => {
    const body = replicaSet("odd");
    body["spec"].template.metadata.labels = { app: "else" };
    const answer = await bed.call("POST", bed.groupPath("apps/v1", "deployments"), body);
    assert.deepEqual(causeFields(answer), ["spec.template.metadata.labels FieldValueInvalid"]);
  },

  "what an owner leaves behind is collected": async (bed) => {
    const owner = await bed.create(bed.path("configmaps"), { metadata: { name: "owner" } });
    const { name, uid } = owner["metadata"];
    await bed.create(bed.path("configmaps"), {
      metadata: {
        name: "owned",
        ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name, uid }],
      },
    });
    await bed.call("DELETE", bed.path("configmaps", "owner"));
    await waitGone(bed, bed.path("configmaps", "owned"));
  },

  "orphaned objects stay": async (bed) => {
    const owner = await bed.create(bed.path("configmaps"), { metadata: { name: "parent" } });
    const { name, uid } = owner["metadata"];
    await bed.create(bed.path("configmaps"), {
      metadata: {
        name: "orphan",
        ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name, uid }],
      },
    });
    await bed.call("DELETE", bed.path("configmaps", "parent"), { propagationPolicy: "Orphan" });
    await waitGone(bed, bed.path("configmaps", "parent"));
    const left = await bed.call("GET", bed.path("configmaps", "orphan"));
    assert.equal(left.status, 200);
    assert.equal(left.body["metadata"].ownerReferences, undefined);
  },

  "a foreground deletion takes dependents first": async (bed) => {
    const owner = await bed.create(bed.path("configmaps"), { metadata: { name: "front" } });
    const { name, uid } = owner["metadata"];
    const ref = { apiVersion: "v1", kind: "ConfigMap", name, uid, blockOwnerDeletion: true };
    await bed.create(bed.path("configmaps"), {
      metadata: { name: "back", ownerReferences: [ref] },
    });
    const answer = await bed.call("DELETE", bed.path("configmaps", "front"), {
      propagationPolicy: "Foreground",
    });
    assert.ok(answer.body["metadata"].finalizers.includes("foregroundDeletion"));
    await waitGone(bed, bed.path("configmaps", "front"));
    assert.equal((await bed.call("GET", bed.path("configmaps", "back"))).status, 404);
  },

  "a deleted namespace takes its content and lets nothing in": async (bed) => {
    const name = `${bed.namespace}-x`;
    await bed.create("/api/v1/namespaces", { metadata: { name } });
    const maps = `/api/v1/namespaces/${name}/configmaps`;
    await bed.create(maps, { metadata: { name: "held", finalizers: ["example.com/hold"] } });
    const deleted = await bed.call("DELETE", `/api/v1/namespaces/${name}`);
    assert.equal(deleted.status, 200);
    assert.equal(deleted.body["status"].phase, "Terminating");
    const refused = await bed.call("POST", maps, { metadata: { name: "late" } });
    assert.equal(refused.status, 403);
    assert.match(refused.body["message"], /because it is being terminated/);
    assert.equal((await bed.call("DELETE", `${maps}/held`)).status, 200);
    await bed.merge(`${maps}/held`, { metadata: { finalizers: null } });
    await waitGone(bed, `/api/v1/namespaces/${name}`);
  },

  "a namespace is Active and carries its name": async (bed) => {
    const { body } = await bed.call("GET", `/api/v1/namespaces/${bed.namespace}`);
    assert.deepEqual(body["status"], { phase: "Active" });
    assert.deepEqual(body["spec"], { finalizers: ["kubernetes"] });
    assert.equal(body["metadata"].labels["kubernetes.io/metadata.name"], bed.namespace);
  },
};
