import assert from "assert";
import { crdBundle } from "../../../../lib/gateway/crds/bundle.ts";

const annotation = "gateway.networking.k8s.io/";

for (const [channel, count] of [["standard", 10], ["experimental", 13]] as const) {
  Deno.test(`crdBundle() holds the ${count} ${channel} definitions of one release`, async () => {
    const bundle = await crdBundle(channel);
    assert.equal(bundle.length, count);
    for (const { metadata, spec } of bundle) {
      assert.equal(metadata.name, `${spec.names.plural}.${spec.group}`);
      assert.equal(metadata.annotations?.[`${annotation}bundle-version`], "v1.6.3");
      assert.equal(metadata.annotations?.[`${annotation}channel`], channel);
      assert.ok(spec.versions.some(({ served }) => served), `${metadata.name} serves nothing`);
    }
  });
}
