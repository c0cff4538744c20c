import { getLogger } from "@logtape/logtape";
import { type Clock, type ErrorKind, errorText, isRetryable, timestamp } from "../../core/mod.ts";
import type { Ledger } from "../../addresses/mod.ts";
import type { RunInfo, RunResult, WorkerPool } from "../../dispatch/mod.ts";
import type { Job, Outcome, RoutedOutcome } from "../../dispatch/types.ts";
import type { Gateway, GatewayInput, GatewayStatuses } from "../../gateway/mod.ts";
import type { EventRecorder, EventSubject } from "../../kube/mod.ts";
import { activeTraceparent, withSpan } from "../../telemetry/mod.ts";
import type { GatewayAccounts } from "./gateway_accounts.ts";
import { gatewayFingerprint } from "./gateway_fingerprint.ts";
import { type DraftSources, gatewayDraft } from "./gateway_input.ts";
import { GATEWAY_GROUP, isRouteKind } from "./gateway_kinds.ts";
import { type GatewayReport, type GatewayReporter, uidsOf } from "./gateway_reporter.ts";
import { referenceKey, type ReferenceWatch } from "./reference_watch.ts";
import type { Starved } from "./starved_keys.ts";

const log = getLogger(["berth", "gateway"]);

/** What the runner works with. */
export interface GatewayRunnerOptions extends DraftSources {
  readonly ledger: Ledger;
  readonly pool: Pick<WorkerPool<Job, Outcome>, "run">;
  readonly references: Pick<ReferenceWatch, "hold" | "secrets" | "configMaps">;
  readonly reporter: Pick<GatewayReporter, "report" | "withdraw" | "ended" | "left">;
  readonly accounts: Pick<GatewayAccounts, "ensure" | "forget">;
  readonly recorder: Pick<EventRecorder, "record">;
  readonly clock: Clock;
  /** Families of the cluster's Pods: which addresses a Gateway gets. */
  families(): string;
  /** Keys that found no address; they wait for one. */
  readonly starved: Starved;
}

interface Known {
  readonly fingerprint: string;
  readonly report: GatewayReport;
}

const done: RunResult = { kind: "done" };

/** Brings one Gateway at a time in line: collects, sends the job, writes what came of it. */
export class GatewayRunner {
  readonly #options: GatewayRunnerOptions;
  readonly #known = new Map<string, Known>();
  /** Addresses of Gateways that are another's now, until their statuses were told. */
  readonly #leaving = new Map<string, readonly string[]>();

  constructor(options: GatewayRunnerOptions) {
    this.#options = options;
  }

  /** Keys (`namespace/name`) of Gateways that were planned. */
  known(): Iterable<string> {
    return this.#known.keys();
  }

  /** The next run of this key applies everything again. */
  invalidate(key: string): void {
    const known = this.#known.get(key);
    if (known !== undefined) this.#known.set(key, { ...known, fingerprint: "" });
  }

  /** Key in the ledger and of jobs. */
  full(key: string): string {
    return `${this.#options.cluster}/gateway/${key}`;
  }

  async run(key: string, signal: AbortSignal, { waitedMs }: Pick<RunInfo, "waitedMs">) {
    const gateway = this.#options.store.gateway(key);
    const attributes = {
      "berth.cluster": this.#options.cluster,
      "berth.key": `gateway/${key}`,
      "berth.queued_ms": waitedMs,
    };
    if (gateway === undefined && !this.#holds(key)) return done;
    return await withSpan(
      gateway === undefined ? "berth.release" : "berth.serve",
      { attributes },
      () => gateway === undefined ? this.release(key, signal) : this.#serve(key, gateway, signal),
    );
  }

  /** Takes everything of a key back: its Gateway is gone, or berth ends. */
  async release(key: string, signal: AbortSignal, ends = false): Promise<RunResult> {
    const { pool, ledger, references, accounts, store, starved } = this.#options;
    const job: Job = { kind: "remove", key: this.full(key) };
    const held = ledger.held(job.key);
    const outcome = await pool.run(job.key, job, { signal, traceparent: activeTraceparent() });
    if (outcome.kind === "failed") return failed(outcome.errorKind);
    this.#known.delete(key);
    starved.delete(key);
    starved.released(ledger.settle(job.key, []));
    store.setNeeds(key, []);
    accounts.forget(key);
    if (held.length > 0) {
      this.#leaving.set(key, held);
      log.info("Gateway released", { gateway: key });
    }
    await Promise.all([this.#tellEnd(key, ends), references.hold(key, [])]);
    this.#leaving.delete(key);
    return done;
  }

  async #tellEnd(key: string, ends: boolean): Promise<void> {
    const { reporter, store } = this.#options;
    const now = this.#now();
    if (ends) return await reporter.ended(key, now);
    const there = store.object("Gateway", key);
    const isLeft = there !== undefined && there.metadata.deletionTimestamp === undefined;
    await Promise.all([
      ...(isLeft ? [reporter.left(key, { addresses: this.#leaving.get(key) ?? [], now })] : []),
      reporter.withdraw(key),
    ]);
  }

  #holds(key: string): boolean {
    return this.#known.has(key) || this.#leaving.has(key) ||
      this.#options.ledger.held(this.full(key)).length > 0;
  }

  async #serve(key: string, gateway: Gateway, signal: AbortSignal): Promise<RunResult> {
    const { reporter } = this.#options;
    this.#leaving.delete(key);
    const input = await this.#input(key, gateway);
    if (input === undefined) return failed("unavailable");
    const fingerprint = gatewayFingerprint(input, this.#options.families());
    const known = this.#known.get(key);
    if (known?.fingerprint === fingerprint) {
      await reporter.report(key, known.report);
      return done;
    }
    const outcome = await this.#apply(key, input, signal);
    if (outcome.kind !== "routed") {
      return failed(outcome.kind === "failed" ? outcome.errorKind : "internal");
    }
    this.#settle(key, outcome);
    const { statuses, failure, taken } = outcome;
    // who waits for an address is planned again when it is woken, though its objects are the same
    const isFinal = failure === undefined && taken.length === 0;
    const report = { statuses, uids: uidsOf(input) };
    this.#known.set(key, { report, fingerprint: isFinal ? fingerprint : "" });
    await this.#tell(key, { gateway, outcome, report, before: known?.report.statuses });
    if (failure !== undefined) return failed(failure.errorKind);
    // nobody wakes a key for what came free before it stood in the line
    const missed = taken.some((address) => !this.#options.ledger.taken(address, this.full(key)));
    return missed ? failed("exhausted") : done;
  }

  /**
   * Needs are noted before anything is awaited, so that no change of theirs is missed. Undefined
   * while not all Secrets are known: their listeners would lose HTTPS.
   */
  async #input(key: string, gateway: Gateway): Promise<GatewayInput | undefined> {
    const { store, references } = this.#options;
    const draft = gatewayDraft(gateway, this.#options);
    store.setNeeds(key, draft.needs);
    const isKnown = await references.hold(key, [
      ...draft.secrets.map((name) => referenceKey("Secret", name)),
      ...draft.configMaps.map((name) => referenceKey("ConfigMap", name)),
    ]);
    if (!isKnown) return undefined;
    return {
      ...draft.input,
      secrets: references.secrets(draft.secrets),
      configMaps: references.configMaps(draft.configMaps),
      addresses: [],
      unusable: {},
      now: this.#now(),
    };
  }

  #now(): string {
    return timestamp(this.#options.clock.now());
  }

  async #apply(key: string, input: GatewayInput, signal: AbortSignal): Promise<Outcome> {
    const { pool, ledger } = this.#options;
    const full = this.full(key);
    const job: Job = { kind: "gateway", key: full, input, view: ledger.view(full) };
    try {
      return await pool.run(full, job, { signal, traceparent: activeTraceparent() });
    } catch (error) {
      signal.throwIfAborted();
      // no status can tell what no plan has said
      const note = { type: "Warning", reason: "NotPlanned", message: errorText(error) } as const;
      this.#options.recorder.record(subjectOf(input.gateway), note);
      throw error;
    }
  }

  /** The data path stands, whatever becomes of the statuses. */
  #settle(key: string, { served, failure, taken }: RoutedOutcome): void {
    const { ledger, starved } = this.#options;
    if (taken.length > 0 || failure?.errorKind === "exhausted") starved.add(key);
    else starved.delete(key);
    // what could not be applied may be applied yet: its addresses stay
    if (failure !== undefined) return;
    const now = (served?.addresses ?? []).map(({ address }) => address);
    starved.released(ledger.settle(this.full(key), now));
  }

  async #tell(key: string, { gateway, outcome, report, before }: Told): Promise<void> {
    const { reporter, recorder, accounts } = this.#options;
    const { statuses, served, infrastructure } = outcome;
    const told = await Promise.allSettled([
      withSpan("berth.status", {}, () => reporter.report(key, report)),
      accounts.ensure(gateway, infrastructure),
    ]);
    if (served !== undefined && isProgrammed(statuses) && !isProgrammed(before)) {
      const addresses = served.addresses.map(({ address }) => address).join(", ");
      log.info("Gateway served", { gateway: key, addresses });
    }
    const subject = subjectOf(gateway);
    for (const message of notesOf(outcome)) {
      if (before?.notes.includes(message)) continue;
      const about = this.#routeIn(message) ?? subject;
      recorder.record(about, { type: "Warning", reason: "NotServed", message });
    }
    for (const result of told) {
      if (result.status === "rejected") throw result.reason;
    }
  }

  #routeIn(message: string): EventSubject | undefined {
    const [, kind = "", key = ""] = routeNote.exec(message) ?? [];
    if (!isRouteKind(kind)) return undefined;
    const route = this.#options.store.object(kind, key);
    return route && { ...route, apiVersion: `${GATEWAY_GROUP}/v1`, kind };
  }
}

/** What people are told: a failure once, though the plan says it of the Gateway, too. */
function notesOf({ failure, statuses: { notes } }: RoutedOutcome): readonly string[] {
  if (failure === undefined) return notes;
  return [failure.message, ...notes.filter((note) => !note.endsWith(`: ${failure.message}`))];
}

function isProgrammed(statuses: GatewayStatuses | undefined): boolean {
  return statuses?.gateway.conditions?.some(({ type, status }) =>
    type === "Programmed" && status === "True"
  ) === true;
}

function subjectOf(gateway: Gateway): EventSubject {
  return { ...gateway, apiVersion: `${GATEWAY_GROUP}/v1`, kind: "Gateway" };
}

/** What a note begins with when it is about a route: `HTTPRoute shop/cart`. */
const routeNote = /^(\w+Route) ([^/\s]+\/[^/\s:]+)/;

interface Told {
  readonly gateway: Gateway;
  readonly outcome: RoutedOutcome;
  readonly report: GatewayReport;
  readonly before: GatewayStatuses | undefined;
}

function failed(kind: string): RunResult {
  return { kind: "failed", retryable: isRetryable(kind as ErrorKind) };
}
