import assert from "assert";
import { type ApiCase, causeFields, serviceBody } from "./kube_api_bed.ts";

const LOCAL = { type: "LoadBalancer", externalTrafficPolicy: "Local" } as const;

/** Defaulting, allocation, validation and type changes of Services. */
export const SERVICE_CASES: Readonly<Record<string, ApiCase>> = {
  "a ClusterIP Service gets its defaults and nothing else": async (bed) => {
    const { spec, status } = await bed.service("plain");
    const { clusterIP, clusterIPs, ...rest } = spec;
    assert.match(clusterIP, /^[\d.]+$|:/);
    assert.deepEqual(clusterIPs, [clusterIP]);
    assert.deepEqual(rest, {
      type: "ClusterIP",
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      selector: { app: "none" },
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    });
    assert.deepEqual(status, { loadBalancer: {} });
  },

  "metadata of a new object is filled in by the server": async (bed) => {
    const { metadata } = await bed.service("meta");
    assert.match(metadata.uid, /^[0-9a-f-]{36}$/);
    assert.match(metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(metadata.resourceVersion, /^\d+$/);
    assert.equal(metadata.namespace, bed.namespace);
    assert.equal(metadata.generation, undefined);
  },

  "a LoadBalancer gets node ports and its policies": async (bed) => {
    const { spec } = await bed.service("lb", { type: "LoadBalancer" });
    assert.equal(spec.allocateLoadBalancerNodePorts, true);
    assert.equal(spec.externalTrafficPolicy, "Cluster");
    assert.ok(spec.ports[0].nodePort >= 30_000);
    assert.equal(spec.healthCheckNodePort, undefined);
  },

  "allocateLoadBalancerNodePorts false leaves node ports out": async (bed) => {
    const { spec } = await bed.service("bare", {
      type: "LoadBalancer",
      allocateLoadBalancerNodePorts: false,
    });
    assert.equal(spec.ports[0].nodePort, undefined);
  },

  "policy Local has a health check port until it is Cluster": async (bed) => {
    const { spec } = await bed.service("local", LOCAL);
    assert.ok(spec.healthCheckNodePort >= 30_000);
    assert.notEqual(spec.healthCheckNodePort, spec.ports[0].nodePort);
    const cluster = await bed.merge(bed.path("services", "local"), {
      spec: { externalTrafficPolicy: "Cluster" },
    });
    assert.equal(cluster.status, 200);
    assert.equal(cluster.body["spec"].healthCheckNodePort, undefined);
  },

  "healthCheckNodePort is immutable while it is needed": async (bed) => {
    const { spec } = await bed.service("health", LOCAL);
    const answer = await bed.merge(bed.path("services", "health"), {
      spec: { healthCheckNodePort: spec.healthCheckNodePort === 32_000 ? 32_001 : 32_000 },
    });
    assert.equal(answer.status, 422);
    assert.deepEqual(causeFields(answer), ["spec.healthCheckNodePort FieldValueForbidden"]);
  },

  "a change from LoadBalancer to ClusterIP clears what only LoadBalancers have": async (bed) => {
    await bed.service("change", { ...LOCAL, loadBalancerClass: "example.com/a" });
    const path = bed.path("services", "change");
    const ingress = { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } };
    assert.equal((await bed.merge(`${path}/status`, ingress)).status, 200);
    const { status, body } = await bed.merge(path, { spec: { type: "ClusterIP" } });
    assert.equal(status, 200);
    for (
      const gone of [
        "healthCheckNodePort",
        "allocateLoadBalancerNodePorts",
        "externalTrafficPolicy",
        "loadBalancerClass",
      ]
    ) assert.equal(body["spec"][gone], undefined, gone);
    assert.equal(body["spec"].ports[0].nodePort, undefined);
    assert.deepEqual(body["status"], { loadBalancer: {} });
  },

  "clusterIP cannot change": async (bed) => {
    const made = await bed.service("fixed");
    const spec = { clusterIP: "10.96.77.77", clusterIPs: ["10.96.77.77"] };
    const answer = await bed.merge(bed.path("services", "fixed"), { spec });
    assert.equal(answer.status, 422);
    assert.equal(answer.body["reason"], "Invalid");
    assert.deepEqual(causeFields(answer), ["spec.clusterIPs[0] FieldValueInvalid"]);
    assert.match(answer.body["message"], /^Service "fixed" is invalid: .*may not change once set/);
    assert.notEqual(made["spec"].clusterIP, "10.96.77.77");
  },

  "a cluster address in use is refused": async (bed) => {
    const { spec } = await bed.service("first");
    const answer = await bed.call(
      "POST",
      bed.path("services"),
      serviceBody("second", { clusterIP: spec.clusterIP }),
    );
    assert.equal(answer.status, 422);
    assert.deepEqual(causeFields(answer), ["spec.clusterIPs FieldValueInvalid"]);
    assert.match(answer.body["message"], /provided IP is already allocated/);
  },

  "a node port in use or out of range is refused": async (bed) => {
    const { spec } = await bed.service("holder", { type: "NodePort" });
    const ask = (nodePort: number) =>
      bed.call(
        "POST",
        bed.path("services"),
        serviceBody("asker", { type: "NodePort", ports: [{ port: 80, nodePort }] }),
      );
    const taken = await ask(spec.ports[0].nodePort);
    assert.equal(taken.status, 422);
    assert.match(taken.body["message"], /provided port is already allocated/);
    assert.deepEqual(causeFields(taken), ["spec.ports[0].nodePort FieldValueInvalid"]);
    assert.match((await ask(99)).body["message"], /not in the valid range/);
  },

  "loadBalancerClass cannot change": async (bed) => {
    await bed.service("class", { type: "LoadBalancer", loadBalancerClass: "example.com/a" });
    const answer = await bed.merge(bed.path("services", "class"), {
      spec: { loadBalancerClass: "example.com/b" },
    });
    assert.equal(answer.status, 422);
    assert.deepEqual(causeFields(answer), ["spec.loadBalancerClass FieldValueInvalid"]);
  },

  "loadBalancerClass is for LoadBalancers only": async (bed) => {
    const answer = await bed.call(
      "POST",
      bed.path("services"),
      serviceBody("wrong", { loadBalancerClass: "example.com/a" }),
    );
    assert.deepEqual(causeFields(answer), ["spec.loadBalancerClass FieldValueForbidden"]);
  },

  "a Service without ports is refused": async (bed) => {
    const answer = await bed.call("POST", bed.path("services"), serviceBody("none", { ports: [] }));
    assert.equal(answer.status, 422);
    assert.deepEqual(causeFields(answer), ["spec.ports FieldValueRequired"]);
    assert.equal(answer.body["message"], 'Service "none" is invalid: spec.ports: Required value');
    assert.deepEqual(answer.body["details"].kind, "Service");
  },

  "every broken field of a port is told": async (bed) => {
    const ports = [{ port: 0, protocol: "TCP" }, { name: "x", port: 80, protocol: "ICMP" }];
    const answer = await bed.call("POST", bed.path("services"), serviceBody("bad", { ports }));
    assert.equal(answer.status, 422);
    assert.deepEqual([...causeFields(answer)].sort(), [
      "spec.ports[0].name FieldValueRequired",
      "spec.ports[0].port FieldValueInvalid",
      "spec.ports[0].targetPort FieldValueInvalid",
      "spec.ports[1].protocol FieldValueNotSupported",
    ]);
  },

  "the same port twice is refused": async (bed) => {
    const ports = [{ name: "a", port: 80 }, { name: "b", port: 80 }];
    const answer = await bed.call("POST", bed.path("services"), serviceBody("twice", { ports }));
    assert.deepEqual(causeFields(answer), ["spec.ports[1] FieldValueDuplicate"]);
  },

  "TCP and UDP on one port share a Service": async (bed) => {
    const ports = [
      { name: "t", port: 53, protocol: "TCP" },
      { name: "u", port: 53, protocol: "UDP" },
    ];
    const { spec } = await bed.service("dns", { type: "LoadBalancer", ports });
    assert.equal(spec.ports[0].nodePort, spec.ports[1].nodePort);
  },

  "a malformed source range is refused": async (bed) => {
    const spec = { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/99"] };
    const answer = await bed.call("POST", bed.path("services"), serviceBody("range", spec));
    assert.equal(answer.status, 422);
    assert.deepEqual(causeFields(answer), ["spec.LoadBalancerSourceRanges[0] FieldValueInvalid"]);
  },

  "ClientIP affinity gets its timeout": async (bed) => {
    const { spec } = await bed.service("sticky", { sessionAffinity: "ClientIP" });
    assert.deepEqual(spec.sessionAffinityConfig, { clientIP: { timeoutSeconds: 10_800 } });
  },

  "a headless Service has no address; without selector it has both families": async (bed) => {
    const headless = await bed.service("headless", { clusterIP: "None" });
    assert.deepEqual(headless["spec"].clusterIPs, ["None"]);
    assert.deepEqual(headless["spec"].ipFamilies, ["IPv4"]);
    const open = await bed.service("open", { clusterIP: "None", selector: undefined });
    assert.equal(open["spec"].ipFamilyPolicy, "RequireDualStack");
    assert.deepEqual([...open["spec"].ipFamilies].sort(), ["IPv4", "IPv6"]);
  },

  "an ExternalName Service has a name instead of addresses": async (bed) => {
    const spec = { type: "ExternalName", externalName: "example.com", ports: undefined };
    const made = await bed.service("alias", spec);
    assert.equal(made["spec"].clusterIP, undefined);
    assert.equal(made["spec"].ipFamilies, undefined);
    const answer = await bed.call(
      "POST",
      bed.path("services"),
      serviceBody("noname", { type: "ExternalName", ports: undefined }),
    );
    assert.deepEqual(causeFields(answer), ["spec.externalName FieldValueRequired"]);
  },

  "two families on a cluster with one are refused when required, not when preferred": async (
    bed,
  ) => {
    const post = (name: string, ipFamilyPolicy: string) =>
      bed.call("POST", bed.path("services"), serviceBody(name, { ipFamilyPolicy }));
    const preferred = await post("prefer", "PreferDualStack");
    assert.equal(preferred.status, 201);
    assert.deepEqual(preferred.body["spec"].ipFamilies, ["IPv4"]);
    const required = await post("require", "RequireDualStack");
    assert.equal(required.status, 422);
    assert.deepEqual(causeFields(required), ["spec.ipFamilyPolicy FieldValueInvalid"]);
  },

  "fields that do not exist are dropped, or refused when strict": async (bed) => {
    const body = serviceBody("typo", { ports: [{ port: 80, targetport: 81 }], prots: [] });
    const strict = await bed.call("POST", `${bed.path("services")}?fieldValidation=Strict`, body);
    assert.equal(strict.status, 400);
    assert.match(strict.body["message"], /strict decoding error: .*unknown field "spec.prots"/);
    assert.match(strict.body["message"], /unknown field "spec.ports\[0\].targetport"/);
    const made = await bed.create(bed.path("services"), body);
    assert.equal(made["spec"].prots, undefined);
    assert.deepEqual(made["spec"].ports, [{ port: 80, protocol: "TCP", targetPort: 80 }]);
  },

  "a PUT without the allocated values keeps them": async (bed) => {
    const made = await bed.service("keep", { type: "LoadBalancer" });
    const put = await bed.call(
      "PUT",
      bed.path("services", "keep"),
      serviceBody("keep", { type: "LoadBalancer", ports: [{ port: 81 }] }),
    );
    assert.equal(put.status, 200, JSON.stringify(put.body));
    assert.equal(put.body["spec"].clusterIP, made["spec"].clusterIP);
    assert.equal(put.body["spec"].ports[0].nodePort, made["spec"].ports[0].nodePort);
  },

  "PUT creates a Service that does not exist": async (bed) => {
    const put = await bed.call("PUT", bed.path("services", "new"), serviceBody("new"));
    assert.equal(put.status, 201);
  },

  "ingress addresses get a mode and are for LoadBalancers only": async (bed) => {
    await bed.service("balanced", { type: "LoadBalancer" });
    await bed.service("plain");
    const status = { status: { loadBalancer: { ingress: [{ ip: "192.0.2.9" }] } } };
    const good = await bed.merge(`${bed.path("services", "balanced")}/status`, status);
    assert.deepEqual(good.body["status"].loadBalancer.ingress, [{
      ip: "192.0.2.9",
      ipMode: "VIP",
    }]);
    const bad = await bed.merge(`${bed.path("services", "plain")}/status`, status);
    assert.equal(bad.status, 422);
    assert.deepEqual(causeFields(bad), ["status.loadBalancer.ingress FieldValueForbidden"]);
  },

  "DELETE of a Service answers with the Service": async (bed) => {
    await bed.service("gone");
    const answer = await bed.call("DELETE", bed.path("services", "gone"));
    assert.equal(answer.status, 200);
    assert.equal(answer.body["kind"], "Service");
  },
};
