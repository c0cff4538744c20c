/** What every plane must do, done by real Envoys in a real engine; no Kubernetes is needed. */
import { systemClock } from "../../../lib/core/mod.ts";
import { createEnvoyPlane } from "../../../lib/planes/envoy/mod.ts";
import { createEngine } from "../../../lib/runtime/mod.ts";
import { planeContract } from "../../contract/plane.ts";
import { openFlow } from "../../fakes/local_client.ts";
import { startNamedBackend } from "../../fakes/named_backend.ts";
import { docker, ensureEnvoyImage } from "../bed/mod.ts";
import { ensureNodeImage, NODE_IMAGE } from "../bed/images.ts";
import { ENGINE_SOCKET, missingForPlaneTests } from "./plane_bed.ts";

const missing = await missingForPlaneTests();
const NAME = "berth-envoy-contract";
/** Away from the engine's own pools. */
const SUBNET = "10.98.0.0/16";
const GATEWAY = "10.98.0.1";

/** A network with one container that passes for a node; backends are processes of this machine. */
async function open() {
  await Promise.all([ensureNodeImage(), ensureEnvoyImage()]);
  const stack = new AsyncDisposableStack();
  await docker("network", "create", "--subnet", SUBNET, "--gateway", GATEWAY, NAME);
  stack.defer(async () => void await docker("network", "rm", NAME));
  const label = `io.x-k8s.kind.cluster=${NAME}`;
  await docker(
    "run",
    "-d",
    "--name",
    NAME,
    "--label",
    label,
    "--net",
    NAME,
    NODE_IMAGE,
    "sleep",
    "1000",
  );
  stack.defer(async () => void await docker("rm", "-f", NAME));
  const engine = stack.use(createEngine({ socketPath: ENGINE_SOCKET }));
  const at = (number: number) => `10.98.255.${number}`;
  const plane = createEnvoyPlane({
    cluster: NAME,
    engine,
    clock: systemClock,
    events: {
      moved: () => {},
      broken: (keys, reason) => {
        throw new Error(`${keys} broke: ${reason}`);
      },
    },
  });
  stack.defer(async () => {
    const { signal } = new AbortController();
    for (const { key } of await plane.list({ signal })) await plane.remove(key, { signal });
    await plane[Symbol.asyncDispose]();
  });
  const ports: [number, number, number] = [18_080, 18_081, 18_082];
  return {
    plane,
    addresses: [at(1), at(2)] as const,
    ports,
    announcers: [],
    clientRange: `${GATEWAY}/32`,
    foreignRange: "203.0.113.0/24",
    backend: async (name: string) => stack.use(await startNamedBackend(name, GATEWAY)).endpoint,
    open: openFlow,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

if (missing === undefined) planeContract("Envoy plane", open);
else Deno.test({ name: `Envoy plane: ${missing}`, ignore: true, fn: () => {} });
