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

Deno.test("poolObjects() reads the addresses of nodes", () => {
  const node = "kind: Node\nmetadata: {name: one}\nstatus: {addresses: " +
    "[{type: InternalIP, address: 10.0.0.1}, {type: Hostname, address: one}]}";
  assert.deepEqual([...read(config, node).reserved], [["10.0.0.1", "node one"]]);
});

Deno.test("poolObjects() takes YAML's booleans for texts, and says that a cluster does not", () => {
  const { data, problems } = read(config);
  assert.deepEqual(data, { "cidr-global": "10.0.0.0/24", "allow-share-global": "true" });
  assert.deepEqual(problems.map(({ message }) => message), [
    'allow-share-global: true is no text, and the API server refuses it: write "true"',
  ]);
});

Deno.test("poolObjects() takes the ConfigMap of that name alone, and tells which it saw", () => {
  const other = "kind: ConfigMap\nmetadata: {name: other}\ndata: {cidr-global: 10.9.0.0/24}";
  const elsewhere = "kind: ConfigMap\nmetadata: {name: kubevip, namespace: dev}\ndata: {}";
  assert.equal(read(other, config, elsewhere).data["cidr-global"], "10.0.0.0/24");
  const nameless = config.replace(", namespace: kube-system", "");
  assert.equal(read(nameless).data["cidr-global"], "10.0.0.0/24");
  assert.throws(
    () => read("kind: Service\nmetadata: {name: a}\nspec: {}"),
    /no ConfigMap kube-system\/kubevip, nor another: add it, or .*--pool-config-map/,
  );
  assert.throws(
    () => read(other, elsewhere),
    /no ConfigMap kube-system\/kubevip, but kube-system\/other \(f0.yaml\), dev\/kubevip \(f1.y/,
  );
});

Deno.test("poolObjects() takes the last of an object that comes again, and names both files", () => {
  const service = (ip: string, namespace = "default") =>
    `kind: Service\nmetadata: {name: a, namespace: ${namespace}}\nspec: {loadBalancerIP: ${ip}}`;
  const namespace = (team: string) =>
    `kind: Namespace\nmetadata: {name: dev, labels: {team: ${team}}}`;
  const unnamed = service("10.0.0.3").replace(", namespace: default", "");
  const { services, namespaceLabels, data, problems } = read(
    `${service("10.0.0.1")}\n---\n${service("10.0.0.2", "dev")}\n---\n${namespace("a")}`,
    `${unnamed}\n---\n${namespace("b")}\n---\n${namespace("c")}`,
    "kind: ConfigMap\nmetadata: {name: kubevip}\ndata: {cidr-global: 10.9.0.0/24}",
    config.replace(", allow-share-global: true", ""),
  );
  assert.deepEqual(
    services.map(({ metadata, spec }) => [metadata.namespace, spec.loadBalancerIP]),
    [
      ["default", "10.0.0.3"],
      ["dev", "10.0.0.2"],
    ],
  );
  assert.deepEqual(namespaceLabels.get("dev"), { team: "c" });
  assert.equal(data["cidr-global"], "10.0.0.0/24");
  const rest = "the last one counts, remove the other";
  assert.deepEqual(problems.map(({ message }) => message), [
    `ConfigMap kube-system/kubevip is in f2.yaml and in f3.yaml: ${rest}`,
    `Service default/a is in f0.yaml and in f1.yaml: ${rest}`,
    `Namespace dev is in f0.yaml and in f1.yaml: ${rest}`,
    `Namespace dev is twice in f1.yaml: ${rest}`,
  ]);
  assert.ok(problems.every(({ severity }) => severity === "warning"));
});

const BAD = [
  { text: "a: [", pattern: /f1\.yaml is no YAML: / },
  {
    text: "kind: Node\nmetadata: {name: a}\nstatus: {addresses: [10.0.0.1]}",
    pattern: /f1\.yaml: Node a cannot be read at status\.addresses\.0: /,
  },
  {
    text: "kind: ConfigMap\nmetadata: {}",
    pattern: /f1\.yaml: a ConfigMap cannot be read at metadata\.name: /,
  },
];
for (const { text, pattern } of BAD) {
  Deno.test(`poolObjects() names the file and the place of ${JSON.stringify(text)}`, () => {
    assert.throws(() => read(config, text), pattern);
  });
}

Deno.test("poolObjects() names a Service that cannot be read, and reads the others", () => {
  const service = (name: string, port: string) =>
    `kind: Service\nmetadata: {name: ${name}, namespace: dev}\nspec: {ports: [{port: ${port}}]}`;
  const { services, problems } = read(
    config,
    `${service("a", "http")}\n---\n${service("b", "80")}`,
  );
  assert.deepEqual(services.map(({ metadata }) => metadata.name), ["b"]);
  const [problem] = problems.filter(({ severity }) => severity === "error");
  assert.match(
    problem?.message ?? "",
    /^f1\.yaml: Service dev\/a cannot be read at spec\.ports\.0\.port: .*: correct it/,
  );
});
