import assert from "assert";
import { manifests } from "../../../../lib/cli/commands/manifests.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const version = { berth: "1.2.3", deno: "d", platform: "p" };

Deno.test("manifests() prints YAML with an image of this version, or the one that is asked for", () => {
  for (const [settings, image] of [[{}, "berth:1.2.3"], [{ image: "r/b:4" }, "r/b:4"]] as const) {
    const context = fakeContext("manifests ipam", settings);
    assert.equal(manifests(context, { mode: "ipam", version }), 0);
    assert.match(context.streams.stdout, new RegExp(`image: ${image}\n`));
    assert.match(context.streams.stdout, /^kind: Deployment$/m);
  }
});

Deno.test("manifests() puts the prefix in, or says that an example stands there", () => {
  const example = fakeContext("manifests keepalived", {});
  manifests(example, { mode: "keepalived", version });
  assert.match(example.streams.stderr, /192\.0\.2\.0\/24, an example: give .* --service-cidr/);
  const named = fakeContext("manifests keepalived", { serviceCidr: "10.8.0.0/24" });
  manifests(named, { mode: "keepalived", version });
  assert.equal(named.streams.stderr, "");
  assert.match(named.streams.stdout, /value: 10\.8\.0\.0\/24\n/);
});
