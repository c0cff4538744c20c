import assert from "assert";
import {
  headerFields,
  hostOf,
  mergedEdits,
} from "../../../../../lib/planes/envoy/config/header_edit.ts";

const header = (value: string, name = "x-a") => ({ name, value });

Deno.test("headerFields() sets before it adds, and removes", () => {
  const fields = headerFields("request", {
    set: [header("1")],
    add: [header("2")],
    remove: ["x-b"],
  });
  assert.deepEqual(fields, {
    request_headers_to_add: [
      {
        header: { key: "x-a", value: "1" },
        append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
        keep_empty_value: true,
      },
      {
        header: { key: "x-a", value: "2" },
        append_action: "APPEND_IF_EXISTS_OR_ADD",
        keep_empty_value: true,
      },
    ],
    request_headers_to_remove: ["x-b"],
  });
});

Deno.test("headerFields() takes percent signs for what they are", () => {
  const fields = headerFields("response", { set: [header("100%REQ(x)%")], add: [], remove: [] });
  assert.match(JSON.stringify(fields), /"value":"100%%REQ\(x\)%%"/);
});

Deno.test("headerFields() leaves Host to the rewrite, which hostOf() tells", () => {
  const edit = { set: [header("a.example", "Host")], add: [], remove: ["HOST"] };
  assert.deepEqual(headerFields("request", edit), {});
  assert.equal(hostOf(edit), "a.example");
  assert.equal(hostOf(undefined), undefined);
});

Deno.test("mergedEdits() does one edit after the other", () => {
  const first = {
    set: [header("1", "kept"), header("1", "Gone"), header("1", "replaced")],
    add: [header("1", "both"), header("1", "replaced"), header("1", "gone")],
    remove: ["old"],
  };
  const second = {
    set: [header("2", "Replaced")],
    add: [header("2", "both")],
    remove: ["gone"],
  };
  assert.deepEqual(mergedEdits(first, second), {
    set: [header("1", "kept"), header("1", "replaced"), header("2", "Replaced")],
    add: [header("1", "both"), header("2", "both")],
    remove: ["old", "gone"],
  });
  assert.equal(mergedEdits(first, undefined), first);
  assert.equal(mergedEdits(undefined, second), second);
});
