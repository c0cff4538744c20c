import assert from "assert";
import {
  aggregated,
  coreVersions,
  groupList,
  groupsOf,
  groupVersion,
  oneGroup,
  resourceList,
} from "../../../lib/embedded/discovery.ts";
import { asArray, at } from "../../../lib/embedded/json.ts";
import { RESOURCES } from "../../../lib/embedded/resources.ts";

Deno.test("groupVersion() leaves the core group out", () => {
  assert.deepEqual([
    groupVersion({ group: "", version: "v1" }),
    groupVersion({ group: "apps", version: "v1" }),
  ], ["v1", "apps/v1"]);
});

Deno.test("groups are named once, the core one only in /api", () => {
  const groups = groupsOf(RESOURCES).map(({ group }) => group);
  assert.equal(new Set(groups).size, groups.length);
  const listed = asArray(groupList(RESOURCES)["groups"]).map((group) => at(group, "name"));
  assert.deepEqual(listed, groups.filter((group) => group !== ""));
  assert.deepEqual(coreVersions("x")["versions"], ["v1"]);
  assert.equal(oneGroup(RESOURCES, "apps")?.["kind"], "APIGroup");
  assert.equal(oneGroup(RESOURCES, "nope"), undefined);
  assert.equal(oneGroup(RESOURCES, ""), undefined);
});

Deno.test("both forms of discovery name the same resources", () => {
  for (const { group, version } of groupsOf(RESOURCES)) {
    const plain = asArray(resourceList(RESOURCES, { group, version })?.["resources"]).map((r) =>
      at(r, "name")
    );
    const items = asArray(aggregated(RESOURCES, group === "" ? "api" : "apis")["items"]);
    const mine = items.find((item) => (at(item, "metadata", "name") ?? "") === group);
    const whole = asArray(at(asArray(at(mine, "versions"))[0], "resources")).flatMap((resource) => [
      at(resource, "resource"),
      ...asArray(at(resource, "subresources")).map((sub) =>
        `${at(resource, "resource")}/${at(sub, "subresource")}`
      ),
    ]);
    assert.deepEqual(plain, whole);
  }
  assert.equal(resourceList(RESOURCES, { group: "apps", version: "v9" }), undefined);
});
