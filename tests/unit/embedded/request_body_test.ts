import assert from "assert";
import {
  mediaType,
  readBody,
  readObject,
  readOptionalObject,
} from "../../../lib/embedded/request_body.ts";

function request(body: string, type?: string): Request {
  return new Request("http://x", {
    method: "POST",
    body,
    ...(type && { headers: { "content-type": type } }),
  });
}

Deno.test("bodies are JSON or YAML", async () => {
  assert.equal(mediaType(request("", "Application/JSON; charset=utf-8")), "application/json");
  assert.deepEqual(await readObject(request('{"a":1}', "application/json")), { a: 1 });
  assert.deepEqual(await readObject(request("a: 1", "application/yaml")), { a: 1 });
  assert.deepEqual(await readBody(request("[1]", "application/json-patch+json")), [1]);
});

Deno.test("bodies that cannot be understood are refused", async () => {
  await assert.rejects(readObject(request("{", "application/json")), { code: 400 });
  await assert.rejects(readObject(request("[1]", "application/json")), { code: 400 });
  await assert.rejects(readObject(request("x", "text/csv")), { code: 415 });
  await assert.rejects(readBody(request("x".repeat(3 * 1024 * 1024 + 1))), { code: 400 });
});

Deno.test("readOptionalObject() takes nothing for an empty object", async () => {
  assert.deepEqual(await readOptionalObject(request("")), {});
  assert.deepEqual(await readOptionalObject(request('{"a":1}')), { a: 1 });
  assert.deepEqual(
    await readOptionalObject(request("", "application/vnd.kubernetes.protobuf")),
    {},
  );
});
