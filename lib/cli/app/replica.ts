import { getLogger } from "@logtape/logtape";
import { type Clock, errorText, steadyClock, systemClock, UsageError } from "../../core/mod.ts";
import { createKubeClient, type KubeClient } from "../../kube/mod.ts";
import { leadWhileHeld, type LeaseSettings, timingProblem } from "../../lease/mod.ts";
import { Metrics, type MonitorAddress, serveHealth } from "../../monitor/mod.ts";
import { durationMs } from "../go_duration.ts";
import type { Settings } from "../options.ts";
import { clusterConfig } from "./cluster_config.ts";
import { unlessDenied } from "./denial.ts";

const log = getLogger(["berth", "replica"]);

/** What the leader works with. */
export interface Duty {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Ends the work: told to stop, or the Lease is lost. */
  readonly signal: AbortSignal;
  readonly metrics: Metrics;
  /** Tells `/readyz` why the work cannot be done now; undefined: it can. */
  unready(problem: string | undefined): void;
}

/** Options of {@link runReplica}. */
export interface ReplicaOptions {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** Name of the Lease unless the settings name one. */
  readonly leaseName: string;
  readonly monitor: MonitorAddress;
  work(duty: Duty): Promise<void>;
}

/**
 * One replica of a mode that runs in a cluster: answers probes, waits for the Lease, works while it
 * holds it. Rejects when the Lease is lost, which ends the process with code 1.
 */
export async function runReplica(options: ReplicaOptions): Promise<void> {
  const { settings, env, signal, clock = systemClock, work } = options;
  const lease = leaseSettings(settings, options.leaseName);
  const client = createKubeClient(await clusterConfig(settings, env));
  const metrics = new Metrics();
  let problem: string | undefined = "the API server has not answered yet";
  const unready = (text: string | undefined) => {
    problem = text;
  };
  try {
    await using _server = monitor(options.monitor, {
      unhealthy: () => undefined,
      unready: () => problem,
      metrics: () => metrics.text(),
    });
    const duty = { client, clock, metrics, unready };
    if (!settings.leaderElect) return await work({ ...duty, signal });
    const identity = `${hostName(env)}_${crypto.randomUUID()}`;
    const leads = leadershipGauge(metrics);
    const say = onceEach((error) => log.warn("Lease not reached, trying again", { error }));
    await unlessDenied((denied) =>
      leadWhileHeld({
        ...{ client, signal, identity },
        // a machine whose clock is set must neither keep the Lease too long nor take it too early
        clock: options.clock ?? steadyClock,
        settings: lease,
        random: Math.random,
        leader: (who) => {
          leads.set(who === identity);
          // one that stands by for another is as it should be
          unready(undefined);
          log.info(who === identity ? "leading" : "standing by", { leader: who });
        },
        failed: (error) => denied(error) || say(error),
      }, (held) => work({ ...duty, signal: held }))
    );
  } finally {
    client.close();
  }
}

/** Says each trouble once, not once per attempt. */
function onceEach(say: (text: string) => void): (error: unknown) => void {
  let last = "";
  return (error) => {
    const text = errorText(error);
    if (text !== last) say(text);
    last = text;
  };
}

function monitor(...[address, facts]: Parameters<typeof serveHealth>): AsyncDisposable {
  if (address.port === 0) return { [Symbol.asyncDispose]: () => Promise.resolve() };
  const server = serveHealth(address, facts);
  log.info("health and metrics", { address: address.host, port: server.port });
  return server;
}

function leadershipGauge(metrics: Metrics): { set(leads: boolean): void } {
  let value = 0;
  metrics.gauge({ name: "berth_leader", help: "1 while this process holds the Lease" }, () => [
    [{}, value],
  ]);
  return { set: (leads) => value = leads ? 1 : 0 };
}

function leaseSettings(settings: Settings, name: string): LeaseSettings {
  const lease = {
    namespace: settings.resourceNamespace,
    name: settings.resourceName ?? name,
    leaseDurationMs: durationMs(settings.leaseDuration) ?? 0,
    renewDeadlineMs: durationMs(settings.renewDeadline) ?? 0,
    retryPeriodMs: durationMs(settings.retryPeriod) ?? 0,
  };
  const problem = timingProblem(lease);
  if (problem !== undefined) throw new UsageError(problem);
  return lease;
}

/** In a Pod the variable is its name. The system itself is not asked: that would need a right. */
function hostName(env: Readonly<Record<string, string | undefined>>): string {
  return env["POD_NAME"] ?? env["HOSTNAME"] ?? env["COMPUTERNAME"] ?? "berth";
}
