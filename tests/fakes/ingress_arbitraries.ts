import fc from "fast-check";
import type { Ingress, IngressBackend, IngressInput, IngressPath } from "../../lib/ingress/mod.ts";
import { backendServices, backendSlices, type Stores } from "./crd_arbitraries.ts";
import { oddTexts } from "./schema_arbitrary.ts";

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const HOSTS = [
  `${"x".repeat(64)}.example.com`,
  "a.example.com",
  "*.example.com",
  "b.example.com",
  `${"a".repeat(63)}.com`,
  "0",
];

const backend: fc.Arbitrary<IngressBackend> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      service: fc.record({
        name: pick("web", "h2", "bound", "late", "gone"),
        port: pick({ number: 80 }, { name: "http" }, { name: "tls" }, { number: 53 }),
      }),
    }),
  },
  { weight: 1, arbitrary: pick({ resource: { kind: "Bucket", name: "pictures" } }) },
);

/** The API server asks of a path that it begins with a slash, and of two types a bit more. */
const path: fc.Arbitrary<IngressPath> = fc.record({
  path: fc.oneof(pick("/", "/a", "/a/", "/a/b"), oddTexts(2000).map((text) => `/${text}`)),
  pathType: pick("Exact", "Prefix", "ImplementationSpecific"),
  backend,
}, { requiredKeys: ["pathType", "backend"] });

const few = <T>(one: fc.Arbitrary<T>, maxLength = 3) => fc.array(one, { maxLength });

function spec(stores: Stores): fc.Arbitrary<Ingress["spec"]> {
  return fc.record({
    defaultBackend: backend,
    rules: few(
      fc.record({ host: pick(...HOSTS), http: fc.record({ paths: few(path) }) }, {
        requiredKeys: [],
      }),
    ),
    tls: few(
      fc.record(
        { hosts: few(pick(...HOSTS)), secretName: pick(...stores.secrets.keys(), "gone") },
        {
          requiredKeys: [],
        },
      ),
    ),
  }, { requiredKeys: [] });
}

/** Ingresses of namespace `infra`, as the API server takes them. */
export function anyIngressInput(stores: Stores): fc.Arbitrary<IngressInput> {
  return few(spec(stores)).map((specs) => ({
    cluster: "kind",
    ingresses: specs.map((one, at) => ({ metadata: meta(`i${at}`), spec: one })),
    services: backendServices(),
    slices: backendSlices(),
    secrets: [...stores.secrets].map(([name, pair]) => ({
      metadata: meta(name),
      data: { "tls.crt": base64(pair.certificate), "tls.key": base64(pair.privateKey) },
    })),
    addresses: stores.addresses,
  }));
}

function meta(name: string) {
  return { name, namespace: "infra", uid: name, resourceVersion: "1" };
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
