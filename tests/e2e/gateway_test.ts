import assert from "assert";
import { Authority, type Bed, docker, ensureGatewayImages, tlsSecret, until } from "./bed/mod.ts";
import { serialOf } from "./gateway_clients.ts";
import { send, sendUntil } from "./http_client.ts";
import { type Scenario, scenario } from "./scenario.ts";

const API = "gateway.networking.k8s.io/v1";
const GROUP = "/apis/gateway.networking.k8s.io/v1/namespaces/default";
const LIMIT_MS = 20_000;

interface Parent {
  readonly parentRef: { readonly name: string };
  readonly controllerName: string;
  readonly conditions?: readonly { readonly observedGeneration?: number }[];
}

interface Status {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
  };
  readonly status?: {
    readonly addresses?: readonly { readonly value: string }[];
    readonly parents?: readonly Parent[];
  };
}

/** A world with the images of the echo servers. */
async function world(name: string): Promise<Scenario> {
  await ensureGatewayImages();
  return await scenario(name);
}

/** berth makes the definitions as it starts. */
async function crdsServed(bed: Bed): Promise<void> {
  const served = () =>
    bed.api.get("/apis/gateway.networking.k8s.io/v1/gatewayclasses/berth")
      .then(() => true, () => false);
  await until(served, LIMIT_MS, "berth made no GatewayClass");
}

function gatewayBody(name: string, listeners?: readonly unknown[]): Record<string, unknown> {
  const http = { name: "http", port: 80, protocol: "HTTP" };
  return {
    ...{ apiVersion: API, kind: "Gateway" },
    metadata: { name },
    spec: { gatewayClassName: "berth", listeners: listeners ?? [http] },
  };
}

function routeBody(name: string, parents: readonly string[], service: string) {
  const backendRefs = [{ name: service, port: 8080 }];
  const parentRefs = parents.map((parent) => ({ name: parent }));
  const spec = { parentRefs, rules: [{ backendRefs }] };
  return { apiVersion: API, kind: "HTTPRoute", metadata: { name }, spec };
}

async function read(bed: Bed, what: string): Promise<Status> {
  return await bed.api.get<Status>(`${GROUP}/${what}`);
}

async function addressOf(bed: Bed, gateway: string): Promise<string> {
  let address: string | undefined;
  const look = async () => {
    address = (await read(bed, `gateways/${gateway}`)).status?.addresses?.[0]?.value;
    return address !== undefined;
  };
  await until(look, LIMIT_MS, `Gateway ${gateway} was given no address`);
  return address ?? "";
}

/** Names of the containers that berth runs for a cluster. */
async function proxiesOf(bed: Bed): Promise<readonly string[]> {
  const names = await docker("ps", "-a", "--format", "{{.Names}}");
  return names.split("\n").filter((name) => name.startsWith(`berth-${bed.name}-gateway`));
}

async function gone(bed: Bed, address: string): Promise<void> {
  const nobody = () => send({ address, host: "shop.example" }).then(() => false, () => true);
  await until(nobody, LIMIT_MS, `${address} still answers`);
  const none = async () => (await proxiesOf(bed)).length === 0;
  await until(none, LIMIT_MS, "a proxy is left");
}

Deno.test("a certificate that is replaced is shown at once", async () => {
  await using scene = await world("gw-rotation");
  await using authority = await Authority.create();
  const { bed } = scene;
  const host = "shop.example";
  const secrets = "/api/v1/namespaces/default/secrets";
  await bed.api.create(secrets, tlsSecret("shop", await authority.issue(host)));
  await bed.deployEcho("shop");
  await crdsServed(bed);
  const tls = { certificateRefs: [{ name: "shop" }] };
  const listener = { name: "https", port: 443, protocol: "HTTPS", tls };
  await bed.api.create(`${GROUP}/gateways`, gatewayBody("a", [listener]));
  await bed.api.create(`${GROUP}/httproutes`, routeBody("shop", ["a"], "shop"));
  const secure = { address: await addressOf(bed, "a"), host, trust: authority.cert };
  await sendUntil(secure, ({ echo }) => echo?.service === "shop");

  const before = await serialOf(secure.address, host);
  await bed.api.patch(`${secrets}/shop`, tlsSecret("shop", await authority.issue(host)));
  const rotated = async () => await serialOf(secure.address, host) !== before;
  await until(rotated, LIMIT_MS, "the old certificate is still shown");
  assert.equal((await send(secure)).echo?.service, "shop");
});

Deno.test("a route of two Gateways answers on both, and leaves with each", async () => {
  await using scene = await world("gw-two");
  const { bed } = scene;
  await bed.deployEcho("shop");
  await crdsServed(bed);
  await bed.api.create(`${GROUP}/gateways`, gatewayBody("a"));
  await bed.api.create(`${GROUP}/gateways`, gatewayBody("b"));
  await bed.api.create(`${GROUP}/httproutes`, routeBody("shop", ["a", "b"], "shop"));
  const [a, b] = [await addressOf(bed, "a"), await addressOf(bed, "b")];
  for (const address of [a, b]) {
    await sendUntil({ address, host: "any" }, ({ echo }) => echo?.service === "shop");
  }
  const parents = async () =>
    ((await read(bed, "httproutes/shop")).status?.parents ?? [])
      .map(({ parentRef }) => parentRef.name).toSorted().join();
  await until(async () => await parents() === "a,b", LIMIT_MS, "the route does not name both");

  await bed.kubectl("delete", "gateway", "a");
  await until(async () => await parents() === "b", LIMIT_MS, "the route still names a");
  assert.equal((await send({ address: b, host: "any" })).echo?.service, "shop");
  await bed.kubectl("delete", "gateway", "b");
  await gone(bed, b);
  assert.equal(await parents(), "");
});

Deno.test("another controller's entries stay, and nobody fights over a status", async () => {
  await using scene = await world("gw-war");
  const { bed } = scene;
  await bed.deployEcho("shop");
  await crdsServed(bed);
  await bed.api.create(`${GROUP}/gateways`, gatewayBody("a"));
  await bed.api.create(`${GROUP}/httproutes`, routeBody("shop", ["a"], "shop"));
  await addressOf(bed, "a");
  const own = async () => ((await read(bed, "httproutes/shop")).status?.parents ?? []);
  await until(async () => (await own()).length === 1, LIMIT_MS, "the route has no entry");
  const theirs = {
    parentRef: { name: "theirs" },
    controllerName: "example.com/other-controller",
    conditions: [{
      ...{ type: "Accepted", status: "False", reason: "NoMatchingParent", message: "" },
      lastTransitionTime: "2026-01-01T00:00:00Z",
    }],
  };
  const write = async () => {
    const now = await read(bed, "httproutes/shop");
    const others = (now.status?.parents ?? []).filter(({ controllerName }) =>
      controllerName !== theirs.controllerName
    );
    const { resourceVersion } = now.metadata;
    await bed.api.patch(`${GROUP}/httproutes/shop/status`, {
      metadata: { resourceVersion },
      status: { parents: [theirs, ...others] },
    });
  };
  // berth may write in between: the other controller reads anew then, as controllers do
  await until(() => write().then(() => true, () => false), LIMIT_MS, "no entry of another's");
  // a change that makes berth write again
  const spec = { hostnames: ["shop.example"] };
  await bed.api.patch(`${GROUP}/httproutes/shop`, { spec });
  const address = await addressOf(bed, "a");
  await sendUntil({ address, host: "shop.example" }, ({ echo }) => echo !== undefined);
  await sendUntil({ address, host: "other.example" }, ({ status }) => status === 404);
  // the status follows the traffic
  const told = async () => {
    const { metadata, status } = await read(bed, "httproutes/shop");
    const ours = status?.parents?.find(({ controllerName }) => controllerName.startsWith("berth"));
    const conditions = ours?.conditions ?? [];
    return conditions.length > 0 &&
      conditions.every(({ observedGeneration }) => observedGeneration === metadata.generation);
  };
  await until(told, LIMIT_MS, "the status is not of the newest generation");
  const names = (await own()).map(({ controllerName }) => controllerName);
  assert.deepEqual(names.toSorted(), ["berth.dev/gateway-controller", theirs.controllerName]);
  const version = (await read(bed, "httproutes/shop")).metadata.resourceVersion;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  assert.equal((await read(bed, "httproutes/shop")).metadata.resourceVersion, version);
});

Deno.test("a Gateway keeps its address over a restart of berth, and goes on serving with --keep", async () => {
  await ensureGatewayImages();
  await using scene = await scenario("gw-restart", { berth: { args: ["--keep"] } });
  const { bed } = scene;
  await bed.deployEcho("shop");
  await crdsServed(bed);
  await bed.api.create(`${GROUP}/gateways`, gatewayBody("a"));
  await bed.api.create(`${GROUP}/httproutes`, routeBody("shop", ["a"], "shop"));
  const address = await addressOf(bed, "a");
  const ask = { address, host: "any" };
  await sendUntil(ask, ({ echo }) => echo?.service === "shop");
  assert.equal(await scene.berth.stop(), 0);
  assert.equal((await send(ask)).echo?.service, "shop");
  await scene.restartBerth();
  await bed.deployEcho("next");
  await bed.api.patch(`${GROUP}/httproutes/shop`, routeBody("shop", ["a"], "next"));
  await sendUntil(ask, ({ echo }) => echo?.service === "next");
  assert.equal(await addressOf(bed, "a"), address);
  await bed.kubectl("delete", "gateway", "a");
  await gone(bed, address);
});

Deno.test("berth's end takes proxies and addresses away", async () => {
  await using scene = await world("gw-end");
  const { bed } = scene;
  await crdsServed(bed);
  await bed.api.create(`${GROUP}/gateways`, gatewayBody("a"));
  const address = await addressOf(bed, "a");
  assert.equal(await scene.berth.stop(), 0);
  await gone(bed, address);
  assert.equal((await read(bed, "gateways/a")).status?.addresses, undefined);
  await scene.restartBerth();
  assert.equal(await addressOf(bed, "a"), address);
});
