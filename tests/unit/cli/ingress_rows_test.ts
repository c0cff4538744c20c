import assert from "assert";
import { ingressRows } from "../../../lib/cli/ingress_rows.ts";
import { endpointSlice, lbService } from "../../fakes/kube_objects.ts";

const backend = { service: { name: "gone", port: { number: 80 } } };
const http = { paths: [{ path: "/", pathType: "Prefix", backend }] } as const;

Deno.test("ingressRows() tells hosts, addresses and what is wrong", () => {
  const metadata = { name: "web", namespace: "shop", uid: "1", resourceVersion: "1" };
  const spec = { rules: [{ host: "a.example", http }] };
  const status = { loadBalancer: { ingress: [{ ip: "172.18.255.9" }] } };
  const waiting = { metadata: { ...metadata, name: "api", uid: "2" }, spec: {} };
  const ingresses = [{ metadata, spec, status }, waiting];
  const [api, web] = ingressRows("kind", { ingresses, services: [], slices: [], secrets: [] });
  assert.deepEqual(web?.hosts, ["a.example"]);
  assert.deepEqual(web?.addresses, ["172.18.255.9"]);
  assert.match(web?.problems.join() ?? "", /^BackendNotFound: .*no Service "gone"/);
  assert.equal(api?.name, "api");
  assert.match(api?.problems[0] ?? "", /^no address yet/);
});

Deno.test("ingressRows() tells Services without Pods, each once", () => {
  const metadata = { name: "web", namespace: "ns", uid: "1", resourceVersion: "1" };
  const to = (name: string, port: object) => ({ service: { name, port } });
  const paths = [
    { path: "/a", pathType: "Prefix", backend: to("web", { number: 80 }) },
    { path: "/b", pathType: "Prefix", backend: to("api", { name: "http" }) },
    { path: "/c", pathType: "Prefix", backend: to("api", { number: 80 }) },
  ] as const;
  const spec = { defaultBackend: to("rest", { number: 80 }), rules: [{ http: { paths } }] };
  const status = { loadBalancer: { ingress: [{ ip: "172.18.255.9" }] } };
  const services = ["web", "api", "rest"].map((name) => lbService({ metadata: { name } }));
  const read = { services, slices: [endpointSlice()], secrets: [] };
  const [row] = ingressRows("kind", { ...read, ingresses: [{ metadata, spec, status }] });
  assert.deepEqual(row?.problems, [
    "no Pod of Service ns/rest is ready",
    "no Pod of Service ns/api is ready",
  ]);
});
