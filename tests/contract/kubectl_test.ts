import assert from "assert";
import { SampleRunner, serve } from "../../lib/embedded/mod.ts";

const kubectl = Deno.env.get("BERTH_CONTRACT_KUBECTL");

/** An unmodified kubectl on the emulator, with a kubeconfig of its own. */
class Shell implements AsyncDisposable {
  readonly #api = serve({ runner: new SampleRunner({ prefix: "127.81" }) });
  readonly #dir = Deno.makeTempDirSync({ prefix: "berth-kubectl-" });

  constructor() {
    this.#api.seedSample();
    Deno.writeTextFileSync(`${this.#dir}/config`, this.#api.kubeconfig());
  }

  /** The output of a command; fails when it fails. */
  async run(command: string, input = ""): Promise<string> {
    const { code, stdout, stderr } = await this.#spawn(command, input);
    assert.equal(code, 0, `${command}: ${stderr}`);
    return stdout;
  }

  /** What a command that must fail says. */
  async refuse(command: string, input = ""): Promise<string> {
    const { code, stderr } = await this.#spawn(command, input);
    assert.notEqual(code, 0, command);
    return stderr;
  }

  async #spawn(command: string, input: string) {
    const child = new Deno.Command(kubectl ?? "kubectl", {
      args: command.split(" "),
      env: { KUBECONFIG: `${this.#dir}/config`, HOME: this.#dir, EDITOR: "sed -i s/8080/8081/" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input)).catch(() => {});
    await writer.close().catch(() => {});
    const { code, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api[Symbol.asyncDispose]();
    await Deno.remove(this.#dir, { recursive: true });
  }
}

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
`;

const CASES: Readonly<Record<string, (shell: Shell) => Promise<void>>> = {
  "create, expose, get, describe, logs and delete a Deployment": async (shell) => {
    await shell.run("create deployment web --image=sample --replicas=2 --port=8080");
    await shell.run("rollout status deployment/web --timeout=10s");
    await shell.run("expose deployment web --port=80 --target-port=8080 --type=LoadBalancer");
    assert.match(await shell.run("get services"), /web +LoadBalancer +\S+ +<pending> +80:\d+\/TCP/);
    assert.match(await shell.run("describe service web"), /Endpoints: +127\.81\.\S+:8080,127\.81/);
    assert.match(await shell.run("get pods -o wide"), /Running +0 .*berth-dev-worker/);
    assert.match(await shell.run("logs deployment/web"), /listens on 127\.81/);
    await shell.run("wait --for=condition=Available deployment/web --timeout=10s");
    await shell.run("delete service,deployment web");
    assert.equal(await shell.run("get pods,replicasets,endpointslices -o name"), "");
  },

  "scale, restart, set image and undo": async (shell) => {
    await shell.run("create deployment web --image=v1 --replicas=1");
    for (
      const step of [
        "scale deployment/web --replicas=3",
        "rollout restart deployment/web",
        "set image deployment/web v1=v2",
        "rollout undo deployment/web",
      ]
    ) {
      await shell.run(step);
      await shell.run("rollout status deployment/web --timeout=10s");
    }
    assert.match(await shell.run("get deployment web -o wide"), /web +3\/3 +3 +3 .* v1 /);
    assert.match(await shell.run("rollout history deployment/web"), /4/);
  },

  "apply, diff, edit, label and the three patches": async (shell) => {
    assert.match(await shell.run("apply -f -", SERVICE), /created/);
    assert.match(await shell.run("apply -f -", SERVICE), /unchanged/);
    assert.match(await shell.run("apply -f -", SERVICE.replace("80,", "82,")), /configured/);
    assert.match(await shell.run("edit service web"), /edited/);
    const strategic = `patch service web -p {"spec":{"ports":[{"port":83,"name":"more"}]}}`;
    await shell.run(strategic);
    await shell.run(`patch service web --type=merge -p {"spec":{"sessionAffinity":"ClientIP"}}`);
    const json = `[{"op":"replace","path":"/spec/externalTrafficPolicy","value":"Local"}]`;
    await shell.run(`patch service web --type=json -p ${json}`);
    await shell.run("label service web a=b");
    const ports = await shell.run("get service -l a=b -o jsonpath={.items[0].spec.ports[*].port}");
    assert.deepEqual(ports.split(" ").sort(), ["82", "83"]);
  },

  "apply on the server, its conflicts and their solution": async (shell) => {
    await shell.run("apply --server-side -f -", SERVICE);
    const other = SERVICE.replace("8080", "9090");
    const mine = "apply --server-side --field-manager=mine -f -";
    assert.match(await shell.refuse(mine, other), /conflict with "kubectl"/);
    await shell.run(`${mine} --force-conflicts`, other);
  },

  "refusals are worded as people know them": async (shell) => {
    assert.match(await shell.refuse("get service none"), /\(NotFound\): services "none" not found/);
    assert.match(await shell.refuse("create namespace default"), /already exists/);
    const typo = SERVICE.replace("ports:", "prots:");
    assert.match(await shell.refuse("apply -f -", typo), /unknown field "spec.prots"/);
    assert.match(
      await shell.refuse("create service nodeport n --tcp=80 --node-port=1"),
      /valid range/,
    );
  },

  "namespaces come and go with their content": async (shell) => {
    await shell.run("create namespace extra");
    await shell.run("create configmap c --from-literal=a=b -n extra");
    await shell.run("create secret generic s --from-literal=a=b -n extra");
    await shell.run("delete namespace extra --timeout=10s");
    assert.match(await shell.run("get namespaces -o name"), /^(?![^]*extra)[^]*default/);
  },

  "nodes are cordoned and drained": async (shell) => {
    await shell.run("create deployment web --image=v1 --replicas=4");
    await shell.run("rollout status deployment/web --timeout=10s");
    await shell.run("drain berth-dev-worker --force --timeout=10s");
    await shell.run("rollout status deployment/web --timeout=10s");
    assert.doesNotMatch(await shell.run("get pods -o wide"), /berth-dev-worker/);
    await shell.run("uncordon berth-dev-worker");
    assert.match(await shell.run("describe node berth-dev-worker"), /Unschedulable: +false/);
  },
};

for (const [name, check] of Object.entries(CASES)) {
  Deno.test({
    name: kubectl === undefined
      ? `kubectl can ${name} (not run: BERTH_CONTRACT_KUBECTL names no kubectl)`
      : `kubectl can ${name}`,
    ignore: kubectl === undefined,
    fn: async () => {
      await using shell = new Shell();
      await check(shell);
    },
  });
}
