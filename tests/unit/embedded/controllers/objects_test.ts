import assert from "assert";
import { Objects } from "../../../../lib/embedded/controllers/objects.ts";
import { refusal, RegistryBed } from "../../../fakes/registry_bed.ts";

Deno.test("Objects writes and follows one resource", () => {
  const { registry } = new RegistryBed();
  const pods = new Objects(registry, { group: "", plural: "pods" });
  pods.create("default", {
    metadata: { name: "a" },
    spec: { containers: [{ name: "c", image: "x" }] },
  });
  const heard: string[] = [];
  const stop = pods.follow(({ type, key }) => heard.push(`${type} ${key}`));
  pods.setStatus("default/a", { phase: "Running" });
  pods.update(
    "default/a",
    (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { l: "1" } } }),
  );
  assert.equal(pods.require("default/a").status?.["phase"], "Running");
  pods.delete("default/a");
  stop();
  assert.deepEqual(heard, [
    "ADDED default/a",
    "MODIFIED default/a",
    "MODIFIED default/a",
    "DELETED default/a",
  ]);
  assert.deepEqual([...pods.all()], []);
});

Deno.test("Objects does nothing to what is gone, and require() says so", () => {
  const { registry } = new RegistryBed();
  const nodes = new Objects(registry, { group: "", plural: "nodes" });
  nodes.setStatus("/a", {});
  nodes.update("/a", (node) => node);
  nodes.delete("/a");
  assert.deepEqual(nodes.getAll(["/a"]), []);
  assert.match(refusal(() => nodes.require("/a")), /^404 nodes "a" not found/);
  assert.match(refusal(() => new Objects(registry, { group: "x", plural: "y" })), /^404/);
});
