import { createEmbeddedPlane } from "../../lib/planes/embedded/mod.ts";
import { openFlow } from "../fakes/local_client.ts";
import { ownLoopback } from "../fakes/own_loopback.ts";
import { startNamedBackend } from "../fakes/named_backend.ts";
import { planeContract } from "./plane.ts";

planeContract("embedded plane", () => {
  const stack = new AsyncDisposableStack();
  const plane = stack.use(createEmbeddedPlane({
    drainMs: 0,
    events: {
      moved: () => {},
      broken: (keys, reason) => {
        throw new Error(`${keys} broke: ${reason}`);
      },
    },
  }));
  return Promise.resolve({
    ...{ plane, addresses: [ownLoopback(11), ownLoopback(12)], ports: [18_080, 18_081, 18_082] },
    ...{ announcers: [], clientRange: "127.0.0.0/8", foreignRange: "10.0.0.0/8" },
    backend: async (name) => stack.use(await startNamedBackend(name)).endpoint,
    open: openFlow,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  });
});
