import assert from "assert";
import { runProgram } from "../../../lib/cli/program.ts";
import type { Wiring } from "../../../lib/cli/wiring.ts";
import { AppError, UsageError } from "../../../lib/core/mod.ts";
import { fakeProcess } from "../../fakes/cli.ts";
import { healthyDoctorPorts } from "../../fakes/doctor.ts";

class FakeWiring implements Wiring {
  readonly log: string[] = [];
  serve: () => Promise<void> = () => Promise.resolve();

  version = () => ({ berth: "1.2.3", deno: "d", platform: "p" });
  images = () => Promise.resolve(["a:1"]);
  logging = () => Promise.resolve(this.#closing("logging", {}));
  run = () => Promise.resolve({ serve: () => this.serve() });
  dev = this.run;
  ipam = this.run;
  keepalived = this.run;
  "keepalived agent" = this.run;
  "keepalived render" = () =>
    Promise.resolve({ render: () => Promise.resolve({ text: "conf\n", problems: [] }) });
  status = () => {
    const readings = async () => {
      await Promise.resolve();
      this.log.push("read");
      return [];
    };
    return Promise.resolve(this.#closing("status", { readings, now: () => 0 }));
  };
  "status gateways" = () =>
    Promise.resolve(this.#closing("status gateways", {
      gateways: () => Promise.resolve([]),
      now: () => 0,
    }));
  config = () =>
    Promise.resolve(this.#closing("config", {
      proxies: () => Promise.resolve([]),
      config: () => Promise.reject(new AppError("no proxy", { kind: "not-found" })),
    }));
  doctor = () => Promise.resolve(this.#closing("doctor", healthyDoctorPorts()));
  pools = () => {
    const overview = { pools: [], pending: [], conflicts: [], outside: [], problems: [] };
    return Promise.resolve(this.#closing("pools", { overview: () => Promise.resolve(overview) }));
  };
  "pools explain" = () => {
    const objects = {
      data: {},
      services: [],
      namespaceLabels: new Map(),
      reserved: new Map(),
      problems: [],
    };
    return Promise.resolve({ objects: () => Promise.resolve(objects) });
  };
  cleanup = () =>
    Promise.resolve(this.#closing("cleanup", {
      clusters: () => Promise.resolve([]),
      owned: () => Promise.resolve([]),
      remove: () => Promise.resolve(),
      release: () => Promise.resolve([]),
      unserved: () => Promise.resolve([]),
    }));

  #closing<T extends object>(name: string, ports: T): T & AsyncDisposable {
    const close = () => {
      this.log.push(`close ${name}`);
      return Promise.resolve();
    };
    return { ...ports, [Symbol.asyncDispose]: close };
  }
}

const cases = [
  { line: "version", code: 0, stdout: /^berth 1\.2\.3\n$/ },
  { line: "list-images", code: 0, stdout: /^a:1\n$/ },
  { line: "help", code: 0, stdout: /Usage: berth/ },
  { line: "--help", code: 0, stdout: /Usage: berth/ },
  { line: "completion bash", code: 0, stdout: /complete/ },
  { line: "run", code: 0, stdout: /^$/ },
  { line: "dev", code: 0, stdout: /^$/ },
  { line: "keepalived", code: 0, stdout: /^$/ },
  { line: "keepalived agent", code: 0, stdout: /^$/ },
  { line: "keepalived render", code: 0, stdout: /^conf\n$/ },
  {
    line: "manifests keepalived --service-cidr 10.8.0.0/24",
    code: 0,
    stdout: /name: berth-keepalived/,
  },
  { line: "ipam --cloud-provider=kubevip", code: 0, stdout: /^$/ },
  { line: "manifests ipam", code: 0, stdout: /image: berth:1\.2\.3/ },
  { line: "", code: 0, stdout: /^$/ },
  { line: "status", code: 0, stdout: /no cluster found/ },
  { line: "status gateways", code: 0, stdout: /no cluster found/ },
  { line: "doctor", code: 0, stdout: /ready\n$/ },
  { line: "pools", code: 0, stdout: /no pool/ },
  { line: "pools explain", code: 0, stdout: /no Service of type LoadBalancer/ },
  { line: "cleanup", code: 0, stdout: /nothing of berth's/ },
];

for (const { line, code, stdout } of cases) {
  Deno.test(`runProgram() on "berth ${line}" exits with ${code}`, async () => {
    const process = fakeProcess();
    const argv = line.split(" ").filter((word) => word !== "");
    assert.equal(await runProgram(argv, { process, wiring: new FakeWiring() }), code);
    assert.match(process.streams.stdout, stdout);
    assert.equal(process.streams.stderr, "");
  });
}

Deno.test("runProgram() closes what a command used, after the command", async () => {
  const wiring = new FakeWiring();
  await runProgram(["status"], { process: fakeProcess(), wiring });
  assert.deepEqual(wiring.log, ["read", "close status", "close logging"]);
});

for (const line of ["rum", "--plane x", "completion tcsh", "--logs-dir"]) {
  Deno.test(`runProgram() exits with 2 on "berth ${line}" and says why`, async () => {
    const process = fakeProcess();
    const options = { process, wiring: new FakeWiring() };
    assert.equal(await runProgram(line.split(" "), options), 2);
    assert.match(process.streams.stderr, /^error: [-a-z].*\n$/);
    assert.equal(process.streams.stdout, "");
  });
}

Deno.test("runProgram() exits with 1 on a failure, with its causes", async () => {
  const wiring = new FakeWiring();
  wiring.serve = () => {
    const cause = new Error("permission denied");
    return Promise.reject(new AppError("no engine: start one", { kind: "unavailable", cause }));
  };
  const process = fakeProcess();
  assert.equal(await runProgram(["run"], { process, wiring }), 1);
  assert.equal(process.streams.stderr, "error: no engine: start one: permission denied\n");
  assert.deepEqual(wiring.log, ["close logging"]);
});

const unusable = {
  "a value that a command cannot use": new UsageError('--iface is "": give one'),
  "what the sandbox refuses": new AppError("cannot reach it", {
    kind: "forbidden",
    cause: new Deno.errors.NotCapable(
      'Requires net access to "a:1", run again with the --allow-net flag',
    ),
  }),
};
for (const [what, error] of Object.entries(unusable)) {
  Deno.test(`runProgram() exits with 2 on ${what}`, async () => {
    const wiring = new FakeWiring();
    wiring.serve = () => Promise.reject(error);
    const process = fakeProcess();
    assert.equal(await runProgram(["ipam"], { process, wiring }), 2);
    assert.match(process.streams.stderr, /give one|--allow-net=a:1/);
  });
}

Deno.test("runProgram() takes settings from the environment", async () => {
  const process = fakeProcess({ BERTH_WORKERS: "none" });
  assert.equal(await runProgram(["run"], { process, wiring: new FakeWiring() }), 2);
  assert.match(process.streams.stderr, /BERTH_WORKERS cannot be "none"/);
});
