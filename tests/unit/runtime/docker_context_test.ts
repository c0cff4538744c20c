import assert from "assert";
import { activeContext } from "../../../lib/runtime/docker_context.ts";

// sha256 of "colima"
const COLIMA = "f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16";
const META = JSON.stringify({
  Name: "colima",
  Endpoints: { docker: { Host: "unix:///home/u/.colima/default/docker.sock" } },
});

function reader(files: Readonly<Record<string, string>>) {
  return (path: string) => Promise.resolve(files[path]);
}

Deno.test("activeContext() follows config.json and DOCKER_CONTEXT", async () => {
  const files = {
    "/home/u/.docker/config.json": '{"currentContext":"colima"}',
    [`/home/u/.docker/contexts/meta/${COLIMA}/meta.json`]: META,
    [`/conf/contexts/meta/${COLIMA}/meta.json`]: META,
  };
  const expected = { name: "colima", host: "unix:///home/u/.colima/default/docker.sock" };
  assert.deepEqual(await activeContext({ HOME: "/home/u" }, reader(files)), expected);
  const env = { HOME: "/home/u", DOCKER_CONFIG: "/conf", DOCKER_CONTEXT: "colima" };
  assert.deepEqual(await activeContext(env, reader(files)), expected);
});

Deno.test("activeContext() is undefined for the default context and for missing files", async () => {
  const home = { HOME: "/home/u" };
  const config = "/home/u/.docker/config.json";
  const rows = [
    [{}, {}],
    [home, {}],
    [home, { [config]: "{}" }],
    [home, { [config]: "not json" }],
    [home, { [config]: '{"currentContext":"default"}' }],
    [home, { [config]: '{"currentContext":"gone"}' }],
    [{ ...home, DOCKER_CONTEXT: "default" }, { [config]: '{"currentContext":"colima"}' }],
  ] as const;
  for (const [env, files] of rows) {
    assert.equal(await activeContext(env, reader(files)), undefined);
  }
});
