import assert from "assert";
import { configuredNetwork } from "../../../lib/clusters/network_name.ts";

Deno.test("configuredNetwork() reads the variable of the engine in use", () => {
  const env = {
    KIND_EXPERIMENTAL_DOCKER_NETWORK: "d-net",
    KIND_EXPERIMENTAL_PODMAN_NETWORK: "p-net",
  };
  assert.equal(configuredNetwork(env, "docker"), "d-net");
  assert.equal(configuredNetwork(env, "podman"), "p-net");
  assert.equal(configuredNetwork({}, "docker"), undefined);
  assert.equal(configuredNetwork({ KIND_EXPERIMENTAL_PODMAN_NETWORK: "" }, "podman"), undefined);
});
