import assert from "assert";
import { ENVOY_IMAGE, envoyCommand, envoyImage } from "../../../../lib/planes/envoy/image.ts";

Deno.test("envoyImage() comes from the registry that is named", () => {
  assert.equal(envoyImage(undefined), ENVOY_IMAGE);
  const path = ENVOY_IMAGE.replace("docker.io/", "");
  assert.equal(envoyImage("mirror:5000"), `mirror:5000/${path}`);
  assert.equal(envoyImage("mirror:5000/"), `mirror:5000/${path}`);
});

Deno.test("envoyCommand() reads the bootstrap of the directory", () => {
  const command = envoyCommand("/etc/envoy", { threads: 3 });
  assert.equal(command[0], "/usr/local/bin/envoy");
  assert.equal(command[command.indexOf("-c") + 1], "/etc/envoy/bootstrap.json");
  assert.equal(command[command.indexOf("--concurrency") + 1], "3");
});
