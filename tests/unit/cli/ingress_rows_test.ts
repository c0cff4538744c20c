import assert from "assert";
import { ingressRows } from "../../../lib/cli/ingress_rows.ts";

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
