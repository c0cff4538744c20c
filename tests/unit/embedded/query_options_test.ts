import assert from "assert";
import {
  deleteOptions,
  includeObject,
  isWatch,
  listQuery,
  watchOptions,
  writeOptions,
} from "../../../lib/embedded/query_options.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

const row = new RegistryBed().row("services");
const TARGET = { row, namespace: "ns", name: undefined, subresource: undefined };

function params(query: string): URLSearchParams {
  return new URLSearchParams(query);
}

Deno.test("listQuery() reads selectors and paging", () => {
  const query = listQuery(
    TARGET,
    params(
      "labelSelector=a%3Db&fieldSelector=spec.type%3DNodePort&limit=5&continue=x&resourceVersion=7",
    ),
  );
  assert.deepEqual([
    query.labels.length,
    query.fields.length,
    query.limit,
    query.continue,
    query.resourceVersion,
  ], [1, 1, 5, "x", "7"]);
  assert.deepEqual(listQuery({ ...TARGET, name: "web" }, params("")).fields, [{
    path: "metadata.name",
    value: "web",
    negated: false,
  }]);
  assert.match(
    refusal(() => listQuery(TARGET, params("limit=x"))),
    /^400 .*limit must be a whole number/,
  );
});

Deno.test("isWatch() reads flags as the API does", () => {
  const flags = ["watch=1", "watch=true", "watch", "watch=0", "watch=false", ""];
  assert.deepEqual(flags.map((query) => isWatch(params(query))), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("watchOptions() refuses what does not go together", () => {
  const good = watchOptions(
    TARGET,
    params(
      "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=9",
    ),
  );
  assert.deepEqual([good.query.sendInitialEvents, good.bookmarks, good.timeoutSeconds], [
    true,
    true,
    9,
  ]);
  for (const query of ["sendInitialEvents=true", "resourceVersionMatch=Exact"]) {
    assert.match(
      refusal(() => watchOptions(TARGET, params(query))),
      /^422 .*resourceVersionMatch: Forbidden/,
    );
  }
});

Deno.test("includeObject() defaults to metadata", () => {
  assert.deepEqual(
    ["", "includeObject=None", "includeObject=Object"].map((q) => includeObject(params(q))),
    ["Metadata", "None", "Object"],
  );
  assert.match(refusal(() => includeObject(params("includeObject=All"))), /^400/);
});

Deno.test("writeOptions() names the manager and the dry run", () => {
  assert.deepEqual(writeOptions(params("fieldManager=me&dryRun=All"), "kubectl/1"), {
    dryRun: true,
    manager: "me",
  });
  assert.deepEqual(writeOptions(params(""), "kubectl/1.37 (linux)"), {
    dryRun: false,
    manager: "kubectl",
  });
  assert.equal(writeOptions(params(""), null).manager, "unknown");
  assert.match(
    refusal(() => writeOptions(params("dryRun=Some"), null)),
    /^422 .*Unsupported value/,
  );
});

Deno.test("deleteOptions() reads body and query", () => {
  const body = {
    gracePeriodSeconds: 0,
    propagationPolicy: "Foreground",
    preconditions: { uid: "u" },
    dryRun: ["All"],
  };
  assert.deepEqual(deleteOptions(body, params("")), {
    dryRun: true,
    gracePeriodSeconds: 0,
    propagation: "Foreground",
    uid: "u",
    resourceVersion: undefined,
  });
  assert.equal(deleteOptions({}, params("gracePeriodSeconds=7")).gracePeriodSeconds, 7);
  assert.equal(deleteOptions({ orphanDependents: true }, params("")).propagation, "Orphan");
  assert.match(refusal(() => deleteOptions({}, params("propagationPolicy=Burn"))), /^422/);
});
