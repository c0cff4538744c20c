import assert from "assert";
import { negotiate } from "../../../lib/embedded/negotiate.ts";
import { refusal } from "../../fakes/registry_bed.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

Deno.test.each(
  [
    [null, "object"],
    ["*/*", "object"],
    ["application/json", "object"],
    [`${PROTOBUF},application/json`, "object"],
    [`${TABLE},application/json`, "table"],
    ["application/json;as=Table;v=v1beta1;g=meta.k8s.io, application/json", "object"],
    ["application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "metadata"],
    ["application/yaml", "object"],
  ] as const,
)("negotiate() of $0 is a view as $1", (accept, view) => {
  assert.equal(negotiate(accept).view, view);
});

Deno.test("negotiate() offers aggregated discovery on the roots only", () => {
  assert.equal(negotiate(`${DISCOVERY},application/json`, true).view, "discovery");
  assert.equal(negotiate(`${DISCOVERY},application/json`).view, "object");
  assert.equal(negotiate(`${TABLE},application/json`, true).view, "object");
});

Deno.test("negotiate() refuses what is not served", () => {
  assert.match(
    refusal(() => negotiate(PROTOBUF)),
    /^406 only the following media types are accepted/,
  );
});
