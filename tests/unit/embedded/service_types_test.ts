import assert from "assert";
import {
  externallyAccessible,
  hasNodePorts,
  isHeadless,
  needsClusterIp,
  needsHealthCheck,
  type ServiceSpec,
  wantsNodePorts,
} from "../../../lib/embedded/service_types.ts";

const CASES: readonly (readonly [ServiceSpec, string])[] = [
  [{ type: "ClusterIP" }, "ip"],
  [{ type: "ClusterIP", clusterIP: "None" }, "headless ip"],
  [{ type: "ClusterIP", externalIPs: ["1.2.3.4"] }, "ip external"],
  [{ type: "NodePort" }, "ip ports wants external"],
  [{ type: "LoadBalancer" }, "ip ports wants external"],
  [{ type: "LoadBalancer", allocateLoadBalancerNodePorts: false }, "ip ports external"],
  [{ type: "LoadBalancer", externalTrafficPolicy: "Local" }, "ip ports wants health external"],
  [{ type: "ExternalName" }, ""],
];

for (const [spec, expected] of CASES) {
  Deno.test(`predicates of ${JSON.stringify(spec)} say ${expected}`, () => {
    const said = [
      isHeadless(spec) && "headless",
      needsClusterIp(spec) && "ip",
      hasNodePorts(spec) && "ports",
      wantsNodePorts(spec) && "wants",
      needsHealthCheck(spec) && "health",
      externallyAccessible(spec) && "external",
    ];
    assert.equal(said.filter(Boolean).join(" "), expected);
  });
}
