import type { BackendRunner } from "./backends/types.ts";
import { startControllers } from "./controllers/start.ts";
import { Encoder } from "./encoder.ts";
import type { FaultInjector } from "./faults.ts";
import { makeHandler } from "./http_handler.ts";
import { DEFAULT_NETWORK, makeRegistry } from "./make_registry.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { runnerLogs } from "./pod_logs.ts";
import type { Registry } from "./registry.ts";
import type { Store } from "./store.ts";
import type { WatchStream } from "./watch_stream.ts";
import { type Clock, systemClock } from "../core/mod.ts";
import { seedNodes, seedSystem } from "./seed.ts";

/** How to serve; every member has a default. */
export interface ServeOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Service networks, one for each family, the primary one first. */
  readonly serviceNetworks?: readonly string[];
  /** First and last node port. */
  readonly nodePorts?: readonly [number, number];
  /** How many changes of each resource a watch can resume over. */
  readonly historySize?: number;
  /** How often watches that asked for bookmarks get one. */
  readonly bookmarkMs?: number;
  /** Lets requests go wrong, for tests. */
  readonly fault?: FaultInjector;
  /** Runs Deployments, ReplicaSets and Pods; without one they just lie there. */
  readonly runner?: BackendRunner;
  /** Makes EndpointSlices from Services and Pods; by default when there is a runner. */
  readonly endpointSlices?: boolean;
}

/** An API server in flight. */
export interface EmbeddedApi extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly registry: Registry;
  readonly store: Store;
  /** A kubeconfig with one context, `berth-dev`. */
  kubeconfig(): string;
  /** Creates the two sample nodes. */
  seedSample(): void;
  /** Sends every watch that asked for bookmarks one now. */
  bookmark(): void;
  /** Ends every watch now, as a restart of the server would. */
  closeWatches(): void;
}

/**
 * Serves an empty Kubernetes API (system namespaces and the `kubernetes` Service) on 127.0.0.1
 * until disposed or aborted.
 */
export function serve(options: ServeOptions = {}): EmbeddedApi {
  const clock = options.clock ?? systemClock;
  const registry = makeRegistry({
    now: () => clock.now(),
    serviceNetworks: options.serviceNetworks,
    nodePorts: options.nodePorts,
    historySize: options.historySize,
  });
  const stopControllers = startControllers(registry, {
    endpointSlices: options.endpointSlices ?? options.runner !== undefined,
    runner: options.runner,
  });
  seedSystem(registry, options.serviceNetworks?.[0] ?? DEFAULT_NETWORK);
  const streams = new Set<WatchStream>();
  const stop = new AbortController();
  const logs = runnerLogs(registry.store, options.runner);
  const server = { registry, encoder: new Encoder(() => clock.now()), streams, logs };
  const handler = makeHandler({
    server,
    fault: options.fault,
    wait: (ms) => clock.sleep(ms, stop.signal),
  });
  const listener = Deno.serve({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    onListen: () => {},
  }, (request) => stop.signal.aborted ? stopping() : handler(request));
  const bookmark = () => streams.forEach((stream) => stream.bookmark());
  const closeWatches = () => [...streams].forEach((stream) => stream.end());
  const timer = setInterval(bookmark, options.bookmarkMs ?? 10_000);
  const close = async () => {
    options.signal?.removeEventListener("abort", close);
    clearInterval(timer);
    stop.abort();
    closeWatches();
    await stopControllers();
    await listener.shutdown();
  };
  options.signal?.addEventListener("abort", close, { once: true });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  return {
    url,
    registry,
    store: registry.store,
    kubeconfig: () => kubeconfigFor(url),
    seedSample: () => seedNodes(registry),
    bookmark,
    closeWatches,
    [Symbol.asyncDispose]: close,
  };
}

/** A watch that begins while the server ends would hold up its end. */
function stopping(): Response {
  return new Response("the server is stopping", { status: 503, headers: { connection: "close" } });
}
