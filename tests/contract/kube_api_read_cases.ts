import assert from "assert";
import { type ApiBed, type ApiCase, type Body, causeFields } from "./kube_api_bed.ts";

async function maps(bed: ApiBed, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await bed.create(bed.path("configmaps"), {
      metadata: { name, labels: { pick: name, all: "yes" } },
    });
  }
}

function names(body: Body): readonly string[] {
  return body["items"].map((item: Body) => item["metadata"].name);
}

async function version(bed: ApiBed): Promise<string> {
  return (await bed.call("GET", bed.path("configmaps"))).body["metadata"].resourceVersion;
}

function patch(bed: ApiBed, name: string, labels: Body) {
  return bed.merge(bed.path("configmaps", name), { metadata: { labels } });
}

/** Lists, selectors, paging, watches, tables and discovery. */
export const READ_CASES: Readonly<Record<string, ApiCase>> = {
  "a list is in name order and has a version": async (bed) => {
    await maps(bed, ["b", "a", "c"]);
    const { body } = await bed.call("GET", `${bed.path("configmaps")}?labelSelector=all`);
    assert.equal(body["kind"], "ConfigMapList");
    assert.deepEqual(names(body), ["a", "b", "c"]);
    assert.match(body["metadata"].resourceVersion, /^\d+$/);
  },

  "label selectors choose": async (bed) => {
    await maps(bed, ["a", "b", "c"]);
    const table: readonly (readonly [string, string])[] = [
      ["pick=a", "a"],
      ["pick!=a,all", "b c"],
      ["pick in (a,c)", "a c"],
      ["pick notin (a,c),all", "b"],
      ["!pick,all", ""],
      ["all==yes,pick", "a b c"],
    ];
    for (const [selector, expected] of table) {
      const query = `labelSelector=${encodeURIComponent(selector)}`;
      const { body } = await bed.call("GET", `${bed.path("configmaps")}?${query}`);
      assert.equal(names(body).join(" "), expected, selector);
    }
    const bad = await bed.call("GET", `${bed.path("configmaps")}?labelSelector=a%20inn%20(b)`);
    assert.equal(bad.status, 400);
  },

  "field selectors choose by name, and refuse what is not indexed": async (bed) => {
    await maps(bed, ["a", "b"]);
    const path = bed.path("configmaps");
    const one = await bed.call("GET", `${path}?fieldSelector=metadata.name%3Da`);
    assert.deepEqual(names(one.body), ["a"]);
    const bad = await bed.call("GET", `${path}?fieldSelector=data.x%3Da`);
    assert.equal(bad.status, 400);
    assert.match(
      bad.body["message"],
      /field label not supported: data.x|is not a known field selector/,
    );
  },

  "pages are consistent though objects come and go": async (bed) => {
    await maps(bed, ["a", "b", "c", "d"]);
    const path = `${bed.path("configmaps")}?labelSelector=all&limit=2`;
    const first = await bed.call("GET", path);
    assert.deepEqual(names(first.body), ["a", "b"]);
    await bed.call("DELETE", bed.path("configmaps", "d"));
    await maps(bed, ["bb"]);
    const rest: string[] = [];
    // the last page may be empty: a key that the selector hides is not looked at in advance
    for (let page = first; page.body["metadata"].continue;) {
      const token = encodeURIComponent(page.body["metadata"].continue);
      page = await bed.call("GET", `${path}&continue=${token}`);
      assert.equal(page.status, 200);
      const { resourceVersion } = page.body["metadata"];
      assert.equal(resourceVersion, first.body["metadata"].resourceVersion);
      rest.push(...names(page.body));
    }
    assert.deepEqual(rest, ["c", "d"]);
  },

  "a page without selectors counts what is left": async (bed) => {
    await maps(bed, ["a", "b", "c"]);
    const all = await bed.call("GET", bed.path("configmaps"));
    const { body } = await bed.call("GET", `${bed.path("configmaps")}?limit=2`);
    assert.equal(body["metadata"].remainingItemCount, names(all.body).length - 2);
  },

  "a broken continue token is a 400": async (bed) => {
    const answer = await bed.call("GET", `${bed.path("configmaps")}?limit=2&continue=oops`);
    assert.equal(answer.status, 400);
  },

  "a version of the future is refused with a hint to retry": async (bed) => {
    const path = `${bed.path("configmaps")}?resourceVersion=999999999999`;
    const { status, body } = await bed.call("GET", path);
    assert.equal(status, 504);
    assert.equal(body["reason"], "Timeout");
    assert.equal(body["details"].causes[0].reason, "ResourceVersionTooLarge");
  },

  "a version that is no number is refused": async (bed) => {
    const answer = await bed.call("GET", `${bed.path("configmaps")}?resourceVersion=abc`);
    assert.ok([400, 422, 500].includes(answer.status));
  },

  "resourceVersionMatch without a version is refused": async (bed) => {
    const answer = await bed.call("GET", `${bed.path("configmaps")}?resourceVersionMatch=Exact`);
    assert.equal(answer.status, 422);
    assert.deepEqual(causeFields(answer), ["resourceVersionMatch FieldValueForbidden"]);
  },

  "a watch from a version delivers what came after it": async (bed) => {
    await maps(bed, ["before"]);
    const from = await version(bed);
    await maps(bed, ["a"]);
    await patch(bed, "a", { x: "1" });
    await bed.call("DELETE", bed.path("configmaps", "a"));
    await using watch = await bed.watch(
      `${bed.path("configmaps")}?watch=1&resourceVersion=${from}`,
    );
    assert.deepEqual(await watch.take(3), ["ADDED a", "MODIFIED a", "DELETED a"]);
    await maps(bed, ["b"]);
    assert.deepEqual(await watch.take(1), ["ADDED b"]);
  },

  "a watch without a version begins with what is there": async (bed) => {
    await maps(bed, ["a", "b"]);
    const path = `${bed.path("configmaps")}?watch=true&labelSelector=all`;
    await using watch = await bed.watch(path);
    assert.deepEqual([...await watch.take(2)].sort(), ["ADDED a", "ADDED b"]);
  },

  "objects enter and leave a watch with a selector": async (bed) => {
    await maps(bed, ["a"]);
    const from = await version(bed);
    const query = `watch=1&resourceVersion=${from}&labelSelector=on%3Dyes`;
    await using watch = await bed.watch(`${bed.path("configmaps")}?${query}`);
    await patch(bed, "a", { on: "yes" });
    await patch(bed, "a", { on: "yes", more: "1" });
    const left = await patch(bed, "a", { on: "no" });
    assert.deepEqual(await watch.take(2), ["ADDED a", "MODIFIED a"]);
    const event = await watch.next();
    assert.equal(event?.type, "DELETED");
    assert.equal(event?.object["metadata"].resourceVersion, left.body["metadata"].resourceVersion);
    assert.equal(event?.object["metadata"].labels.on, "yes");
  },

  "a watch of one name hears of that name only": async (bed) => {
    const from = await version(bed);
    const query = `watch=1&resourceVersion=${from}&fieldSelector=metadata.name%3Db`;
    await using watch = await bed.watch(`${bed.path("configmaps")}?${query}`);
    await maps(bed, ["a", "b"]);
    assert.deepEqual(await watch.take(1), ["ADDED b"]);
  },

  "a watch over all namespaces hears of this one": async (bed) => {
    const from = await version(bed);
    const query = `watch=1&resourceVersion=${from}&labelSelector=pick%3D${bed.namespace}`;
    await using watch = await bed.watch(`/api/v1/configmaps?${query}`);
    await maps(bed, [bed.namespace]);
    assert.deepEqual(await watch.take(1), [`ADDED ${bed.namespace}`]);
  },

  "a watch ends after its timeout": async (bed) => {
    const from = await version(bed);
    const query = `watch=1&resourceVersion=${from}&timeoutSeconds=1`;
    await using watch = await bed.watch(`${bed.path("configmaps")}?${query}`);
    assert.equal(await watch.next(), undefined);
  },

  "sendInitialEvents ends the present with a bookmark": async (bed) => {
    await maps(bed, ["a", "b"]);
    const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan" +
      "&allowWatchBookmarks=true&labelSelector=all";
    await using watch = await bed.watch(`${bed.path("configmaps")}?${query}`);
    assert.deepEqual([...await watch.take(2)].sort(), ["ADDED a", "ADDED b"]);
    const mark = await watch.next();
    assert.equal(mark?.type, "BOOKMARK");
    assert.equal(mark?.object["kind"], "ConfigMap");
    assert.deepEqual(mark?.object["metadata"].annotations, { "k8s.io/initial-events-end": "true" });
    assert.match(mark?.object["metadata"].resourceVersion, /^\d+$/);
  },

  "sendInitialEvents without a match is a 422": async (bed) => {
    const answer = await bed.call(
      "GET",
      `${bed.path("configmaps")}?watch=1&sendInitialEvents=true`,
    );
    assert.equal(answer.status, 422);
    assert.deepEqual(causeFields(answer), ["resourceVersionMatch FieldValueForbidden"]);
  },

  "a table shows Services as kubectl prints them": async (bed) => {
    await bed.service("shown", { type: "LoadBalancer", ports: [{ port: 80, nodePort: 32_123 }] });
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    const response = await bed.raw(bed.path("services"), { headers: { accept } });
    const table = await response.json();
    assert.equal(table.kind, "Table");
    const columns = table.columnDefinitions.map((column: Body) => column["name"]);
    assert.deepEqual(columns, [
      "Name",
      "Type",
      "Cluster-IP",
      "External-IP",
      "Port(s)",
      "Age",
      "Selector",
    ]);
    const [row] = table.rows;
    assert.equal(row.cells[0], "shown");
    assert.equal(row.cells[1], "LoadBalancer");
    assert.equal(row.cells[3], "<pending>");
    assert.equal(row.cells[4], "80:32123/TCP");
    assert.equal(row.cells[6], "app=none");
    assert.equal(row.object.kind, "PartialObjectMetadata");
  },

  "metadata alone can be asked for": async (bed) => {
    await bed.service("meta");
    const accept = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    const response = await bed.raw(bed.path("services", "meta"), { headers: { accept } });
    const body = await response.json();
    assert.equal(body.kind, "PartialObjectMetadata");
    assert.equal(body.spec, undefined);
  },

  "a media type that is not served is a 406": async (bed) => {
    const response = await bed.raw(bed.path("services"), { headers: { accept: "text/csv" } });
    assert.equal(response.status, 406);
    await response.body?.cancel();
  },

  "discovery names resources, short names and subresources": async (bed) => {
    const { body } = await bed.call("GET", "/api/v1");
    const find = (name: string) => body["resources"].find((item: Body) => item["name"] === name);
    assert.partialDeepStrictEqual(find("services"), {
      name: "services",
      singularName: "service",
      namespaced: true,
      kind: "Service",
      shortNames: ["svc"],
    });
    assert.deepEqual([...find("services/status").verbs].sort(), ["get", "patch", "update"]);
    const apps = await bed.call("GET", "/apis/apps/v1");
    const scale = apps.body["resources"].find((r: Body) => r["name"] === "deployments/scale");
    assert.partialDeepStrictEqual(scale, { group: "autoscaling", version: "v1", kind: "Scale" });
  },

  "aggregated discovery holds every group in one answer": async (bed) => {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const response = await bed.raw("/apis", { headers: { accept } });
    assert.match(response.headers.get("content-type") ?? "", /as=APIGroupDiscoveryList/);
    const { kind, items } = await response.json();
    assert.equal(kind, "APIGroupDiscoveryList");
    const groups = items.map((item: Body) => item["metadata"].name);
    for (const group of ["apps", "discovery.k8s.io", "coordination.k8s.io", "events.k8s.io"]) {
      assert.ok(groups.includes(group), group);
    }
  },

  "health, version and unknown paths": async (bed) => {
    for (const path of ["/healthz", "/readyz", "/livez"]) {
      const response = await bed.raw(path);
      assert.equal(await response.text(), "ok");
    }
    assert.match((await bed.call("GET", "/version")).body["gitVersion"], /^v1\.\d+/);
    const unknown = await bed.raw("/apis/no.such.group/v1/things");
    assert.equal(unknown.status, 404);
    await unknown.body?.cancel();
    assert.equal((await bed.call("GET", bed.path("unicorns"))).status, 404);
  },

  "the OpenAPI documents name the kinds and the write options": async (bed) => {
    const { body } = await bed.call("GET", "/openapi/v3");
    const url = body["paths"]["api/v1"].serverRelativeURL;
    const document = (await bed.call("GET", url)).body;
    const patch = document["paths"]["/api/v1/namespaces/{namespace}/services/{name}"].patch;
    assert.equal(patch["x-kubernetes-group-version-kind"].kind, "Service");
    const options = patch.parameters.map((parameter: Body) => parameter["name"]);
    assert.ok(options.includes("fieldValidation"));
  },
};
