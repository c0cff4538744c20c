import assert from "assert";
import { asArray, asObject, at } from "../../../lib/embedded/json.ts";
import { openApiDocument, openApiIndex, swaggerDocument } from "../../../lib/embedded/openapi.ts";
import { RESOURCES } from "../../../lib/embedded/resources.ts";

Deno.test("every document of the index exists and names its kinds", () => {
  for (const root of Object.keys(asObject(openApiIndex(RESOURCES)["paths"]))) {
    const document = openApiDocument(RESOURCES, root);
    assert.ok(document, root);
    assert.ok(Object.keys(asObject(at(document, "components", "schemas"))).length > 0);
  }
  assert.equal(openApiDocument(RESOURCES, "apis/none/v1"), undefined);
});

Deno.test("writes take the options that clients look for before they send them", () => {
  const path = at(
    openApiDocument(RESOURCES, "apis/apps/v1"),
    "paths",
    "/apis/apps/v1/namespaces/{namespace}/deployments/{name}",
  );
  for (const verb of ["put", "patch"]) {
    const names = asArray(at(path, verb, "parameters")).map((parameter) => at(parameter, "name"));
    assert.deepEqual(names, ["dryRun", "fieldManager", "fieldValidation"]);
  }
});

Deno.test("the old document holds every kind", () => {
  assert.equal(
    Object.keys(asObject(swaggerDocument(RESOURCES)["definitions"])).length,
    RESOURCES.length,
  );
});
