import assert from "assert";
import { forwardTo, ruleWith, shareOf } from "../fakes/route_parts.ts";
import { httpBackend } from "./envoy/backends.ts";
import { ask } from "./envoy/clients.ts";
import { served, withTraffic } from "./envoy/traffic_bed.ts";

withTraffic("fails no request while a route goes from one backend to another", async (bed) => {
  await using cart = httpBackend("cart");
  await using shop = httpBackend("shop");
  const lead = (to: typeof cart) =>
    bed.serve([ruleWith({ action: forwardTo({ split: [shareOf(to.name)] }) })], [served([to])]);
  await lead(cart);
  const statuses = new Map<number, number>();
  const stop = new AbortController();
  const client = async () => {
    while (!stop.signal.aborted) {
      const { status } = await ask(bed.port);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const clients = Array.from({ length: 8 }, client);
  for (let round = 0; round < 20; round++) {
    await lead(shop);
    await lead(cart);
  }
  stop.abort();
  await Promise.all(clients);
  assert.deepEqual([...statuses.keys()], [200]);
});
