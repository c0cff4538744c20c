import { getLogger } from "@logtape/logtape";
import { AppError, type Clock, errorText, systemClock } from "../../core/mod.ts";
import { configuredNetwork, watchClusters } from "../../clusters/mod.ts";
import { createEngine, detectEngine } from "../../runtime/mod.ts";
import type { EnvoySettings } from "../../dispatch/types.ts";
import type { Settings } from "../options.ts";
import { engineEnv } from "../sources/engine.ts";
import { AddressBook } from "./address_book.ts";
import { ClusterController } from "./cluster_controller.ts";
import { ClusterSet } from "./cluster_set.ts";
import { logsDirectory } from "./logs_directory.ts";
import { tellPartsOff } from "./parts_off.ts";
import type { Confirmation } from "./service_runner.ts";
import { type Reach, reachOf } from "./reach.ts";
import { Tunnels } from "./tunnels.ts";
import { workerEntry } from "./worker_entry.ts";
import { workerPermissions } from "./worker_permissions.ts";

const log = getLogger(["berth", "run"]);

/** Time that clean-up may take on exit, milliseconds. */
const releaseTime = 20_000;

/** Options of {@link serveClusters}. */
export interface ServeOptions {
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** Where the engine and its network are named; this process's own by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of each job that the plane confirmed. */
  confirmed?(result: Confirmation): void;
}

/** `berth run`: serves every kind cluster of the engine until the signal aborts, then cleans up. */
export async function serveClusters(settings: Settings, options: ServeOptions): Promise<void> {
  const { signal, clock = systemClock, env = Deno.env.toObject(), confirmed } = options;
  if (settings.plane === "embedded") throw embeddedOnly();
  const logs = await logsDirectory(settings);
  const found = await detectEngine({ env: engineEnv(settings, env) });
  log.info("engine found", { socket: found.socketPath, version: found.version });
  tellPartsOff(settings);
  await using engine = createEngine({ socketPath: found.socketPath });
  const book = new AddressBook(engine);
  const life = new AbortController();
  const platform = Deno.build.os;
  const reach = reachOf(settings, { platform, inMachine: found.inMachine === true });
  await using tunnels = reach.tunnels ? new Tunnels({ clock, platform }) : undefined;
  const set = new ClusterSet({
    engine,
    book,
    clock,
    signal: life.signal,
    only: settings.clusters,
    controller: (cluster, start) =>
      new ClusterController({
        ...start,
        cluster,
        clock,
        planes: reach.plane === "envoy" ? ["envoy", "kernel"] : ["kernel", "envoy"],
        ...(tunnels === undefined ? {} : { tunnels }),
        envoy: { ...envoySettings(settings, reach), ...(logs === undefined ? {} : { logs }) },
        ...gatewayChannel(settings),
        ...(settings.enableIngress
          ? { ingress: { asDefault: settings.enableDefaultIngress } }
          : {}),
        workers: settings.workers,
        workerEntry,
        workerPermissions: workerPermissions(found.socketPath, logs),
        socketPath: found.socketPath,
        log: { level: settings.verbosity, format: settings.logFormat },
        ...(confirmed === undefined ? {} : { confirmed }),
      }),
  });
  const following = book.follow(life.signal).catch(() => {});
  const network = configuredNetwork(env, found.kind) ?? settings.network;
  for await (const change of watchClusters({ engine, signal, clock, network })) set.apply(change);
  if (!settings.keep) await release(set);
  life.abort();
  await Promise.all([set.stop(), following]);
}

async function release(set: ClusterSet): Promise<void> {
  log.info("stopping: addresses are given back (--keep leaves them)");
  await set.releaseAll(AbortSignal.timeout(releaseTime)).catch((error) =>
    log.warn("not everything was given back: run berth cleanup --all", { error: errorText(error) })
  );
}

function gatewayChannel({ gatewayChannel: channel }: Settings) {
  return channel === "disabled" ? {} : { gatewayChannel: channel };
}

function envoySettings(settings: Settings, { plane, publish }: Reach): EnvoySettings {
  const { network, registry, envoyImage } = settings;
  return {
    warm: plane === "envoy",
    publish,
    ...(envoyImage === undefined ? {} : { image: envoyImage }),
    ...(registry === undefined ? {} : { registry }),
    ...(network === undefined ? {} : { network }),
  };
}

function embeddedOnly(): AppError {
  return new AppError(
    'flag --plane is "embedded", which serves the cluster of berth dev: use "kernel", "envoy" or "auto"',
    { kind: "invalid" },
  );
}
