import assert from "assert";
import {
  configMapPath,
  decodeConfigMap,
  missingConfigMap,
  newer,
  readConfigMap,
  vipConfigMapOf,
} from "../../../../lib/cli/app/vip_config_map.ts";
import { KubeError } from "../../../../lib/kube/mod.ts";
import { vipConfigMap } from "../../../fakes/vip_world.ts";

const place = { namespace: "kube-system", name: "vips" };
const signal = new AbortController().signal;

Deno.test("configMapPath() names the object", () => {
  assert.equal(configMapPath(place), "/api/v1/namespaces/kube-system/configmaps/vips");
});

Deno.test("vipConfigMapOf() keeps entries, annotations and the version", () => {
  const metadata = { name: "vips", resourceVersion: "3", annotations: { a: "b" } };
  const decoded = decodeConfigMap({ metadata, data: { "10.0.0.1": "" } });
  assert.deepEqual(vipConfigMapOf(decoded), {
    resourceVersion: "3",
    annotations: { a: "b" },
    data: { "10.0.0.1": "" },
  });
  assert.deepEqual(vipConfigMapOf(decodeConfigMap({ metadata: { name: "vips" } })).data, {});
});

Deno.test("newer() compares versions as numbers", () => {
  const [nine, ten] = ["9", "10"].map((resourceVersion) => ({
    ...vipConfigMap([]),
    resourceVersion,
  }));
  assert.ok(nine && ten);
  assert.equal(newer(nine, ten), ten);
  assert.equal(newer(ten, nine), ten);
  assert.equal(newer(undefined, nine), nine);
});

Deno.test("readConfigMap() is undefined for none and rejects for other failures", async () => {
  const failing = (status: number) => ({
    get: () => Promise.reject(new KubeError("no", { status })),
  });
  assert.equal(await readConfigMap(failing(404), place, signal), undefined);
  await assert.rejects(readConfigMap(failing(403), place, signal), KubeError);
});

Deno.test("missingConfigMap() says how to make it", () => {
  assert.match(missingConfigMap(place).message, /kubectl -n kube-system create configmap vips/);
});
