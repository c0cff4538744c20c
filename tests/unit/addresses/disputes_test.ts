import assert from "assert";
import { Disputes } from "../../../lib/addresses/disputes.ts";

const use = { ports: ["TCP/80"], sharingKey: "" };

function keysAt(disputes: Disputes, address: string): readonly string[] {
  return disputes.at(address).map(({ key }) => key);
}

Deno.test("Disputes keeps the claims of an address in their order, each key once", () => {
  const disputes = new Disputes();
  disputes.add("10.0.0.1", { key: "a", use });
  disputes.add("10.0.0.1", { key: "b", use });
  disputes.add("10.0.0.1", { key: "a", use: { ...use, ports: ["TCP/81"] } });
  assert.deepEqual(keysAt(disputes, "10.0.0.1"), ["b", "a"]);
  assert.deepEqual(disputes.at("10.0.0.1")[1]?.use.ports, ["TCP/81"]);
  disputes.end("10.0.0.1", "b");
  disputes.end("10.0.0.1", "c");
  assert.deepEqual(keysAt(disputes, "10.0.0.1"), ["a"]);
});

Deno.test("Disputes.endOthers() ends those of a key that are not among the addresses", () => {
  const disputes = new Disputes();
  for (const address of ["10.0.0.1", "10.0.0.2", "10.0.0.3"]) {
    for (const key of ["a", "b"]) disputes.add(address, { key, use });
  }
  disputes.endOthers("a", ["10.0.0.2"]);
  disputes.endOthers("c", []);
  assert.deepEqual([...disputes].map(([address, claims]) => [address, claims.length]), [
    ["10.0.0.1", 1],
    ["10.0.0.2", 2],
    ["10.0.0.3", 1],
  ]);
  disputes.endOthers("b", []);
  disputes.endOthers("a", []);
  assert.deepEqual([...disputes], []);
});
