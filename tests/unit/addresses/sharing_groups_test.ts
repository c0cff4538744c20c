import assert from "assert";
import fc from "fast-check";
import { SharingGroups } from "../../../lib/addresses/sharing_groups.ts";
import type { AddressUse } from "../../../lib/addresses/types.ts";

const search = { family: "IPv4", from: 0n, to: 20n, order: "ascending" } as const;

Deno.test("SharingGroups finds the first address without the port, as a plain list does", () => {
  const step = fc.record({
    at: fc.nat(12),
    port: fc.constantFrom("TCP/80", "TCP/81", "UDP/80"),
    key: fc.constantFrom("a", "b"),
    remove: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const groups = new SharingGroups();
    const uses = new Map<number, AddressUse[]>();
    for (const { at, port, key, remove } of steps) {
      const here = uses.get(at) ?? [];
      const use = remove ? here.pop() : { ports: [port], sharingKey: key };
      if (use === undefined) continue;
      const place = { family: "IPv4", value: BigInt(at) } as const;
      if (remove) groups.remove(place, use, here);
      else {
        here.push(use);
        groups.add(place.family, place.value, use);
      }
      uses.set(at, here);
    }
    for (const port of ["TCP/80", "TCP/81", "UDP/80"]) {
      const wanted = [...uses].filter(([, here]) =>
        here.some(({ sharingKey }) => sharingKey === "a") &&
        !here.some(({ sharingKey, ports }) => sharingKey === "a" && ports.includes(port))
      ).map(([at]) => BigInt(at)).toSorted((x, y) => Number(x - y));
      const use = { ports: [port], sharingKey: "a" };
      assert.equal(groups.find(use, search), wanted[0]);
      assert.equal(groups.find(use, { ...search, order: "descending" }), wanted.at(-1));
    }
  }));
});

Deno.test("SharingGroups finds nothing for a use without ports or without partners", () => {
  const groups = new SharingGroups();
  groups.add("IPv4", 5n, { ports: ["TCP/80"], sharingKey: "a" });
  groups.add("IPv4", 6n, { ports: ["TCP/80"], sharingKey: "" });
  assert.equal(groups.find({ ports: [], sharingKey: "a" }, search), undefined);
  assert.equal(groups.find({ ports: ["TCP/81"], sharingKey: "b" }, search), undefined);
  assert.equal(groups.find({ ports: ["TCP/81"], sharingKey: "" }, search), undefined);
  assert.equal(
    groups.find({ ports: ["TCP/81"], sharingKey: "a" }, { ...search, to: 4n }),
    undefined,
  );
});
