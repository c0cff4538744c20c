import assert from "assert";
import { watchInto } from "../../../../lib/cli/app/vip_watch.ts";
import { decodeConfigMap } from "../../../../lib/cli/app/vip_config_map.ts";
import { Wake } from "../../../../lib/cli/app/wake.ts";
import { AppError, systemClock } from "../../../../lib/core/mod.ts";
import { ApiBed, configMap } from "../../../fakes/api_bed.ts";

const path = "/api/v1/namespaces/default/configmaps";

Deno.test("watchInto() wakes for each piece of news of the one object", async () => {
  await using bed = new ApiBed();
  const stop = new AbortController();
  const wake = new Wake();
  const news: string[] = [];
  const parts = { client: bed.client, clock: systemClock, signal: stop.signal };
  const watching = watchInto(parts, wake)({
    path,
    fieldSelector: "metadata.name=one",
    decode: decodeConfigMap,
    sync: (all) => news.push(`sync ${all.length}`),
    applied: ({ metadata }) => news.push(`applied ${metadata.name}`),
    deleted: ({ metadata }) => news.push(`deleted ${metadata.name}`),
  });
  await wake.next(stop.signal);
  await bed.create(path, configMap("other"));
  await bed.create(path, configMap("one"));
  await wake.next(stop.signal);
  await bed.remove(`${path}/one`);
  await wake.next(stop.signal);
  stop.abort();
  await watching;
  assert.deepEqual(news, ["sync 0", "applied one", "deleted one"]);
});

Deno.test("watchInto() gives up when the sandbox refuses: no second try can help", async () => {
  const cause = new Deno.errors.NotCapable("no net");
  const stop = new AbortController();
  const list = () => Promise.reject(new AppError("cannot reach", { kind: "forbidden", cause }));
  const client = {
    list,
    async *watch() {
      await Promise.resolve();
      yield* [];
    },
  };
  const watch = watchInto({ client, clock: systemClock, signal: stop.signal }, new Wake());
  const nothing = () => {};
  const watching = watch({
    path,
    decode: decodeConfigMap,
    ...{ sync: nothing, applied: nothing, deleted: nothing },
  });
  await assert.rejects(watching, /cannot reach/);
  stop.abort();
});
