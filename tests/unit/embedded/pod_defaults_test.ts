import assert from "assert";
import { asArray, at } from "../../../lib/embedded/json.ts";
import { defaultPodSpec, podSpecCauses } from "../../../lib/embedded/pod_defaults.ts";

Deno.test("defaultPodSpec() fills in the Pod and its containers, and does so once", () => {
  const spec = defaultPodSpec({
    containers: [{ name: "c", image: "x:1", ports: [{ containerPort: 80 }] }],
  });
  assert.equal(spec["restartPolicy"], "Always");
  const [container] = asArray(spec["containers"]);
  assert.deepEqual(at(container, "ports"), [{ containerPort: 80, protocol: "TCP" }]);
  assert.deepEqual(defaultPodSpec(spec), spec);
});

Deno.test.each(
  [
    ["x", "Always"],
    ["x:latest", "Always"],
    ["registry:5000/x", "Always"],
    ["x:1.2", "IfNotPresent"],
    ["x@sha256:0", "IfNotPresent"],
  ] as const,
)("an image $0 is pulled $1", (image, policy) => {
  const spec = defaultPodSpec({
    containers: [{ name: "c", image }],
    initContainers: [{ name: "i", image }],
  });
  for (const key of ["containers", "initContainers"]) {
    assert.equal(at(asArray(spec[key])[0], "imagePullPolicy"), policy);
  }
});

Deno.test("podSpecCauses() wants containers with a name and an image", () => {
  const fields = (containers: readonly { readonly [key: string]: string }[]) =>
    podSpecCauses({ containers }, "spec").map((cause) => cause.field);
  assert.deepEqual(fields([]), ["spec.containers"]);
  assert.deepEqual(fields([{ name: "c" }]), ["spec.containers[0].image"]);
  assert.deepEqual(fields([{ image: "x" }, { name: "Bad", image: "x" }]), [
    "spec.containers[0].name",
    "spec.containers[1].name",
  ]);
  assert.deepEqual(fields([{ name: "c", image: "x" }, { name: "c", image: "x" }]), [
    "spec.containers[1].name",
  ]);
});

Deno.test("probes, variables and file volumes get their defaults", () => {
  const container = {
    name: "c",
    image: "x:1",
    env: [{ name: "A", value: "1" }, {
      name: "N",
      valueFrom: { fieldRef: { fieldPath: "metadata.name" } },
    }],
    readinessProbe: { httpGet: { port: 80 } },
    livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 3 },
  };
  const spec = defaultPodSpec({
    containers: [container],
    volumes: [{ name: "v", configMap: { name: "m" } }, { name: "e", emptyDir: {} }],
  });
  const [made] = asArray(spec["containers"]);
  const counts = { timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };
  assert.deepEqual(at(made, "readinessProbe"), {
    ...counts,
    periodSeconds: 10,
    httpGet: { path: "/", scheme: "HTTP", port: 80 },
  });
  assert.deepEqual(at(made, "livenessProbe"), {
    ...counts,
    periodSeconds: 3,
    tcpSocket: { port: 80 },
  });
  assert.deepEqual(at(asArray(at(made, "env"))[1], "valueFrom", "fieldRef"), {
    apiVersion: "v1",
    fieldPath: "metadata.name",
  });
  assert.deepEqual(spec["volumes"], [{ name: "v", configMap: { defaultMode: 420, name: "m" } }, {
    name: "e",
    emptyDir: {},
  }]);
});
