import assert from "assert";
import { errorKind, errorText } from "../../../lib/core/mod.ts";
import { firstAnswer } from "../../../lib/clusters/first_answer.ts";
import type { Endpoint } from "../../../lib/clusters/types.ts";

const INTERNAL: Endpoint = { kind: "internal", server: "https://in:6443" };
const EXTERNAL: Endpoint = { kind: "external", server: "https://127.0.0.1:7" };
const BOTH = [INTERNAL, EXTERNAL];
const OK = { status: 200, body: "" };

type Outcome = "hang" | Error | typeof OK;

function ask(outcomes: Readonly<Record<string, Outcome>>, signal = new AbortController().signal) {
  const stopped: string[] = [];
  const probe = (server: string, stop: AbortSignal) => {
    const outcome = outcomes[server] ?? "hang";
    if (outcome instanceof Error) return Promise.reject(outcome);
    if (outcome !== "hang") return Promise.resolve(outcome);
    return new Promise<never>((_, reject) =>
      stop.addEventListener("abort", () => {
        stopped.push(server);
        reject(stop.reason);
      })
    );
  };
  return { answer: firstAnswer(BOTH, { cluster: "one", signal, probe }), stopped };
}

Deno.test("firstAnswer() takes the first answer and stops the other probe", async () => {
  const { answer, stopped } = ask({ [EXTERNAL.server]: OK });
  assert.deepEqual(await answer, { endpoint: EXTERNAL, answer: OK });
  assert.deepEqual(stopped, [INTERNAL.server]);
});

Deno.test("firstAnswer() does not mind the other endpoint's failure", async () => {
  const { answer } = ask({ [EXTERNAL.server]: new Error("refused"), [INTERNAL.server]: OK });
  assert.equal((await answer).endpoint, INTERNAL);
});

Deno.test("firstAnswer() rejects with every address and reason", async () => {
  const inner = new Error("error sending request for url (https://in:6443/version): dns error");
  const { answer } = ask({
    [INTERNAL.server]: new TypeError("fetch failed", { cause: inner }),
    [EXTERNAL.server]: new Error("refused"),
  });
  const error = await answer.catch((reason) => reason);
  assert.equal(errorKind(error), "unavailable");
  assert.match(
    errorText(error),
    /no API server of cluster one answers \(https:\/\/in:6443: dns error; https:\/\/127.0.0.1:7: refused\)/,
  );
});

Deno.test("firstAnswer() tells the kind of failure", async () => {
  const late = new DOMException("late", "TimeoutError");
  const expired = new Error("certificate expired: certificate is not valid after 1609459200");
  const barred = new Deno.errors.NotCapable("no net");
  const rows = [
    [late, late, "timeout", /late/],
    [late, new Error("x"), "unavailable", /late.*: x/],
    [new Error("dns"), expired, "forbidden", /expired on 2021-01-01: renew/],
    [barred, barred, "forbidden", /: run with --allow-net=in:6443,127\.0\.0\.1:7$/],
    [barred, new Error("x"), "unavailable", /log, or run with --allow-net=in:6443$/],
  ] as const;
  for (const [internal, external, kind, text] of rows) {
    const { answer } = ask({ [INTERNAL.server]: internal, [EXTERNAL.server]: external });
    const error = await answer.catch((reason) => reason);
    assert.equal(errorKind(error), kind);
    assert.match(errorText(error), text);
  }
});

Deno.test("firstAnswer() stops when the caller aborts", async () => {
  const stop = new AbortController();
  const { answer, stopped } = ask({}, stop.signal);
  stop.abort();
  assert.equal(await answer.then(() => "answer", errorKind), "canceled");
  assert.deepEqual(stopped, BOTH.map(({ server }) => server));
});
