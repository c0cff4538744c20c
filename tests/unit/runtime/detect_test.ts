import assert from "assert";
import { errorKind, errorText } from "../../../lib/core/mod.ts";
import { detectEngine } from "../../../lib/runtime/mod.ts";
import { SocketError, type SocketFault } from "../../../lib/runtime/engine_error.ts";
import { EngineSocket } from "../../fakes/engine_socket.ts";
import { FakeEngine } from "../../fakes/fake_engine.ts";

const readText = () => Promise.resolve(undefined);
const DOCKER = { kind: "docker", version: "28.0.0" } as const;

function probeOf(faults: Readonly<Record<string, SocketFault>>) {
  return (socketPath: string) => {
    const fault = faults[socketPath] ?? "missing";
    return Promise.reject(new SocketError(fault, { what: "ask", socketPath }));
  };
}

Deno.test("detectEngine() takes the first socket that answers", async () => {
  const asked: string[] = [];
  const found = await detectEngine({
    env: { XDG_RUNTIME_DIR: "/run/user/7" },
    readText,
    probe: (socketPath) => {
      asked.push(socketPath);
      return socketPath.startsWith("/run/user/7/docker")
        ? Promise.resolve(DOCKER)
        : probeOf({})(socketPath);
    },
  });
  assert.deepEqual(found, { ...DOCKER, socketPath: "/run/user/7/docker.sock", from: "default" });
  assert.deepEqual(asked, ["/var/run/docker.sock", "/run/user/7/docker.sock"]);
});

Deno.test("detectEngine() names each path tried, why it failed and the remedy", async () => {
  const denied = await failure({}, { "/var/run/docker.sock": "permission denied" });
  assert.equal(errorKind(denied), "forbidden");
  assert.match(errorText(denied), /\/var\/run\/docker\.sock: permission denied/);
  assert.match(errorText(denied), /\/run\/podman\/podman\.sock: missing/);
  assert.match(errorText(denied), /docker group/);
  const dead = await failure({ DOCKER_HOST: "unix:///x" }, { "/x": "nothing listens" });
  assert.equal(errorKind(dead), "unavailable");
  assert.match(errorText(dead), /\/x of DOCKER_HOST: nothing listens\): start Docker/);
});

Deno.test("detectEngine() tells the flags when Deno itself bars the way", async () => {
  const barred = await failure({ DOCKER_HOST: "/x" }, { "/x": "no Deno permission" });
  assert.equal(errorKind(barred), "forbidden");
  assert.match(errorText(barred), /--allow-net=unix:\/x/);
});

Deno.test("detectEngine() does not look further when the environment is wrong", async () => {
  const error = await failure({ DOCKER_HOST: "tcp://far:1" }, {});
  assert.equal(errorKind(error), "invalid");
});

Deno.test("detectEngine() asks a real socket who it is", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/engine.sock`;
  const missing = await detectEngine({ env: { DOCKER_HOST: path } }).catch(errorText);
  assert.match(String(missing), /engine\.sock of DOCKER_HOST: missing/);
  {
    await using _socket = new EngineSocket(path, new FakeEngine());
    const found = await detectEngine({ env: { DOCKER_HOST: path } });
    assert.deepEqual(found, { ...DOCKER, socketPath: path, from: "DOCKER_HOST" });
  }
  await Deno.remove(folder, { recursive: true });
});

async function failure(
  env: Readonly<Record<string, string>>,
  faults: Readonly<Record<string, SocketFault>>,
): Promise<unknown> {
  try {
    return await detectEngine({ env, readText, probe: probeOf(faults) });
  } catch (error) {
    return error;
  }
}
