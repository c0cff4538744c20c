import assert from "assert";
import { poolObjects } from "../../../../lib/cli/sources/pool_files.ts";

const place = { namespace: "kube-system", name: "kubevip" };
const config = `
kind: ConfigMap
metadata: {name: kubevip, namespace: kube-system}
data: {cidr-global: 10.0.0.0/24, allow-share-global: true}
`;

function read(...texts: readonly string[]) {
  return poolObjects(texts.map((text, i) => ({ name: `f${i}.yaml`, text })), place);
}

Deno.test("poolObjects() reads documents, lists and JSON, in their order", () => {
  const list = JSON.stringify({
    kind: "List",
    items: [{ kind: "Service", metadata: { name: "b" }, spec: { type: "LoadBalancer" } }],
  });
  const service = "kind: Service\nmetadata: {name: a, namespace: dev}\nspec: {type: LoadBalancer}";
  const namespace = "kind: Namespace\nmetadata: {name: dev, labels: {team: a}}";
  const objects = read(`${service}\n---\n${namespace}\n---\n`, config, list);
  assert.deepEqual(objects.services.map(({ metadata }) => [metadata.namespace, metadata.name]), [
    ["dev", "a"],
    ["default", "b"],
  ]);
  assert.deepEqual([...objects.namespaceLabels], [["dev", { team: "a" }]]);
});

Deno.test("poolObjects() takes YAML's booleans for texts, and says that a cluster does not", () => {
  const { data, problems } = read(config);
  assert.deepEqual(data, { "cidr-global": "10.0.0.0/24", "allow-share-global": "true" });
  assert.deepEqual(problems.map(({ message }) => message), [
    'allow-share-global: true is no text, and the API server refuses it: write "true"',
  ]);
});

Deno.test("poolObjects() takes the ConfigMap of that name, else the only one", () => {
  const other = "kind: ConfigMap\nmetadata: {name: other}\ndata: {cidr-global: 10.9.0.0/24}";
  assert.equal(read(other, config).data["cidr-global"], "10.0.0.0/24");
  assert.equal(read(other).data["cidr-global"], "10.9.0.0/24");
  assert.throws(
    () => read("kind: Service\nmetadata: {name: a}\nspec: {}"),
    /no ConfigMap: give one/,
  );
  assert.throws(() => read(other, other), /2 such ConfigMaps: .*--pool-config-map/);
});

const BAD = [
  { text: "a: [", pattern: /f1\.yaml is no YAML: / },
  {
    text: "kind: Service\nmetadata: {name: a}\nspec: {ports: [{port: http}]}",
    pattern: /f1\.yaml: a Service cannot be read at spec\.ports\.0\.port: /,
  },
];
for (const { text, pattern } of BAD) {
  Deno.test(`poolObjects() names the file and the place of ${JSON.stringify(text)}`, () => {
    assert.throws(() => read(config, text), pattern);
  });
}
