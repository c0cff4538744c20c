import assert from "assert";
import { type ApiBed, type ApiCase, type Body, causeFields, serviceBody } from "./kube_api_bed.ts";

const STRATEGIC = "application/strategic-merge-patch+json";
const JSON_PATCH = "application/json-patch+json";
const APPLY = "application/apply-patch+yaml";

function config(name: string, data: Body, more: Body = {}): Body {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...more }, data };
}

function apply(bed: ApiBed, object: Body, manager: string, force = false) {
  const query = `fieldManager=${manager}${force ? "&force=true" : ""}`;
  const path = `${bed.path("configmaps", object["metadata"].name)}?${query}`;
  return bed.call("PATCH", path, object, APPLY);
}

/** Creation, updates, patches, apply, deletion. */
export const WRITE_CASES: Readonly<Record<string, ApiCase>> = {
  "creating a name twice is a 409 AlreadyExists": async (bed) => {
    await bed.create(bed.path("configmaps"), config("one", {}));
    const { status, body } = await bed.call("POST", bed.path("configmaps"), config("one", {}));
    assert.equal(status, 409);
    assert.equal(body["reason"], "AlreadyExists");
    assert.equal(body["message"], 'configmaps "one" already exists');
    assert.deepEqual(body["details"], { name: "one", kind: "configmaps" });
  },

  "an unknown name is a 404 NotFound with details": async (bed) => {
    const { status, body } = await bed.call("GET", bed.groupPath("apps/v1", "deployments", "no"));
    assert.equal(status, 404);
    assert.deepEqual(body, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'deployments.apps "no" not found',
      reason: "NotFound",
      details: { name: "no", group: "apps", kind: "deployments" },
      code: 404,
    });
  },

  "a bad name is a 422 with its cause": async (bed) => {
    const answer = await bed.call("POST", bed.path("configmaps"), config("Bad_Name", {}));
    assert.equal(answer.status, 422);
    assert.deepEqual(causeFields(answer), ["metadata.name FieldValueInvalid"]);
  },

  "generateName makes a name": async (bed) => {
    const body = { metadata: { generateName: "made-" } };
    const { metadata } = await bed.create(bed.path("configmaps"), body);
    assert.match(metadata.name, /^made-[a-z0-9]{5}$/);
  },

  "dryRun changes nothing": async (bed) => {
    const path = `${bed.path("configmaps")}?dryRun=All`;
    assert.equal((await bed.call("POST", path, config("dry", {}))).status, 201);
    assert.equal((await bed.call("GET", bed.path("configmaps", "dry"))).status, 404);
  },

  "a missing namespace is a 404": async (bed) => {
    const path = "/api/v1/namespaces/no-such-namespace/configmaps";
    const { status, body } = await bed.call("POST", path, config("x", {}));
    assert.equal(status, 404);
    assert.equal(body["message"], 'namespaces "no-such-namespace" not found');
  },

  "another namespace, kind or version in the body is a 400": async (bed) => {
    const wrong = [
      config("x", {}, { namespace: "other" }),
      { ...config("x", {}), kind: "Secret" },
      { ...config("x", {}), apiVersion: "v2" },
    ];
    for (const body of wrong) {
      assert.equal((await bed.call("POST", bed.path("configmaps"), body)).status, 400);
    }
  },

  "malformed JSON is a 400": async (bed) => {
    const answer = await bed.call("POST", bed.path("configmaps"), "{oops");
    assert.equal(answer.status, 400);
    assert.equal(answer.body["reason"], "BadRequest");
  },

  "a resourceVersion on creation is a 400": async (bed) => {
    const body = config("x", {}, { resourceVersion: "5" });
    const answer = await bed.call("POST", bed.path("configmaps"), body);
    assert.ok([400, 500].includes(answer.status));
    assert.match(answer.body["message"], /resourceVersion should not be set/);
  },

  "an old resourceVersion is a 409 Conflict": async (bed) => {
    const made = await bed.create(bed.path("configmaps"), config("race", { a: "1" }));
    const path = bed.path("configmaps", "race");
    await bed.merge(path, { data: { a: "2" } });
    const { status, body } = await bed.call("PUT", path, made);
    assert.equal(status, 409);
    assert.equal(body["reason"], "Conflict");
    assert.match(
      body["message"],
      /^Operation cannot be fulfilled on configmaps "race": the object has been modified; please apply your changes to the latest version and try again$/,
    );
    const patch = {
      metadata: { resourceVersion: made["metadata"].resourceVersion },
      data: { a: "3" },
    };
    assert.equal((await bed.merge(path, patch)).status, 409);
  },

  "a PUT without resourceVersion wins": async (bed) => {
    await bed.create(bed.path("configmaps"), config("blind", { a: "1" }));
    const put = await bed.call("PUT", bed.path("configmaps", "blind"), config("blind", { b: "2" }));
    assert.equal(put.status, 200);
    assert.deepEqual(put.body["data"], { b: "2" });
  },

  "a PUT of another name is a 400 and of another uid a 409": async (bed) => {
    await bed.create(bed.path("configmaps"), config("me", {}));
    const path = bed.path("configmaps", "me");
    assert.equal((await bed.call("PUT", path, config("you", {}))).status, 400);
    const uid = "11111111-2222-3333-4444-555555555555";
    assert.equal((await bed.call("PUT", path, config("me", {}, { uid }))).status, 409);
  },

  "an update that changes nothing keeps the version": async (bed) => {
    const made = await bed.create(bed.path("configmaps"), config("same", { a: "1" }));
    const { body } = await bed.merge(bed.path("configmaps", "same"), { data: { a: "1" } });
    assert.equal(body["metadata"].resourceVersion, made["metadata"].resourceVersion);
  },

  "uid and creationTimestamp cannot be patched": async (bed) => {
    const made = await bed.create(bed.path("configmaps"), config("own", {}));
    const patch = { metadata: { creationTimestamp: "2001-01-01T00:00:00Z" }, data: { a: "1" } };
    const { body } = await bed.merge(bed.path("configmaps", "own"), patch);
    assert.equal(body["metadata"].creationTimestamp, made["metadata"].creationTimestamp);
  },

  "a merge patch removes with null": async (bed) => {
    await bed.create(bed.path("configmaps"), config("merge", { a: "1", b: "2" }));
    const { body } = await bed.merge(bed.path("configmaps", "merge"), {
      data: { a: null, c: "3" },
    });
    assert.deepEqual(body["data"], { b: "2", c: "3" });
  },

  "a JSON patch does all or nothing": async (bed) => {
    await bed.create(bed.path("configmaps"), config("json", { a: "1" }));
    const path = bed.path("configmaps", "json");
    const good = [
      { op: "test", path: "/data/a", value: "1" },
      { op: "add", path: "/data/b", value: "2" },
      { op: "remove", path: "/data/a" },
    ];
    const patched = await bed.call("PATCH", path, JSON.stringify(good), JSON_PATCH);
    assert.deepEqual(patched.body["data"], { b: "2" });
    const bad = [{ op: "add", path: "/data/c", value: "3" }, {
      op: "test",
      path: "/data/b",
      value: "x",
    }];
    const refused = await bed.call("PATCH", path, JSON.stringify(bad), JSON_PATCH);
    assert.equal(refused.status, 422);
    assert.deepEqual((await bed.call("GET", path)).body["data"], { b: "2" });
  },

  "a strategic merge patch merges ports by number": async (bed) => {
    await bed.service("ports", { ports: [{ name: "a", port: 80 }, { name: "b", port: 81 }] });
    const path = bed.path("services", "ports");
    const patch = { spec: { ports: [{ port: 80, targetPort: 8080 }, { name: "c", port: 82 }] } };
    const { body, status } = await bed.call("PATCH", path, patch, STRATEGIC);
    assert.equal(status, 200, JSON.stringify(body));
    const seen = body["spec"].ports.map((port: Body) =>
      `${port["name"]} ${port["port"]} ${port["targetPort"]}`
    );
    assert.deepEqual(seen, ["a 80 8080", "c 82 82", "b 81 81"]);
    const gone = { spec: { ports: [{ port: 81, $patch: "delete" }] } };
    const left = await bed.call("PATCH", path, gone, STRATEGIC);
    assert.deepEqual(left.body["spec"].ports.map((port: Body) => port["port"]).sort(), [80, 82]);
  },

  "a strategic merge patch adds to and deletes from finalizers": async (bed) => {
    const made = config("final", {}, { finalizers: ["example.com/a"] });
    await bed.create(bed.path("configmaps"), made);
    const path = bed.path("configmaps", "final");
    const add = { metadata: { finalizers: ["example.com/b"] } };
    const added = await bed.call("PATCH", path, add, STRATEGIC);
    assert.deepEqual([...added.body["metadata"].finalizers].sort(), [
      "example.com/a",
      "example.com/b",
    ]);
    const drop = {
      metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a", "example.com/b"] },
    };
    const dropped = await bed.call("PATCH", path, drop, STRATEGIC);
    assert.equal(dropped.body["metadata"].finalizers, undefined);
  },

  "an unknown patch type is a 415": async (bed) => {
    await bed.create(bed.path("configmaps"), config("type", {}));
    const answer = await bed.call("PATCH", bed.path("configmaps", "type"), {}, "application/json");
    assert.equal(answer.status, 415);
    assert.equal(answer.body["reason"], "UnsupportedMediaType");
  },

  "patching what is not there is a 404": async (bed) => {
    assert.equal((await bed.merge(bed.path("configmaps", "none"), {})).status, 404);
  },

  "apply creates, changes and takes away what the manager left out": async (bed) => {
    const made = await apply(bed, config("applied", { a: "1", b: "2" }), "alice");
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const [entry] = made.body["metadata"].managedFields;
    assert.equal(entry.manager, "alice");
    assert.equal(entry.operation, "Apply");
    assert.deepEqual(Object.keys(entry.fieldsV1["f:data"]).sort(), ["f:a", "f:b"]);
    await apply(bed, config("applied", { c: "3" }), "bob");
    const next = await apply(bed, config("applied", { a: "9" }), "alice");
    assert.equal(next.status, 200);
    assert.deepEqual(next.body["data"], { a: "9", c: "3" });
  },

  "apply against another manager's value is a 409 unless forced": async (bed) => {
    await apply(bed, config("fight", { a: "1" }), "alice");
    const refused = await apply(bed, config("fight", { a: "2" }), "bob");
    assert.equal(refused.status, 409);
    assert.equal(refused.body["reason"], "Conflict");
    assert.match(refused.body["message"], /^Apply failed with 1 conflict: conflict with "alice"/);
    assert.deepEqual(causeFields(refused), [".data.a FieldManagerConflict"]);
    const forced = await apply(bed, config("fight", { a: "2" }), "bob", true);
    assert.equal(forced.status, 200);
    assert.deepEqual(forced.body["data"], { a: "2" });
  },

  "apply needs a field manager": async (bed) => {
    const path = bed.path("configmaps", "nobody");
    const answer = await bed.call("PATCH", path, config("nobody", {}), APPLY);
    assert.equal(answer.status, 422);
    assert.match(answer.body["message"], /fieldManager: Required value/);
  },

  "status and spec are written apart": async (bed) => {
    const made = await bed.service("halves", { type: "LoadBalancer" });
    const path = bed.path("services", "halves");
    const ingress = [{ hostname: "a.example.com" }];
    const both = { spec: { sessionAffinity: "ClientIP" }, status: { loadBalancer: { ingress } } };
    const main = await bed.merge(path, both);
    assert.deepEqual(main.body["status"], { loadBalancer: {} });
    assert.equal(main.body["spec"].sessionAffinity, "ClientIP");
    const put = await bed.call("PUT", `${path}/status`, {
      ...made,
      metadata: { name: "halves" },
      status: { loadBalancer: { ingress } },
    });
    assert.equal(put.status, 200, JSON.stringify(put.body));
    assert.deepEqual(put.body["status"].loadBalancer.ingress, ingress);
    assert.equal(put.body["spec"].sessionAffinity, "ClientIP");
  },

  "generation counts changes of the spec only": async (bed) => {
    const path = bed.groupPath("apps/v1", "replicasets");
    const labels = { app: "gen" };
    const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "x" }] } };
    const spec = { replicas: 0, selector: { matchLabels: labels }, template };
    const made = await bed.create(path, { metadata: { name: "gen" }, spec });
    assert.equal(made["metadata"].generation, 1);
    const labelled = await bed.merge(`${path}/gen`, { metadata: { labels: { a: "b" } } });
    assert.equal(labelled.body["metadata"].generation, 1);
    const paused = await bed.merge(`${path}/gen`, { spec: { minReadySeconds: 5 } });
    assert.equal(paused.body["metadata"].generation, 2);
  },

  "finalizers hold a deleted object": async (bed) => {
    const held = config("held", {}, { finalizers: ["example.com/hold"] });
    await bed.create(bed.path("configmaps"), held);
    const path = bed.path("configmaps", "held");
    const deleted = await bed.call("DELETE", path);
    assert.equal(deleted.status, 200);
    assert.equal(deleted.body["kind"], "ConfigMap");
    assert.ok(deleted.body["metadata"].deletionTimestamp);
    const more = await bed.merge(path, {
      metadata: { finalizers: ["example.com/hold", "example.com/new"] },
    });
    assert.equal(more.status, 422);
    assert.ok(causeFields(more).includes("metadata.finalizers FieldValueForbidden"));
    assert.equal((await bed.merge(path, { metadata: { finalizers: null } })).status, 200);
    assert.equal((await bed.call("GET", path)).status, 404);
  },

  "DELETE answers with a Status that names what is gone": async (bed) => {
    const made = await bed.create(bed.path("configmaps"), config("bye", {}));
    const { status, body } = await bed.call("DELETE", bed.path("configmaps", "bye"));
    assert.equal(status, 200);
    assert.equal(body["kind"], "Status");
    assert.equal(body["status"], "Success");
    assert.deepEqual(body["details"], {
      name: "bye",
      kind: "configmaps",
      uid: made["metadata"].uid,
    });
    assert.equal((await bed.call("DELETE", bed.path("configmaps", "bye"))).status, 404);
  },

  "a failed precondition is a 409 and deletes nothing": async (bed) => {
    await bed.create(bed.path("configmaps"), config("pre", {}));
    const path = bed.path("configmaps", "pre");
    const answer = await bed.call("DELETE", path, { preconditions: { uid: "other" } });
    assert.equal(answer.status, 409);
    assert.match(answer.body["message"], /UID in the precondition \(other\) does not match/);
    assert.equal((await bed.call("GET", path)).status, 200);
  },

  "a collection is deleted by selector": async (bed) => {
    for (const name of ["a", "b", "c"]) {
      await bed.create(bed.path("configmaps"), config(name, {}, { labels: { del: name } }));
    }
    const path = `${bed.path("configmaps")}?labelSelector=del%20in%20(a,b)`;
    assert.equal((await bed.call("DELETE", path)).status, 200);
    const left = await bed.call("GET", `${bed.path("configmaps")}?labelSelector=del`);
    assert.deepEqual(left.body["items"].map((item: Body) => item["metadata"].name), ["c"]);
  },

  "methods that make no sense are a 405": async (bed) => {
    await bed.service("m");
    assert.equal((await bed.call("PUT", bed.path("services"), serviceBody("m"))).status, 405);
    assert.equal((await bed.call("POST", bed.path("services", "m"), serviceBody("m"))).status, 405);
  },
};
