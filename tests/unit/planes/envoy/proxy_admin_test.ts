import assert from "assert";
import { AppError } from "../../../../lib/core/mod.ts";
import { ProxyAdmin } from "../../../../lib/planes/envoy/proxy_admin.ts";
import { proxyFiles } from "../../../../lib/planes/envoy/proxy_files.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { routeSpecWith } from "../../../fakes/route_parts.ts";

const { signal } = new AbortController();

/** An Envoy that answers these lines, one look after the other, and the last for ever. */
function admin(...answers: readonly (readonly string[] | Error)[]) {
  const asked: string[] = [];
  const clock = new FakeClock(0);
  const edge = {
    run([step]: readonly { readonly text: string }[]): Promise<readonly string[]> {
      asked.push(step?.text ?? "");
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? [];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return { asked, clock, admin: new ProxyAdmin({ edge, clock, socket: "/s" }) };
}

Deno.test("ProxyAdmin.ready() asks until Envoy answers, but no longer than it should", async () => {
  const refused = new AppError("/s: refused", { kind: "internal" });
  const late = admin(refused, refused, ["LIVE"]);
  const ready = late.admin.ready(1_000);
  await late.clock.advance(1_000);
  assert.equal(await ready, true);
  assert.equal(late.asked.length, 3);
  const dead = admin(refused);
  const never = dead.admin.ready(1_000);
  await dead.clock.advance(2_000);
  assert.equal(await never, false);
  const lost = admin(new AppError("the session ended", { kind: "unavailable" }));
  await assert.rejects(lost.admin.ready(1_000), { kind: "unavailable" });
});

Deno.test("ProxyAdmin.connections() sums those of all listeners", async () => {
  const one = admin(["listener.a.downstream_cx_active: 2", "listener.b.downstream_cx_active: 3"]);
  assert.equal(await one.admin.connections(), 5);
});

Deno.test("ProxyAdmin.verdict() tells what is refused, or that it is not known in time", async () => {
  const files = proxyFiles(routeSpecWith({ ports: [], backends: [] }));
  const stats = (lds: string) => [
    ...files.map(({ kind, versionStat, version }) =>
      `${versionStat}: "${kind === "lds" ? lds : version}"`
    ),
    `listener_manager.lds.update_rejected: ${lds === "refused" ? 1 : 0}`,
  ];
  const version = files.find(({ kind }) => kind === "lds")?.version ?? "";
  const patience = { before: new Map(), signal, ms: 1_000 };
  assert.deepEqual(await admin(stats(version)).admin.verdict(files, patience), []);
  const refused = await admin(stats("refused")).admin.verdict(files, patience);
  assert.deepEqual(refused?.map(({ kind }) => kind), ["lds"]);
  const silent = admin(stats("old"));
  const unknown = silent.admin.verdict(files, patience);
  await silent.clock.advance(2_000);
  assert.equal(await unknown, undefined);
});
