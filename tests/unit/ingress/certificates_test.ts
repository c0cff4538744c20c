import assert from "assert";
import { secretProblem, secureChains } from "../../../lib/ingress/certificates.ts";
import type { Ingress } from "../../../lib/ingress/types.ts";
import { ingress, secret } from "../../fakes/ingress_objects.ts";

const serve = { kind: "http", hosts: [] } as const;

function chainsOf(ingresses: readonly Ingress[], secrets = ["one", "two"]) {
  const check = ({ metadata }: { metadata: { name: string } }) =>
    metadata.name === "bad" ? "holds no certificate: renew it" : undefined;
  return secureChains({ ingresses, secrets: secrets.map(secret), serve, check });
}

function names(found: ReturnType<typeof chainsOf>) {
  return found.chains.map((
    { serverNames, tls },
  ) => [serverNames.join(), ...tls?.certificates ?? []]);
}

Deno.test("secureChains() makes a chain for each name, and one for all others", () => {
  const found = chainsOf([
    ingress("a", { tls: [{ secretName: "one", hosts: ["B.example", "*.c.example"] }] }),
    ingress("b", { tls: [{ secretName: "two" }] }),
  ]);
  assert.deepEqual(names(found), [
    ["*.c.example", "shop/one"],
    ["b.example", "shop/one"],
    ["", "shop/two"],
  ]);
  assert.deepEqual(found.certificates[0], {
    name: "shop/one",
    certificate: "", // the words of the fake are no certificate
    privateKey: "key of one",
  });
});

Deno.test("secureChains() gives all chains the same rules, and checks each Secret once", () => {
  const checked: string[] = [];
  const check = ({ metadata }: { metadata: { name: string } }) => {
    checked.push(metadata.name);
    return undefined;
  };
  const tls = ["a.example", "b.example"].map((host) => ({ secretName: "one", hosts: [host] }));
  const secrets = [secret("one")];
  const { chains } = secureChains({ ingresses: [ingress("a", { tls })], secrets, serve, check });
  assert.deepEqual(chains.map(({ serve }) => "shared" in serve && serve.shared), [
    ...["ingress", "ingress", "ingress"],
  ]);
  assert.equal(new Set(chains.map(({ serve }) => serve)).size, 1);
  assert.deepEqual(checked, ["one"]);
});

Deno.test("secureChains() gives other names the oldest certificate when none is for them", () => {
  const found = chainsOf([
    ingress("a", { tls: [{ secretName: "two", hosts: ["a.example"] }] }),
    ingress("b", { tls: [{ secretName: "one", hosts: ["a.example", "b.example"] }] }),
  ]);
  assert.deepEqual(names(found), [
    ["a.example", "shop/two"],
    ["b.example", "shop/one"],
    ["", "shop/two"],
  ]);
});

Deno.test("secureChains() tells of bad and missing Secrets and serves the others", () => {
  const tls = ["bad", "gone", "one"].map((secretName) => ({ secretName, hosts: ["a.example"] }));
  const found = chainsOf([ingress("a", { tls })], ["bad", "one"]);
  assert.deepEqual(names(found), [["a.example", "shop/one"], ["", "shop/one"]]);
  assert.deepEqual(found.problems.map(({ message }) => message), [
    'spec.tls[0].secretName: Secret "bad" holds no certificate: renew it',
    'spec.tls[1].secretName: Secret "gone" does not exist: create it',
  ]);
});

Deno.test("secureChains() tells of names that cannot be, and serves the others", () => {
  const hosts = [`${"x".repeat(64)}.example`, "a.example"];
  const found = chainsOf([ingress("a", { tls: [{ secretName: "one", hosts }] })]);
  assert.deepEqual(names(found), [["a.example", "shop/one"], ["", "shop/one"]]);
  assert.deepEqual(found.problems.map(({ reason }) => reason), ["InvalidHost"]);
  assert.match(found.problems[0]?.message ?? "", /^spec\.tls\[0\]\.hosts\[0\]: .*63/);
});

Deno.test("secureChains() has no chain without a certificate", () => {
  assert.deepEqual(chainsOf([ingress("a", { tls: [{ hosts: ["a.example"] }] })]).chains, []);
});

Deno.test("secretProblem() says what a Secret lacks", () => {
  const fault = secretProblem(secret("one"));
  assert.equal(
    fault,
    "is not usable: tls.crt holds no certificate in PEM: store a matching pair",
  );
  assert.match(secretProblem({ ...secret("one"), data: {} }) ?? "", /tls\.crt/);
});
