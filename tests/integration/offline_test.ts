/** `berth pools explain` with files, as a process of its own that may read them and nothing else. */
import assert from "assert";

const configMap = `
kind: ConfigMap
metadata: {name: kubevip, namespace: kube-system}
data: {range-global: 10.0.0.1-10.0.0.1}
`;
const service = (name: string) =>
  `---
kind: Service
metadata: {name: ${name}}
spec: {type: LoadBalancer, ports: [{port: 80}]}
`;

async function explain(services: string) {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${directory}/configmap.yaml`, configMap);
    await Deno.writeTextFile(`${directory}/services.yaml`, services);
    const main = new URL("../../main.ts", import.meta.url).pathname;
    const files = ["configmap.yaml", "services.yaml"].map((name) => `${directory}/${name}`);
    const rights = ["--no-prompt", `--allow-read=${files.join(",")}`];
    const args = ["pools", "explain", ...files.flatMap((file) => ["-f", file]), "-o", "json"];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...rights, main, ...args],
    }).output();
    const decoder = new TextDecoder();
    assert.equal(decoder.decode(stderr), "");
    return { code, rows: JSON.parse(decoder.decode(stdout)) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("berth pools explain needs no right but to read its files", async () => {
  const { code, rows } = await explain(service("web"));
  assert.equal(code, 0);
  assert.deepEqual(rows, [{
    service: "default/web",
    addresses: ["10.0.0.1"],
    pool: "range-global",
    reason: "lowest free address of range-global (every namespace)",
  }]);
});

Deno.test("berth pools explain exits with 1 when a Service gets no address", async () => {
  const { code, rows } = await explain(service("web") + service("other"));
  assert.equal(code, 1);
  assert.deepEqual([rows[1].service, rows[1].addresses, rows[1].pool], ["default/other", [], null]);
});
