import assert from "assert";
import { errorKind } from "../../../lib/core/mod.ts";
import { parseAdminConf, writeKubeconfig } from "../../../lib/clusters/kubeconfig.ts";
import { adminConf, pem } from "../../fakes/admin_conf.ts";

Deno.test("parseAdminConf() reads server, CA and client credentials", () => {
  assert.deepEqual(parseAdminConf(adminConf()), {
    server: "https://one-control-plane:6443",
    ca: pem("ca.pem"),
    clientCertificate: pem("client.pem"),
    clientKey: pem("client.key"),
  });
});

Deno.test("writeKubeconfig() gives a kubeconfig for the chosen server", () => {
  const credentials = { ...parseAdminConf(adminConf()), server: "https://127.0.0.1:40001" };
  const text = writeKubeconfig("one", credentials);
  assert.deepEqual(parseAdminConf(text), credentials);
  assert.match(text, /current-context: kind-one/);
});

Deno.test("parseAdminConf() names the field that is wrong and never quotes the text", () => {
  const whole = adminConf();
  const rows = [
    ["", /the document/],
    ["a: [", /not YAML/],
    [whole.slice(0, 200), /clusters\.0\.cluster|certificate-authority-data|contexts/],
    [whole.replace("https://one", "http://one"), /clusters\.0\.cluster\.server/],
    [whole.replace("client-key-data: ", "client-key-data: $"), /users\.0\.user\.client-key-data/],
    [whole.replace(/current-context: .*/, ""), /contexts has no entry ""/],
    [whole.replace("user: kubernetes-admin", "user: nobody"), /users has no entry "nobody"/],
    [whole.replace("name: one", "name: two"), /clusters has no entry "one"/],
  ] as const;
  const key = btoa(pem("client.key")).slice(0, 40);
  for (const [text, expected] of rows) {
    assert.throws(() => parseAdminConf(text), (error) => {
      assert.equal(errorKind(error), "unavailable");
      assert.match(String(error), expected);
      return !String(error).includes(key);
    });
  }
});
