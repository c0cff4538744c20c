import assert from "assert";
import { parseAllDocuments } from "yaml";
import { manifests } from "../../../../lib/cli/commands/manifests.ts";
import { parseArgs } from "../../../../lib/cli/args.ts";
import type { ManifestMode } from "../../../../lib/cli/manifests/types.ts";
import { fakeContext, FakeStreams } from "../../../fakes/cli.ts";

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

const cases: readonly {
  readonly mode: ManifestMode;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly maps: readonly string[];
}[] = [
  { mode: "ipam", variables: {}, maps: ["kube-system/kubevip"] },
  {
    mode: "ipam",
    env: { KUBEVIP_NAMESPACE: "lb", KUBEVIP_CONFIG_MAP: "pools" },
    variables: { KUBEVIP_NAMESPACE: "lb", KUBEVIP_CONFIG_MAP: "pools" },
    maps: ["lb/pools"],
  },
  {
    mode: "ipam",
    flags: ["--pool-config-map", "pools", "--enable-loadbalancerclass"],
    variables: { KUBEVIP_CONFIG_MAP: "pools", KUBEVIP_ENABLE_LOADBALANCERCLASS: "true" },
    maps: ["kube-system/pools"],
  },
  {
    mode: "keepalived",
    flags: ["--services-configmap", "lb/vips", "--default-forward-method", "DR"],
    env: { KEEPALIVED_SERVICE_CIDR: "10.8.0.0/24" },
    variables: {
      KEEPALIVED_NAMESPACE: "lb",
      KEEPALIVED_CONFIG_MAP: "vips",
      KEEPALIVED_SERVICE_CIDR: "10.8.0.0/24",
      KEEPALIVED_DEFAULT_FORWARD_METHOD: "DR",
    },
    maps: ["lb/vips", "lb/vips"],
  },
  {
    mode: "keepalived",
    env: { KEEPALIVED_CONFIG_MAP: "vips" },
    variables: {
      KEEPALIVED_NAMESPACE: "kube-system",
      KEEPALIVED_CONFIG_MAP: "vips",
      KEEPALIVED_SERVICE_CIDR: "192.0.2.0/24",
    },
    maps: ["kube-system/vips", "kube-system/vips"],
  },
];
for (const { mode, flags = [], env = {}, variables, maps } of cases) {
  const words = [...flags, ...Object.keys(env)].join(" ");
  Deno.test(`manifests() puts names into Deployment and Role: ${mode} ${words}`, () => {
    const parsed = parseArgs(["manifests", mode, ...flags], (name) => env[name]);
    assert.ok(parsed.ok);
    const { settings } = parsed.invocation;
    const streams = new FakeStreams();
    const signal = new AbortController().signal;
    assert.equal(manifests({ settings, streams, signal }, { mode, version }), 0);
    // deno-lint-ignore no-explicit-any -- a look into plain YAML data
    const objects: any[] = parseAllDocuments(streams.stdout).map((one) => one.toJS());
    const deployment = objects.find(({ kind }) => kind === "Deployment");
    const [{ env: all }] = deployment.spec.template.spec.containers;
    const own = all.filter(({ name }: { name: string }) => name !== "POD_NAME");
    assert.deepEqual(
      Object.fromEntries(own.map(({ name, value }: Record<string, string>) => [name, value])),
      variables,
    );
    const seen = objects.filter(({ kind }) => kind === "Role").flatMap(({ metadata, rules }) =>
      rules.filter(({ resources }: { resources: string[] }) => resources[0] === "configmaps")
        .map((rule: { resourceNames: string[] }) => `${metadata.namespace}/${rule.resourceNames}`)
    );
    assert.deepEqual(seen, maps);
  });
}

Deno.test("manifests() refuses what the mode could not work with", () => {
  const cases = [
    [{ serviceCidr: "10.8.0.0/40" }, /"10\.8\.0\.0\/40" cannot be read/],
    [{ servicesConfigMap: "vips" }, /--services-configmap is "vips"/],
    [{ forwardMethod: "TUN" }, /forward method is "TUN"/],
  ] as const;
  for (const [settings, words] of cases) {
    const context = fakeContext("manifests keepalived", settings);
    assert.throws(() => manifests(context, { mode: "keepalived", version }), words);
    assert.equal(context.streams.stdout, "");
  }
});
