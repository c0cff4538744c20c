import assert from "assert";
import { gatewaySource } from "../../../../lib/cli/sources/gateways.ts";
import { serve } from "../../../../lib/embedded/mod.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { kindMachine, sourceOptions } from "../../../fakes/cli_machine.ts";
import { kubeconfig } from "../../../fakes/kube_server.ts";

const signal = new AbortController().signal;
const group = "/apis/gateway.networking.k8s.io";

async function read(config: string) {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, config);
    const settings = fakeSettings("status gateways", { kubeconfig: path });
    await using source = await gatewaySource({ settings, env: {} });
    return await source.gateways({ signal });
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("gatewaySource() reads each kind in the best version that is served", async () => {
  const metadata = { name: "gw", namespace: "ns", uid: "u", resourceVersion: "1" };
  const items = [{ metadata, spec: { gatewayClassName: "berth" } }];
  const lists: Readonly<Record<string, readonly unknown[]>> = {
    [`${group}/v1/gateways`]: items,
    [`${group}/v1alpha2/tcproutes`]: [{ metadata, spec: {} }],
  };
  const place = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using server = Deno.serve(place, (request) => {
    const found = lists[new URL(request.url).pathname];
    const body = { items: found, metadata: { resourceVersion: "1" } };
    return found === undefined ? new Response("{}", { status: 404 }) : Response.json(body);
  });
  const [reading] = await read(kubeconfig(`http://127.0.0.1:${server.addr.port}`));
  assert.deepEqual(reading, {
    ...{ cluster: "c", classes: [], listenerSets: [], policies: [] },
    gateways: [{ kind: "Gateway", metadata, spec: { gatewayClassName: "berth" } }],
    routes: [{ kind: "TCPRoute", metadata, spec: {} }],
    ingress: { ingresses: [], services: [], slices: [], secrets: [] },
    backends: { services: [], slices: [] },
  });
});

Deno.test("gatewaySource() goes without Services that it may not read", async () => {
  const metadata = { name: "route", namespace: "ns", uid: "u", resourceVersion: "1" };
  const place = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using server = Deno.serve(place, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/v1/services") return new Response("{}", { status: 403 });
    if (pathname !== `${group}/v1/httproutes`) return new Response("{}", { status: 404 });
    return Response.json({ items: [{ metadata, spec: {} }], metadata: { resourceVersion: "1" } });
  });
  const [reading] = await read(kubeconfig(`http://127.0.0.1:${server.addr.port}`));
  assert.ok(reading !== undefined && "routes" in reading, JSON.stringify(reading));
  assert.deepEqual([reading.routes.length, reading.backends], [1, undefined]);
});

Deno.test("gatewaySource() finds nothing in a cluster without the Gateway API", async () => {
  await using api = serve();
  const [reading] = await read(api.kubeconfig());
  assert.ok(reading !== undefined && !("error" in reading));
  assert.deepEqual(reading.gateways, []);
});

Deno.test("gatewaySource() tells clusters that do not answer and clusters that are not there", async () => {
  await using bed = await kindMachine();
  const changed = { clusters: ["one", "two"] };
  const options = sourceOptions(bed, { command: "status gateways", changed });
  await using source = await gatewaySource(options);
  const readings = await source.gateways({ signal });
  assert.deepEqual(readings.map(({ cluster }) => cluster), ["one", "two"]);
  assert.match(JSON.stringify(readings[1]), /there is no such cluster/);
});
