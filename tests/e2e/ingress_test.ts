import assert from "assert";
import { Authority, type Bed, ensureGatewayImages, tlsSecret, until } from "./bed/mod.ts";
import { type Reply, send, sendUntil } from "./http_client.ts";
import { GROUPS, type IngressCase, type IngressGroup } from "./ingress_cases.ts";
import { scenario } from "./scenario.ts";

const ADDRESS_MS = 20_000;
const CLASS = "cloud-provider-kind";
const USER_AGENT = "ingress-test/1";

interface IngressObject {
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
  };
}

/** Where the cases of a group are sent. */
interface Target {
  readonly address: string;
  readonly authority: Authority;
}

const ingresses = (namespace: string) =>
  `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`;

Deno.test("an Ingress of the default class is served as its rules say", async (test) => {
  await ensureGatewayImages();
  await using world = await scenario("ingress");
  await using authority = await Authority.create();
  for (const group of GROUPS) {
    const namespace = group.name.replaceAll(" ", "-");
    await open(world.bed, { group, namespace, authority });
    const target = { address: await addressOf(world.bed, namespace), authority };
    await sendUntil(askOf(group.cases[0], target), served(group.cases[0]));
    for (const one of group.cases) {
      await test.step(`${group.name}: ${one.name}`, () => check(one, target));
    }
    await world.bed.kubectl("delete", "namespace", namespace, "--timeout=60s");
    const first = group.cases[0];
    await gone(() => send(askOf(first, target)), `${group.name} is still served`);
  }
  await test.step("ten Pods share the load", () => sharesLoad(world.bed));
  await test.step("an Ingress of an unknown class is left alone", () => leavesOthers(world.bed));
  await test.step("a resource backend is refused with an event", () => refuses(world.bed));
});

async function check(one: IngressCase, target: Target): Promise<void> {
  const reply = await send(askOf(one, target));
  if (one.service === undefined) {
    assert.equal(reply.status, 404);
    return;
  }
  assert.equal(reply.status, 200, `answered ${reply.status}: ${reply.text}`);
  assert.equal(reply.httpVersion, "1.1");
  for (const name of ["content-length", "content-type", "date", "server"]) {
    assert.ok(reply.headers[name] !== undefined, `the answer has no ${name}`);
  }
  const { echo } = reply;
  assert.ok(echo !== undefined, `no backend answered: ${reply.text}`);
  assert.equal(echo.service, one.service);
  assert.equal(echo.host, one.host);
  assert.equal(echo.path, one.path ?? "/");
  assert.equal(echo.method, one.method ?? "GET");
  assert.deepEqual(echo.headers["User-Agent"], [USER_AGENT]);
}

function askOf(one: IngressCase, { address, authority }: Target) {
  const { host, path = "/", method = "GET" } = one;
  const ask = { address, host, path, method, headers: { "user-agent": USER_AGENT } };
  return one.secure ? { ...ask, trust: authority.cert } : ask;
}

function served(one: IngressCase): (reply: Reply) => boolean {
  return ({ echo }) => echo?.service === one.service;
}

interface Opening {
  readonly group: IngressGroup;
  readonly namespace: string;
  readonly authority: Authority;
}

/** The namespace with echo servers, a Secret for each name of TLS, and the Ingress. */
async function open(bed: Bed, { group, namespace, authority }: Opening): Promise<void> {
  await bed.kubectl("create", "namespace", namespace);
  await Promise.all(group.services.map((name) => bed.deployEcho(name, { namespace })));
  const secure = group.cases.filter((one) => one.secure);
  for (const host of new Set(secure.map((one) => one.host))) {
    const secret = tlsSecret(host.replaceAll(".", "-"), await authority.issue(host));
    await bed.api.create(`/api/v1/namespaces/${namespace}/secrets`, secret);
  }
  await create(bed, namespace, group.spec);
}

async function create(
  bed: Bed,
  namespace: string,
  spec: Readonly<Record<string, unknown>>,
): Promise<void> {
  await bed.api.create(ingresses(namespace), {
    metadata: { name: "web" },
    spec: { ingressClassName: CLASS, ...spec },
  });
}

async function addressOf(bed: Bed, namespace: string): Promise<string> {
  let address: string | undefined;
  const look = async () => {
    const found = await bed.api.get<IngressObject>(`${ingresses(namespace)}/web`);
    address = found.status?.loadBalancer?.ingress?.[0]?.ip;
    return address !== undefined;
  };
  await until(look, ADDRESS_MS, `the Ingress in ${namespace} was given no address`);
  return address ?? "";
}

/** Waits until a request finds no backend any more: 404, or nobody there. */
async function gone(ask: () => Promise<Reply>, complaint: string): Promise<void> {
  await until(() => ask().then((reply) => reply.status === 404, () => true), 20_000, complaint);
}

async function sharesLoad(bed: Bed): Promise<void> {
  await bed.kubectl("create", "namespace", "load");
  await bed.deployEcho("many", { namespace: "load", replicas: 10 });
  await create(bed, "load", {
    defaultBackend: { service: { name: "many", port: { number: 8080 } } },
  });
  const ask = { address: await addressOf(bed, "load"), host: "load.example" };
  const pods = new Set<string>();
  await sendUntil(ask, ({ echo }) => echo !== undefined);
  for (let count = 0; count < 100; count++) pods.add((await send(ask)).echo?.pod ?? "nobody");
  assert.equal(pods.size, 10);
}

/** The one that is served was made later: its address shows that the other one was seen. */
async function leavesOthers(bed: Bed): Promise<void> {
  const rules = { defaultBackend: { service: { name: "web", port: { number: 8080 } } } };
  for (const namespace of ["foreign", "ours"]) {
    await bed.kubectl("create", "namespace", namespace);
    await bed.deployEcho("web", { namespace });
  }
  await create(bed, "foreign", { ...rules, ingressClassName: "somebody-else" });
  await create(bed, "ours", rules);
  await addressOf(bed, "ours");
  const foreign = await bed.api.get<IngressObject>(`${ingresses("foreign")}/web`);
  assert.equal(foreign.status?.loadBalancer?.ingress, undefined);
}

/** The path beside it is served all the same. */
async function refuses(bed: Bed): Promise<void> {
  await bed.kubectl("create", "namespace", "resource");
  await bed.deployEcho("web", { namespace: "resource" });
  const bucket = { resource: { apiGroup: "example.com", kind: "Bucket", name: "files" } };
  const service = { service: { name: "web", port: { name: "http" } } };
  const paths = [
    { path: "/files", pathType: "Prefix", backend: bucket },
    { path: "/web", pathType: "ImplementationSpecific", backend: service },
  ];
  await create(bed, "resource", { rules: [{ host: "resource.example", http: { paths } }] });
  const address = await addressOf(bed, "resource");
  const host = "resource.example";
  await sendUntil({ address, host, path: "/web" }, ({ echo }) => echo?.service === "web");
  assert.equal((await send({ address, host, path: "/files" })).echo, undefined);
  const events = async () =>
    await bed.kubectl(
      ...["-n", "resource", "get", "events", "--field-selector", "type=Warning"],
      ...["-o", "jsonpath={.items[*].involvedObject.kind}"],
    );
  const told = async () => (await events()).includes("Ingress");
  await until(told, 10_000, "no event tells that the resource backend is refused");
}
