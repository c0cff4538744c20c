import { getLogger } from "@logtape/logtape";
import { failureNote, releaseNotes, serviceKey, vipNotes } from "../../keepalived/mod.ts";
import type { VipOutcome, VipRelease } from "../../keepalived/types.ts";
import type { EventNote } from "../../kube/mod.ts";
import type { Service } from "../../kube/types.ts";

const log = getLogger(["berth", "keepalived"]);

/** What {@link VipReports} writes through. */
export interface VipReportsOptions {
  record(service: Service, note: EventNote): void;
}

/** Tells people what became of Services: each trouble once, not once for each look at it. */
export class VipReports {
  readonly #options: VipReportsOptions;
  /** Last trouble told, by UID. */
  readonly #told = new Map<string, string>();

  constructor(options: VipReportsOptions) {
    this.#options = options;
  }

  /** Services that wait for an address or for a mended one. */
  get troubled(): number {
    return this.#told.size;
  }

  /** A plan was written. */
  outcome(outcome: VipOutcome): void {
    const { service, address, change, problem, warning } = outcome;
    const { uid } = service.metadata;
    const trouble = [problem, warning].filter((text) => text !== undefined).join("; ");
    const fresh = trouble !== (this.#told.get(uid) ?? "");
    const { problem: _, warning: __, ...good } = outcome;
    for (const note of vipNotes(fresh ? outcome : good)) this.#options.record(service, note);
    if (trouble === "") this.#told.delete(uid);
    else this.#told.set(uid, trouble);
    const key = serviceKey(service);
    if (change !== "none") log.info("address given", { service: key, address, change });
    if (fresh && trouble !== "") log.warn("Service not served as asked", { service: key, trouble });
  }

  /** Nothing could be decided or written for these Services. */
  failed(
    services: readonly { readonly service: Service; readonly isNew: boolean }[],
    text: string,
  ) {
    for (const { service, isNew } of services) {
      const { uid } = service.metadata;
      if (this.#told.get(uid) === text) continue;
      this.#told.set(uid, text);
      this.#options.record(service, failureNote(text, isNew));
    }
  }

  /** An address was taken back. */
  released({ record, service }: VipRelease): void {
    const { ip: address, namespace, name, uid } = record;
    this.#told.delete(uid);
    log.info("address taken back", { service: `${namespace}/${name}`, address });
    if (service === undefined) return;
    for (const note of releaseNotes(address)) this.#options.record(service, note);
  }

  /** Forgets Services that are gone. */
  keepOnly(uids: ReadonlySet<string>): void {
    for (const uid of this.#told.keys()) if (!uids.has(uid)) this.#told.delete(uid);
  }
}
