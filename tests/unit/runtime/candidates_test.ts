import assert from "assert";
import { errorKind } from "../../../lib/core/mod.ts";
import { planSockets } from "../../../lib/runtime/candidates.ts";

const CONTEXT = { name: "colima", host: "unix:///home/u/.colima/docker.sock" };

Deno.test("planSockets() tries only what is named", () => {
  const rows = [
    [{ env: { DOCKER_HOST: "unix:///a.sock" } }, "/a.sock"],
    [{ env: { DOCKER_HOST: "/b.sock" } }, "/b.sock"],
    [{ env: { DOCKER_HOST: "unix:///a.sock" }, context: CONTEXT }, "/a.sock"],
    [{ env: {}, context: CONTEXT }, "/home/u/.colima/docker.sock"],
    [{ env: { CONTAINER_HOST: "unix:///p.sock" } }, "/p.sock"],
    [{ env: { DOCKER_HOST: "unix:///a", CONTAINER_HOST: "unix:///p" } }, "/a"],
    [{
      env: {
        DOCKER_HOST: "unix:///a",
        CONTAINER_HOST: "unix:///p",
        KIND_EXPERIMENTAL_PROVIDER: "podman",
      },
    }, "/p"],
  ] as const;
  for (const [facts, path] of rows) {
    assert.deepEqual(planSockets(facts).candidates.map((one) => one.path), [path]);
  }
});

Deno.test("planSockets() tries the usual places, docker before podman", () => {
  const env = { XDG_RUNTIME_DIR: "/run/user/7", HOME: "/home/u/" };
  const paths = planSockets({ env }).candidates.map((one) => one.path);
  assert.equal(paths[0], "/var/run/docker.sock");
  const rest = [
    "/run/user/7/docker.sock",
    "/home/u/.orbstack/run/docker.sock",
    "/home/u/.colima/default/docker.sock",
    "/home/u/.rd/docker.sock",
    "/run/user/7/podman/podman.sock",
    "/run/podman/podman.sock",
  ];
  assert.deepEqual(paths.filter((path) => rest.includes(path)), rest);
  assert.equal(new Set(paths).size, paths.length);
});

Deno.test("planSockets() obeys KIND_EXPERIMENTAL_PROVIDER", () => {
  const paths = (provider: string) =>
    planSockets({ env: { KIND_EXPERIMENTAL_PROVIDER: provider } }).candidates.map((c) => c.path);
  assert.ok(paths("podman").every((path) => path.includes("podman")));
  assert.ok(paths("docker").every((path) => path.includes("docker")));
});

Deno.test("planSockets() warns of an unknown provider and goes on", () => {
  const plan = planSockets({ env: { KIND_EXPERIMENTAL_PROVIDER: "lxc" } });
  assert.match(plan.warnings.join(), /"lxc", which is unknown/);
  assert.equal(plan.candidates[0]?.path, "/var/run/docker.sock");
  assert.deepEqual(planSockets({ env: {} }).warnings, []);
});

Deno.test("planSockets() refuses what has no Unix socket, naming variable and remedy", () => {
  const rows = [
    [{ KIND_EXPERIMENTAL_PROVIDER: "nerdctl" }, /"nerdctl".*DOCKER_HOST/],
    [{ KIND_EXPERIMENTAL_PROVIDER: "nerdctl.lima" }, /"nerdctl.lima".*DOCKER_HOST/],
    [{ KIND_EXPERIMENTAL_PROVIDER: "finch" }, /"finch".*DOCKER_HOST/],
    [{ DOCKER_HOST: "tcp://1.2.3.4:2375" }, /DOCKER_HOST is "tcp:.*ssh -nNT/],
    [{ DOCKER_HOST: "npipe:////./pipe/docker_engine" }, /DOCKER_HOST is "npipe:/],
    [{ CONTAINER_HOST: "ssh://core@host/run/podman.sock" }, /CONTAINER_HOST is "ssh:/],
  ] as const;
  for (const [env, text] of rows) {
    assert.throws(
      () => planSockets({ env }),
      (error) => errorKind(error) === "invalid" && text.test(String(error)),
    );
  }
  const context = { name: "far", host: "ssh://far" };
  assert.throws(() => planSockets({ env: {}, context }), /docker context "far" is "ssh:/);
});
