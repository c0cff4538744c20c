import assert from "assert";
import { isPermitted } from "../../../lib/runtime/permissions.ts";
import { enginePermissions } from "../../../lib/runtime/mod.ts";
import { socketBed } from "../../fakes/socket_bed.ts";

const WORKER = new URL("../../fixtures/workers/engine_worker.ts", import.meta.url);

Deno.test("enginePermissions() suffices for a worker that uses the engine", async () => {
  await using bed = await socketBed({});
  bed.fake.run({ name: "a", files: { "/etc/conf": "text" } });
  const { path } = bed.socket;
  assert.deepEqual(await ask(path, enginePermissions(path)), ["a", "text", "hello"]);
});

Deno.test("enginePermissions() does not open another socket", async () => {
  await using bed = await socketBed({});
  const answer = await ask(bed.socket.path, enginePermissions("/other.sock"));
  assert.match(String(answer), /Deno may not use .*engine\.sock/);
});

Deno.test("enginePermissions() holds nothing that could be left out", async () => {
  await using bed = await socketBed({});
  bed.fake.run({ name: "a", files: { "/etc/conf": "text" } });
  const { path } = bed.socket;
  const all = enginePermissions(path);
  for (const key of ["read", "write", "net"] as const) {
    assert.match(String(await ask(path, { ...all, [key]: false })), /Deno may not use/, key);
  }
});

Deno.test({
  name: "isPermitted() needs all of read, write and net",
  permissions: {
    read: ["/a.sock", "/b.sock", "/c.sock"],
    write: ["/a.sock", "/b.sock"],
    net: ["unix:/a.sock", "unix:/c.sock"],
  },
  fn: async () => {
    const paths = ["/a.sock", "/b.sock", "/c.sock", "/d.sock"];
    assert.deepEqual(await Promise.all(paths.map(isPermitted)), [true, false, false, false]);
  },
});

async function ask(
  path: string,
  permissions: Deno.PermissionOptionsObject | ReturnType<typeof enginePermissions>,
): Promise<unknown> {
  const worker = new Worker(WORKER, {
    type: "module",
    deno: { permissions: permissions as Deno.PermissionOptionsObject },
  });
  try {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(path);
    return await promise;
  } finally {
    worker.terminate();
  }
}
