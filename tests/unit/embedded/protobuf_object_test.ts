import assert from "assert";
import { decodeProtobuf } from "../../../lib/embedded/protobuf_object.ts";
import { bytesField, envelope, numberField, textField } from "../../fakes/protobuf.ts";
import { refusal } from "../../fakes/registry_bed.ts";

Deno.test("decodeProtobuf() reads a Service with the ways of the JSON form", () => {
  const number = [...numberField(1, 0), ...numberField(2, 8080)];
  const name = [...numberField(1, 1), ...textField(3, "http")];
  const entry = [...textField(1, "app"), ...textField(2, "web")];
  const spec = [
    ...bytesField(1, [
      ...textField(1, ""),
      ...textField(2, "TCP"),
      ...numberField(3, 80),
      ...bytesField(4, number),
      ...numberField(5, 0),
    ]),
    ...bytesField(1, [...numberField(3, 81), ...bytesField(4, name)]),
    ...bytesField(2, entry),
    ...textField(4, "LoadBalancer"),
    ...textField(18, "10.0.0.1"),
    ...numberField(20, 0),
    ...numberField(13, 0),
  ];
  const meta = [
    ...textField(1, "web"),
    ...bytesField(8, []),
    ...bytesField(11, entry),
    ...textField(99, "x"),
  ];
  assert.deepEqual(
    decodeProtobuf(envelope("v1", "Service", [...bytesField(1, meta), ...bytesField(2, spec)])),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", labels: { app: "web" } },
      spec: {
        ports: [{ protocol: "TCP", port: 80, targetPort: 8080 }, { port: 81, targetPort: "http" }],
        selector: { app: "web" },
        type: "LoadBalancer",
        clusterIPs: ["10.0.0.1"],
        allocateLoadBalancerNodePorts: false,
      },
    },
  );
});

Deno.test("decodeProtobuf() keeps zero replicas, bytes and inlined members", () => {
  const deployment = decodeProtobuf(
    envelope("apps/v1", "Deployment", bytesField(2, numberField(1, 0))),
  );
  assert.deepEqual(deployment["spec"], { replicas: 0 });
  const data = [...textField(1, "k"), ...bytesField(2, [1, 2])];
  assert.deepEqual(decodeProtobuf(envelope("v1", "Secret", bytesField(2, data)))["data"], {
    k: "AQI=",
  });
  const ref = [...bytesField(1, textField(1, "cm")), ...textField(2, "key")];
  const env = [...textField(1, "E"), ...bytesField(3, bytesField(3, ref))];
  const pod = bytesField(2, bytesField(2, bytesField(7, env)));
  assert.deepEqual(decodeProtobuf(envelope("v1", "Pod", pod))["spec"], {
    containers: [{
      env: [{ name: "E", valueFrom: { configMapKeyRef: { name: "cm", key: "key" } } }],
    }],
  });
});

Deno.test("decodeProtobuf() reads times and options", () => {
  const meta = bytesField(8, numberField(1, 1_767_225_600));
  const made = decodeProtobuf(envelope("v1", "ConfigMap", bytesField(1, meta)));
  assert.deepEqual(made["metadata"], { creationTimestamp: "2026-01-01T00:00:00Z" });
  const options = [...numberField(1, 0), ...textField(4, "Orphan"), ...textField(5, "All")];
  assert.deepEqual(decodeProtobuf(envelope("v1", "DeleteOptions", options)), {
    apiVersion: "v1",
    kind: "DeleteOptions",
    gracePeriodSeconds: 0,
    propagationPolicy: "Orphan",
    dryRun: ["All"],
  });
});

Deno.test("decodeProtobuf() refuses other bytes and other kinds", () => {
  assert.match(
    refusal(() => decodeProtobuf(new Uint8Array([1, 2, 3]))),
    /^400 .*wrong first bytes/,
  );
  assert.match(refusal(() => decodeProtobuf(envelope("v1", "Unicorn", []))), /^415/);
  assert.match(refusal(() => decodeProtobuf(envelope("v1", "Pod", [0x0a, 9]))), /^400 protobuf/);
});
