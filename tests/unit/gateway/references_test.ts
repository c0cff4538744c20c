import assert from "assert";
import { gatewayReferences, permittedReferences } from "../../../lib/gateway/references.ts";
import type { BackendTLSPolicy, Gateway, ListenerSet, Route } from "../../../lib/gateway/types.ts";

const meta = (namespace: string, name: string) => ({
  name,
  namespace,
  uid: name,
  resourceVersion: "1",
});

const gateway: Gateway = {
  metadata: meta("infra", "gw"),
  spec: {
    gatewayClassName: "berth",
    listeners: [{
      name: "tls",
      port: 443,
      protocol: "HTTPS",
      tls: {
        certificateRefs: [{ name: "cert" }, { name: "x", group: "example.com", kind: "Vault" }],
      },
    }],
    tls: {
      backend: { clientCertificateRef: { name: "client", namespace: "keys" } },
      frontend: {
        default: { validation: { caCertificateRefs: [{ kind: "ConfigMap", name: "ca" }] } },
        perPort: [{
          port: 8443,
          tls: { validation: { caCertificateRefs: [{ kind: "Vault", name: "ca2" }] } },
        }],
      },
    },
  },
};

const set: ListenerSet = {
  metadata: meta("shop", "more"),
  spec: {
    parentRef: { name: "gw" },
    listeners: [{
      name: "tls",
      port: 443,
      protocol: "HTTPS",
      tls: { certificateRefs: [{ name: "cert" }] },
    }],
  },
};

const route: Route = {
  kind: "HTTPRoute",
  metadata: meta("shop", "r"),
  spec: {
    rules: [{
      filters: [{ type: "RequestMirror", requestMirror: { backendRef: { name: "copy" } } }],
      backendRefs: [
        { name: "b", port: 80 },
        { name: "a", port: 80, namespace: "other" },
        { name: "b", port: 81 },
        { name: "bucket", group: "example.com", kind: "Bucket" },
      ],
    }],
  },
};

const policy: BackendTLSPolicy = {
  metadata: meta("shop", "p"),
  spec: {
    targetRefs: [{ group: "", kind: "Service", name: "b" }],
    validation: {
      hostname: "b",
      caCertificateRefs: [{ group: "", kind: "ConfigMap", name: "b-ca" }],
    },
  },
};

const objects = { gateway, listenerSets: [set], routes: [route], policies: [policy] };

Deno.test("gatewayReferences() finds each name once, sorted", () => {
  const found = gatewayReferences(objects);
  assert.deepEqual(found.services, [
    { namespace: "other", name: "a" },
    { namespace: "shop", name: "b" },
    { namespace: "shop", name: "copy" },
  ]);
  assert.deepEqual(found.secrets, [
    { namespace: "infra", name: "cert" },
    { namespace: "keys", name: "client" },
    { namespace: "shop", name: "cert" },
  ]);
  assert.deepEqual(found.configMaps, [
    { namespace: "infra", name: "ca" },
    { namespace: "shop", name: "b-ca" },
  ]);
});

Deno.test("permittedReferences() leaves out what crosses namespaces without a grant", () => {
  const allow = (kind: string, namespace: string, to: { kind: string; namespace: string }) => ({
    metadata: meta(to.namespace, "grant"),
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind, namespace }],
      to: [{ group: "", kind: to.kind }],
    },
  });
  const local = permittedReferences(objects, []);
  assert.deepEqual(local.services.map(({ name }) => name), ["b", "copy"]);
  assert.deepEqual(local.secrets.map(({ namespace }) => namespace), ["infra", "shop"]);
  assert.deepEqual(local.configMaps, gatewayReferences(objects).configMaps);
  const all = permittedReferences(objects, [
    allow("HTTPRoute", "shop", { kind: "Service", namespace: "other" }),
    allow("Gateway", "infra", { kind: "Secret", namespace: "keys" }),
  ]);
  assert.deepEqual(all, gatewayReferences(objects));
  const others = permittedReferences(objects, [
    allow("GRPCRoute", "shop", { kind: "Service", namespace: "other" }),
    allow("ListenerSet", "infra", { kind: "Secret", namespace: "keys" }),
  ]);
  assert.deepEqual(others, local);
});
