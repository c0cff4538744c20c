import assert from "assert";
import { parse } from "yaml";
import { Encoder, jsonResponse, textResponse } from "../../../lib/embedded/encoder.ts";
import type { View } from "../../../lib/embedded/negotiate.ts";
import { RESOURCES } from "../../../lib/embedded/resources.ts";
import type { ResourceRow } from "../../../lib/embedded/types.ts";

const EVENT = {
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: "a", resourceVersion: "3" },
  message: "hi",
};

function presentation(group: string, view: View) {
  const row = RESOURCES.find((known) =>
    known.plural === "events" && known.group === group
  ) as ResourceRow;
  return {
    row,
    form: { view, contentType: "application/json", yaml: false },
    include: "None",
  } as const;
}

Deno.test("present() shows an object in the view that was asked for", () => {
  const encoder = new Encoder(() => 0);
  const kind = (view: View) => JSON.parse(encoder.present(EVENT, presentation("", view)))["kind"];
  assert.deepEqual((["object", "table", "metadata"] as const).map(kind), [
    "Event",
    "Table",
    "PartialObjectMetadata",
  ]);
});

Deno.test("present() converts to the second view of a resource", () => {
  const shown = JSON.parse(
    new Encoder(() => 0).present(EVENT, presentation("events.k8s.io", "object")),
  );
  assert.deepEqual([shown.apiVersion, shown.note], ["events.k8s.io/v1", "hi"]);
});

Deno.test("presentList() is a list of the kind", () => {
  const encoder = new Encoder(() => 0);
  const list = JSON.parse(
    encoder.presentList([EVENT], { resourceVersion: "9" }, presentation("", "object")),
  );
  assert.deepEqual(list, {
    kind: "EventList",
    apiVersion: "v1",
    metadata: { resourceVersion: "9" },
    items: [EVENT],
  });
  const partial = JSON.parse(encoder.presentList([EVENT], {}, presentation("", "metadata")));
  assert.equal(partial.kind, "PartialObjectMetadataList");
});

Deno.test("text() is made once for an object", () => {
  let reads = 0;
  const object = {
    ...EVENT,
    get note() {
      reads += 1;
      return "x";
    },
  };
  const encoder = new Encoder(() => 0);
  const first = encoder.text(object);
  assert.equal(encoder.text(object), first);
  assert.equal(reads, 1);
});

Deno.test("textResponse() can speak YAML", async () => {
  const response = textResponse('{"a":1}', {
    view: "object",
    contentType: "application/yaml",
    yaml: true,
  }, 201);
  assert.equal(response.status, 201);
  assert.deepEqual(parse(await response.text()), { a: 1 });
  assert.deepEqual(await jsonResponse({ b: 2 }).json(), { b: 2 });
});
