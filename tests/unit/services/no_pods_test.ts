import assert from "assert";
import { noPods, readNoPods } from "../../../lib/services/mod.ts";

Deno.test("readNoPods() finds what noPods() says, among other remarks", () => {
  for (const ports of [["TCP/80"], ["TCP/80", "UDP/53"]]) {
    const said = noPods(ports);
    const messages = [
      `kernel plane, announced by a; ${said.text}`,
      `envoy plane; published: 80; ${said.text}; more`,
      said.text,
    ];
    for (const message of messages) assert.deepEqual(readNoPods(message), said, message);
  }
  for (const message of ["", "kernel plane, announced by a", "no Pod is ready"]) {
    assert.equal(readNoPods(message), undefined, message);
  }
});
