import assert from "assert";
import { vipObjects } from "../../../../lib/cli/sources/keepalived_files.ts";

const map = (name: string, namespace?: string) =>
  `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}${namespace === undefined ? "" : `, namespace: ${namespace}`}}
data: {10.0.0.1: default/web}
`;
const list = `kind: List
items:
- kind: Service
  metadata: {name: web, namespace: default}
  spec: {type: LoadBalancer}
- kind: EndpointSlice
  metadata: {name: web-1, namespace: default}
  addressType: IPv4
  endpoints: null
`;

Deno.test("vipObjects() reads documents, several texts, and lists as kubectl prints them", () => {
  const objects = vipObjects([`${map("vips")}---\n${list}`, "---\n"], {});
  assert.deepEqual(objects.configMap.data, { "10.0.0.1": "default/web" });
  assert.deepEqual(objects.services.map(({ metadata }) => metadata.name), ["web"]);
  assert.deepEqual(objects.slices.map(({ metadata }) => metadata.name), ["web-1"]);
});

Deno.test("vipObjects() finds the ConfigMap that is named", () => {
  const texts = [map("vips", "a"), map("vips", "b"), map("other")];
  const wanted = { namespace: "b", name: "vips" };
  assert.equal(vipObjects(texts, wanted).configMap.data["10.0.0.1"], "default/web");
  // a file need not say the namespace
  vipObjects([map("vips")], wanted);
});

for (const texts of [[], [map("a"), map("b")], [list]]) {
  Deno.test(`vipObjects() refuses ${texts.length} texts without exactly one ConfigMap`, () => {
    assert.throws(() => vipObjects(texts, {}), /hold [02] such ConfigMaps: give one, or name it/);
  });
}

Deno.test("vipObjects() says that a text is no YAML", () => {
  assert.throws(() => vipObjects(["a: [b"], {}), /the file is no YAML/);
});
