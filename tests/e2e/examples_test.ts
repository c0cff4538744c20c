/** Every example is applied as it stands, and does what its comment promises. */
import assert from "assert";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { docker, ensureGatewayImages, run, runAnyway, until } from "./bed/mod.ts";
import { provider } from "./bed/provider.ts";
import { type Example, exampleFiles } from "./example_files.ts";
import { askTcp } from "./gateway_clients.ts";
import { callGrpc } from "./grpc_client.ts";
import { send } from "./http_client.ts";
import { type Scenario, scenario } from "./scenario.ts";

const LIMIT_MS = 20_000;
const GRPC = "gateway_api_conformance.echo_basic.grpcecho.GrpcEcho";

/** An applied example. */
interface Applied {
  readonly world: Scenario;
  readonly example: Example;
  readonly namespace: string;
  readonly address: string;
  /** Runs a command as a person in the folder of the file would; rejects when it fails. */
  sh(command: string): Promise<string>;
  /** Runs a documented command, by its number, until its output matches. */
  tried(index: number, wanted: RegExp): Promise<void>;
}

const CHECKS: Readonly<Record<string, (applied: Applied) => Promise<void>>> = {
  "envoy-service.yaml": envoyService,
  "grpc.yaml": grpc,
  "http-split.yaml": httpSplit,
  "https.yaml": https,
  "ingress.yaml": ingress,
  "tcp.yaml": tcp,
  "tls-passthrough.yaml": tlsPassthrough,
  "udp.yaml": udp,
};

Deno.test("the examples do what they promise", async (test) => {
  const examples = await exampleFiles();
  assert.deepEqual(examples.map(({ file }) => file), Object.keys(CHECKS));
  await ensureGatewayImages();
  await using world = await scenario("examples");
  const made = "get gatewayclass/berth ingressclass/berth".split(" ");
  const classes = () => world.bed.kubectl(...made).then(() => true, () => false);
  await until(classes, LIMIT_MS, "berth made no classes");
  for (const example of examples) {
    await test.step(example.file, async () => {
      const check = CHECKS[example.file];
      assert.ok(check !== undefined);
      await using folder = await openFolder(world, example);
      await check(await apply(world, example, folder));
    });
  }
});

interface Folder extends AsyncDisposable {
  readonly path: string;
  readonly namespace: string;
}

/** A folder with the file, and a namespace that kubectl uses there. */
async function openFolder({ bed }: Scenario, { file, yaml }: Example): Promise<Folder> {
  const path = await Deno.makeTempDir({ prefix: "berth-example-" });
  const namespace = file.replace(".yaml", "");
  await Deno.writeTextFile(join(path, file), yaml);
  const config = parse(await Deno.readTextFile(bed.kubeconfigPath)) as Kubeconfig;
  for (const { context } of config.contexts) context.namespace = namespace;
  await Deno.writeTextFile(join(path, "kubeconfig"), stringify(config));
  await bed.kubectl("create", "namespace", namespace);
  return {
    path,
    namespace,
    [Symbol.asyncDispose]: async () => {
      // the cluster goes at the end: nothing waits for its Pods
      await bed.kubectl("delete", "namespace", namespace, "--wait=false");
      await Deno.remove(path, { recursive: true });
    },
  };
}

interface Kubeconfig {
  readonly contexts: readonly { readonly context: { namespace?: string } }[];
}

/** Runs the commands of the comment, and waits for the Pods as a person does. */
async function apply(world: Scenario, example: Example, folder: Folder): Promise<Applied> {
  const kubectl = await provider().kubectl();
  const path = `${dirname(kubectl)}:${Deno.env.get("PATH")}`;
  const options = { cwd: folder.path, env: { PATH: path, KUBECONFIG: "kubeconfig" } };
  const sh = (command: string) => run(["bash", "-euc", command], options);
  const address = await sh(`{ ${example.setUp.join("\n")}\n} >&2; printf %s "$address"`);
  await sh("kubectl wait --for=condition=Available deployment --all --timeout=60s");
  const tried = async (index: number, wanted: RegExp) => {
    const command = `address=${address}; ${example.tries[index]}`;
    let last = "";
    const matches = async () => {
      const { stdout, stderr } = await runAnyway(["bash", "-euc", command], options);
      last = stdout || stderr;
      return wanted.test(stdout);
    };
    await until(matches, LIMIT_MS, `${example.file}: "${example.tries[index]}" is not as promised`)
      .catch((error) => {
        throw new Error(`${error.message}: last ${last}`);
      });
  };
  return { world, example, namespace: folder.namespace, address, sh, tried };
}

async function httpSplit({ address, tried }: Applied): Promise<void> {
  await tried(0, /"service": "shop(-next)?"/);
  await tried(1, /"service": "shop-next"/);
  const [ask, count] = [{ address, host: "shop.example" }, 400];
  const services: (string | undefined)[] = [];
  while (services.length < count) services.push((await send(ask)).echo?.service);
  const next = services.filter((name) => name === "shop-next").length;
  assert.equal(services.filter((name) => name === "shop").length, count - next);
  // 40 expected, standard deviation 6
  assert.ok(next > 10 && next < 76, `${next} of ${count} requests went to shop-next`);
  assert.equal((await send({ address, host: "other.example" })).status, 404);
}

async function https({ example, address, sh, tried }: Applied): Promise<void> {
  await tried(0, /"service": "secure"/);
  const plain = await send({ address, host: "secure.example", path: "/a?b" });
  assert.equal(plain.status, 301);
  assert.equal(plain.headers["location"], "https://secure.example/a?b");
  const [makeCertificate = "", makeSecret = ""] = example.setUp;
  await sh(makeCertificate);
  await sh(`${makeSecret} --dry-run=client -o yaml | kubectl apply -f -`);
  // curl trusts the new certificate alone
  await tried(0, /"service": "secure"/);
}

async function grpc({ address }: Applied): Promise<void> {
  const call = () => callGrpc(address, `/${GRPC}/Echo`);
  const answers = () => call().then(({ status }) => status === "0", () => false);
  await until(answers, LIMIT_MS, "the gRPC call does not succeed");
  const { message } = await call();
  for (const part of [`/${GRPC}/Echo`, "grpc-", address]) {
    assert.ok(message.includes(part), `the answer lacks ${part}: ${message}`);
  }
  assert.notEqual((await callGrpc(address, "/other.Service/Echo")).status, "0");
}

async function tcp({ address }: Applied): Promise<void> {
  const ask = () => askTcp(address, 5432).catch(() => "");
  await until(async () => (await ask()).includes("}"), LIMIT_MS, "nobody answers TEST");
  assert.match(await ask(), /^Gateway API Test TCP Server\n.*"service":"database"/);
}

async function udp({ address }: Applied): Promise<void> {
  const nameServer = { ipAddr: address, port: 53 };
  const ask = () => Deno.resolveDns("shop.example", "A", { nameServer }).catch(() => []);
  await until(async () => (await ask()).length > 0, LIMIT_MS, "the DNS server does not answer");
  assert.deepEqual(await ask(), ["192.0.2.10"]);
}

async function tlsPassthrough({ address, tried, sh }: Applied): Promise<void> {
  await tried(0, /"service": "vault"/);
  const trust = await sh("cat tls.crt");
  const own = await send({ address, host: "vault.example", trust });
  assert.match(own.text, /"tls": \{/, "TLS did not end at the Pod");
  await assert.rejects(send({ address, host: "other.example", trust }));
}

async function ingress({ address, tried }: Applied): Promise<void> {
  await tried(0, /"service": "blog"/);
  await tried(1, /"service": "cart"/);
  assert.equal((await send({ address, host: "other.example" })).status, 404);
}

async function envoyService({ world, namespace, address, sh, tried }: Applied): Promise<void> {
  await tried(0, /"service": "proxied"/);
  const pods = new Set<string | undefined>();
  const both = async () => {
    pods.add((await send({ address, host: address })).echo?.pod);
    return pods.size === 2;
  };
  await until(both, LIMIT_MS, "only one Pod answers");
  const mode = "kubectl get service proxied -o jsonpath={.status.loadBalancer.ingress[0].ipMode}";
  assert.equal(await sh(mode), "Proxy");
  const name = `name=^berth-${world.bed.name}-${namespace}-proxied`;
  const container = await docker("ps", "--filter", name, "--format", "{{.Image}}");
  assert.match(container, /envoy/);
}
