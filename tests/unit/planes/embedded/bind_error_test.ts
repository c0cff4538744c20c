import assert from "assert";
import { bindError } from "../../../../lib/planes/embedded/bind_error.ts";

const at = { hostname: "127.80.0.1", port: 80 };

for (
  const [name, cause, kind, text] of [
    ["AddrInUse", new Deno.errors.AddrInUse("no"), "conflict", /in use by another program: end it/],
    [
      "PermissionDenied",
      new Deno.errors.PermissionDenied("no"),
      "forbidden",
      /privilege: .*sysctl/,
    ],
    ["AddrNotAvailable", new Deno.errors.AddrNotAvailable("no"), "exhausted", /no address of this/],
    ["NotCapable", new Deno.errors.NotCapable("no"), "forbidden", /--allow-net=127\.80\.0\.1/],
    ["code EACCES", Object.assign(new Error("no"), { code: "EACCES" }), "forbidden", /privilege/],
    ["anything else", new Error("odd"), "unavailable", /cannot be bound$/],
    ["no error", "odd", "unavailable", /cannot be bound$/],
  ] as const
) {
  Deno.test(`bindError() of ${name} names place and remedy`, () => {
    const error = bindError(cause, at);
    assert.equal(error.kind, kind);
    assert.match(error.message, /^port 80 on 127\.80\.0\.1 /);
    assert.match(error.message, text);
    assert.equal(error.cause, cause);
  });
}

Deno.test("bindError() knows what the machine itself answers", () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const kinds = [{ hostname: "127.0.0.1", port: taken.addr.port }, {
    hostname: "192.0.2.1",
    port: 0,
  }]
    .map((place) => {
      try {
        Deno.listen(place).close();
        return "bound";
      } catch (error) {
        return bindError(error, place).kind;
      }
    });
  assert.deepEqual(kinds, ["conflict", "exhausted"]);
});
