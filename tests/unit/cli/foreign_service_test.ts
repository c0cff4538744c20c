import assert from "assert";
import { foreignService } from "../../../lib/cli/foreign_service.ts";
import { wishService } from "../../fakes/address_bed.ts";

const ours = "kube-vip.io/kube-vip-class";
const CASES:
  readonly (readonly [string, boolean, object, Record<string, string>, RegExp | undefined])[] = [
    ["no class", false, {}, {}, undefined],
    ["no class where only one is served", true, {}, {}, /no loadBalancerClass, and only kube-vip/],
    ["our class", false, { loadBalancerClass: ours }, {}, undefined],
    ["our class where it is served", true, { loadBalancerClass: ours }, {}, undefined],
    ["another class", false, { loadBalancerClass: "x/y" }, {}, /loadBalancerClass is x\/y/],
    ["the annotation", false, {}, { "kube-vip.io/ignore": "true" }, /kube-vip\.io\/ignore is true/],
  ];
for (const [name, enableLoadBalancerClass, spec, annotations, wanted] of CASES) {
  Deno.test(`foreignService() with ${name}`, () => {
    const service = wishService("a/b", { spec, annotations });
    const found = foreignService(service, { enableLoadBalancerClass, loadBalancerClassName: ours });
    if (wanted === undefined) assert.equal(found, undefined);
    else assert.match(found ?? "", wanted);
  });
}
