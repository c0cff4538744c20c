import assert from "assert";
import { KubeConfig } from "@kubernetes/client-node";
import { credentialsOf, httpClientOf } from "../../../lib/kube/credentials.ts";
import { adminConf, pem } from "../../fakes/admin_conf.ts";
import { type ConfigChange, kubeconfig, serverBed } from "../../fakes/kube_server.ts";

function credentials(text: string) {
  const config = new KubeConfig();
  config.loadFromString(text);
  return credentialsOf(config);
}

Deno.test("credentialsOf() reads what the user of the context has", async () => {
  const cases: readonly (readonly [ConfigChange["user"], Readonly<Record<string, string>>])[] = [
    [{}, {}],
    [{ token: "secret" }, { Authorization: "Bearer secret" }],
    [{ username: "me", password: "pass" }, { authorization: `Basic ${btoa("me:pass")}` }],
  ];
  for (const [user, headers] of cases) {
    const found = await credentials(kubeconfig("https://127.0.0.1:1", { user: user ?? {} }));
    assert.deepEqual(found, { headers, verify: true });
  }
});

Deno.test("credentialsOf() decodes certificates to PEM", async () => {
  const { ca, cert, key, verify, headers } = await credentials(adminConf());
  assert.deepEqual([ca, cert, key], [pem("ca.pem"), pem("client.pem"), pem("client.key")]);
  assert.deepEqual([verify, headers], [true, {}]);
});

Deno.test("credentialsOf() tells when the check of certificates is off", async () => {
  const cluster = { "insecure-skip-tls-verify": true };
  const { verify } = await credentials(kubeconfig("https://127.0.0.1:1", { cluster }));
  assert.equal(verify, false);
});

Deno.test("httpClientOf() does not talk to a server that it may not check", () => {
  const open = (server: string) => httpClientOf(server, { headers: {}, verify: false });
  assert.throws(() => open("https://127.0.0.1:1"), { kind: "invalid" });
  open("http://127.0.0.1:1").close();
});

Deno.test("requests carry the token", async () => {
  const seen: (string | null)[] = [];
  await using bed = serverBed((request) => {
    seen.push(request.headers.get("authorization"));
    return Response.json({});
  }, { user: { token: "secret" } });
  await bed.client.get("/x", { signal: new AbortController().signal });
  assert.deepEqual(seen, ["Bearer secret"]);
});
