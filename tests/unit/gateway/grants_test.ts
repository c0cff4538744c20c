import assert from "assert";
import { permissions } from "../../../lib/gateway/grants.ts";
import type { ReferenceGrant } from "../../../lib/gateway/types.ts";

const group = "gateway.networking.k8s.io";

function grant(spec: Partial<ReferenceGrant["spec"]> = {}, namespace = "keys"): ReferenceGrant {
  return {
    metadata: { name: "g", namespace, uid: "g", resourceVersion: "1" },
    spec: {
      from: [{ group, kind: "Gateway", namespace: "infra" }],
      to: [{ group: "", kind: "Secret" }],
      ...spec,
    },
  };
}

const reference = {
  from: { kind: "Gateway", namespace: "infra" },
  to: { kind: "Secret", namespace: "keys", name: "cert" },
};

const cases: readonly {
  readonly name: string;
  readonly grants: ReferenceGrant[];
  want: boolean;
}[] = [
  { name: "no grant", grants: [], want: false },
  { name: "a grant for every Secret", grants: [grant()], want: true },
  {
    name: "a grant for this Secret",
    grants: [grant({ to: [{ group: "", kind: "Secret", name: "cert" }] })],
    want: true,
  },
  {
    name: "a grant for another Secret",
    grants: [grant({ to: [{ group: "", kind: "Secret", name: "other" }] })],
    want: false,
  },
  {
    name: "a grant for another kind",
    grants: [grant({ to: [{ group: "", kind: "Service" }] })],
    want: false,
  },
  {
    name: "a grant for another group",
    grants: [grant({ to: [{ group: "example.com", kind: "Secret" }] })],
    want: false,
  },
  {
    name: "a grant from another namespace",
    grants: [grant({ from: [{ group, kind: "Gateway", namespace: "other" }] })],
    want: false,
  },
  {
    name: "a grant from ListenerSets alone",
    grants: [grant({ from: [{ group, kind: "ListenerSet", namespace: "infra" }] })],
    want: false,
  },
  {
    name: "a grant from another group",
    grants: [grant({ from: [{ group: "", kind: "Gateway", namespace: "infra" }] })],
    want: false,
  },
  { name: "a grant in another namespace", grants: [grant({}, "infra")], want: false },
  {
    name: "the second of two grants",
    grants: [grant({ to: [{ group: "", kind: "Service" }] }), grant()],
    want: true,
  },
];

Deno.test.each(cases)("permissions() with $name", ({ grants, want }) => {
  assert.equal(permissions(grants)(reference), want);
});

Deno.test("permissions() needs no grant within a namespace", () => {
  const to = { ...reference.to, namespace: "infra" };
  assert.equal(permissions([])({ ...reference, to }), true);
});
