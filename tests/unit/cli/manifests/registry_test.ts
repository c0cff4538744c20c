import assert from "assert";
import { parseAllDocuments } from "yaml";
import { healthPlace } from "../../../../lib/cli/app/health_place.ts";
import { manifestsOf, manifestText } from "../../../../lib/cli/manifests/registry.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

Deno.test("manifestText() is the objects of a mode, one document each", () => {
  const map = { namespace: "lb", name: "pools" };
  const health = healthPlace("ipam", fakeSettings("ipam"));
  const options = { image: "registry.example/berth:1", map, health, env: {} };
  const text = manifestText("ipam", options);
  const documents = parseAllDocuments(text);
  assert.deepEqual(documents.map((one) => one.toJS()), manifestsOf("ipam", options));
  assert.doesNotMatch(text, /[&*]a\d/, "no aliases");
});
