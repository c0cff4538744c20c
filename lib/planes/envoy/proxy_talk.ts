import { getLogger } from "@logtape/logtape";
import type { Clock } from "../../core/mod.ts";
import type { RouteSpec } from "../../proxy/types.ts";
import type { EnvoyFile } from "./config/mod.ts";
import { configProblems, portOfListener, portOfRoutes } from "./config/mod.ts";
import { byPort, type Refusal, refusals } from "./confirmation.ts";
import type { Proxy } from "./proxy.ts";

const log = getLogger(["berth", "planes", "envoy"]);

/** Milliseconds that open connections get to end when what they reach is removed. */
const DRAIN_MS = 1_000;

/**
 * What of a spec is not served: in our words, and in Envoy's. `files` are those that it refused
 * just now; when not given, it is asked what it holds.
 */
export async function refusedOf(
  spec: RouteSpec,
  { proxy, files }: { readonly proxy: Pick<Proxy, "admin">; readonly files?: readonly EnvoyFile[] },
): Promise<readonly Refusal[]> {
  const own = configProblems(spec).map(({ port, message }) => ({ port, message }));
  if (files?.length === 0) return own;
  const dump = await proxy.admin("/config_dump");
  const portOf = (name: string) => portOfListener(name) ?? portOfRoutes(name);
  const found = byPort(refusals(dump, portOf), files ?? []);
  for (const { port, message } of found) {
    log.warn("refused by Envoy", { key: spec.key, port, message });
  }
  return [...own, ...found];
}

/** Waits until nobody is connected, for a moment at most. */
export async function drained(
  proxy: Pick<Proxy, "connections">,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const end = clock.now() + DRAIN_MS;
  while (await proxy.connections() > 0 && clock.now() < end) await clock.sleep(50, signal);
}
