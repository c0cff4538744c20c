import assert from "assert";
import { decodeAgentLine, encodeBlock } from "../../../../lib/planes/agent/agent_protocol.ts";

Deno.test("encodeBlock() tells the length of every payload", () => {
  const steps = [{ verb: "nft", text: "add table\n" }, { verb: "ask", text: "ip a" }] as const;
  assert.equal(encodeBlock(7, steps), "block 7 2\nnft 10\nadd table\nask 4\nip a\n");
});

Deno.test("decodeAgentLine() reads what an agent says", () => {
  const cases = {
    "ready": { kind: "ready" },
    "out 3 a line": { kind: "out", id: 3, text: "a line" },
    "out 3 ": { kind: "out", id: 3, text: "" },
    "done 4": { kind: "done", id: 4 },
    "fail 5 nft: Error: no": { kind: "fail", id: 5, message: "nft: Error: no" },
    "address-gone fc00::1": { kind: "address-gone", address: "fc00::1" },
    "rules-changed by another process": { kind: "rules-changed", reason: "by another process" },
  };
  for (const [line, expected] of Object.entries(cases)) {
    assert.deepEqual(decodeAgentLine(line), expected);
  }
});

Deno.test("decodeAgentLine() passes over what it does not know", () => {
  for (const line of ["", "bash: perl: not found", "done", "done x", "lost 3 x"]) {
    assert.equal(decodeAgentLine(line), undefined, line);
  }
});
