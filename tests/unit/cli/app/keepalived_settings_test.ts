import assert from "assert";
import {
  vipConfigMapPlace,
  vipMode,
  vrrpSettings,
} from "../../../../lib/cli/app/keepalived_settings.ts";
import type { Settings } from "../../../../lib/cli/options.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

const settings = (changed: Partial<Settings> = {}) =>
  fakeSettings("keepalived", { vipNamespace: "kube-system", vipConfigMap: "vips", ...changed });

Deno.test("KCP-env: vipConfigMapPlace() takes both variables, or one flag that names both", () => {
  const place = { namespace: "kube-system", name: "vips" };
  assert.deepEqual(vipConfigMapPlace(settings()), place);
  assert.deepEqual(vipConfigMapPlace(settings({ servicesConfigMap: "a/b.c" })), {
    namespace: "a",
    name: "b.c",
  });
});

for (const servicesConfigMap of ["vips", "a/b/c", "/vips", "a/", "A/b"]) {
  Deno.test(`vipConfigMapPlace() refuses --services-configmap "${servicesConfigMap}"`, () => {
    assert.throws(
      () => vipConfigMapPlace(settings({ servicesConfigMap })),
      /--services-configmap is ".*": set KEEPALIVED_NAMESPACE/,
    );
  });
}

Deno.test("KCP-env-optional: vipMode() goes without CIDR and method", () => {
  assert.deepEqual(vipMode(settings()), { namespace: "kube-system", name: "vips" });
});

Deno.test("KCP-env-method: vipMode() validates the default method", () => {
  assert.equal(vipMode(settings({ forwardMethod: "dr" })).method, "DR");
  assert.throws(
    () => vipMode(settings({ forwardMethod: "TUN" })),
    /default forward method is "TUN": use NAT, DR or PROXY in KEEPALIVED_DEFAULT_FORWARD_METHOD/,
  );
});

Deno.test("KCP-env-cidr: vipMode() reads the CIDR", () => {
  assert.equal(vipMode(settings({ serviceCidr: "10.0.0.0/24" })).pool?.cidr, "10.0.0.0/24");
});

Deno.test("vrrpSettings() are the flags, or everything that is wrong with them", () => {
  const options = vrrpSettings(fakeSettings("keepalived agent", { iface: "eth0", vrid: 7 }));
  assert.deepEqual(options, {
    iface: "eth0",
    vrid: 7,
    priority: 100,
    state: "BACKUP",
    advertInterval: 1,
  });
  const bad = fakeSettings("keepalived agent", { advertInterval: "x" });
  assert.throws(() => vrrpSettings(bad), /--iface is "".*; --advert-interval is "x"/);
});
