import assert from "assert";
import { EngineSocket } from "../fakes/engine_socket.ts";
import { FakeEngine } from "../fakes/fake_engine.ts";

const root = new URL("../..", import.meta.url).pathname;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as a person runs it, ended by itself. */
async function berth(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const { code, stdout, stderr } = await command(args, env).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

function command(args: readonly string[], env: Record<string, string>): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "main.ts", ...args],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

Deno.test("main.ts exits with 0 and writes results to standard output alone", async () => {
  const { code, stdout, stderr } = await berth(["version", "--output", "json"]);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.equal(JSON.parse(stdout).deno, Deno.version.deno);
});

Deno.test("main.ts exits with 2 on a bad command line and names every problem", async () => {
  const { code, stdout, stderr } = await berth(["run", "--plane", "cloud"], { BERTH_WORKERS: "x" });
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.deepEqual(stderr.trimEnd().split("\n"), [
    'error: --plane cannot be "cloud": use auto, kernel, envoy or embedded',
    'error: BERTH_WORKERS cannot be "x": use a whole number from 1 to 64',
  ]);
});

Deno.test("main.ts exits with 1 and a remedy without an engine", async () => {
  const { code, stderr } = await berth(["status"], { DOCKER_HOST: "unix:///nowhere/engine.sock" });
  assert.equal(code, 1);
  assert.match(stderr, /^error: .*\/nowhere\/engine\.sock.*set DOCKER_HOST/);
});

Deno.test("main.ts run ends with 0 on SIGINT and SIGTERM", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "berth-" });
  await using socket = new EngineSocket(`${folder}/engine.sock`, new FakeEngine());
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const child = command(["run"], { DOCKER_HOST: `unix://${socket.path}` }).spawn();
    await seen(child.stderr, "engine found");
    child.kill(signal);
    assert.equal((await child.status).code, 0, signal);
    await child.stdout.cancel();
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("main.ts run takes one Ctrl-C for one, however many processes pass it on", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "berth-" });
  await using socket = new EngineSocket(`${folder}/engine.sock`, new FakeEngine());
  const child = command(["run"], { DOCKER_HOST: `unix://${socket.path}` }).spawn();
  await seen(child.stderr, "engine found");
  // two signals of one number may be merged, these two are never
  for (const signal of ["SIGINT", "SIGTERM"] as const) child.kill(signal);
  assert.equal((await child.status).code, 0);
  await child.stdout.cancel();
  await Deno.remove(folder, { recursive: true });
});

/** Reads until a text was seen, then drops the rest. */
async function seen(stream: ReadableStream<Uint8Array>, text: string): Promise<void> {
  let log = "";
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  while (!log.includes(text)) {
    const { done, value } = await reader.read();
    assert.ok(!done, `ended without "${text}":\n${log}`);
    log += value;
  }
  void drain(reader);
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
