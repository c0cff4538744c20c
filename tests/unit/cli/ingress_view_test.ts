import assert from "assert";
import { ingressLines, publishedLines } from "../../../lib/cli/ingress_view.ts";

Deno.test("ingressLines() names each address once, and nothing without Ingresses", () => {
  const row = { namespace: "shop", hosts: [], addresses: ["172.18.255.9"], problems: [] };
  const ingresses = [{ ...row, name: "a" }, { ...row, name: "b", addresses: [] }];
  assert.deepEqual(ingressLines({ ingresses }), [
    "INGRESSES  172.18.255.9",
    "  shop/a",
    "  shop/b",
  ]);
  assert.deepEqual(ingressLines({ ingresses: [] }), []);
});

Deno.test("publishedLines() has a line only where something is published", () => {
  assert.deepEqual(publishedLines(undefined), []);
  assert.deepEqual(publishedLines(["1->80/tcp", "2->443/tcp"]), [
    "  on the host: 1->80/tcp, 2->443/tcp",
  ]);
});
