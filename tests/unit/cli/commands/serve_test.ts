import assert from "assert";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { serve } from "../../../../lib/cli/commands/serve.ts";
import type { CommandContext } from "../../../../lib/cli/ports.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const context = (signal: AbortSignal): CommandContext => ({ ...fakeContext("run"), signal });

Deno.test("serve() succeeds when the signal ends it, however the ports take it", async () => {
  const endings = [() => Promise.resolve(), (signal: AbortSignal) => Promise.reject(signal.reason)];
  for (const ending of endings) {
    const stop = new AbortController();
    const ports = {
      serve(_settings: unknown, { signal }: { readonly signal: AbortSignal }) {
        stop.abort();
        return ending(signal);
      },
    };
    assert.equal(await serve(context(stop.signal), { ports }), 0);
  }
});

Deno.test("serve() passes a failure on while nobody asked it to stop", async () => {
  const ports = { serve: () => Promise.reject(new Error("engine is gone")) };
  const { signal } = new AbortController();
  await assert.rejects(serve(context(signal), { ports }), /engine is gone/);
});

Deno.test("serve() tells of flags that mean nothing here", async () => {
  const records: LogRecord[] = [];
  await configure({
    sinks: { kept: (record) => records.push(record) },
    loggers: [
      { category: ["berth"], sinks: ["kept"] },
      { category: ["logtape", "meta"], sinks: ["kept"], lowestLevel: "error" },
    ],
  });
  const ports = { serve: () => Promise.resolve() };
  const { signal } = new AbortController();
  for (const ignored of [[], ["--use-service-account-credentials"]]) {
    await serve(context(signal), { ports, ignored });
  }
  await reset();
  assert.deepEqual(records.map(({ properties }) => properties), [
    { flags: "--use-service-account-credentials" },
  ]);
});
