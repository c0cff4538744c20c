import { getLogger } from "@logtape/logtape";
import { type Clock, stableJson } from "../../core/mod.ts";
import { type KubeClient, KubeError, objectKey } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { type GatewayKind, objectPath } from "./gateway_kinds.ts";
import { decodeGatewayObject } from "./gateway_object.ts";

const log = getLogger(["berth", "gateway"]);

/** Options of {@link ObjectWriter}. */
export interface ObjectWriterOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The version in which a kind is served; undefined when it is not. */
  version(kind: GatewayKind): string | undefined;
  /** As last seen by its watch. */
  seen(kind: GatewayKind, key: string): KubeObject | undefined;
  /** Somebody undoes what is written: it is worth another try after so many milliseconds. */
  undone(kind: GatewayKind, key: string, retryMs: number): void;
}

/** Status of an object, loosely. */
export type AnyStatus = Readonly<Record<string, unknown>>;

/** Decides the whole status (or its part) from the newest object; undefined: nothing to write. */
export type Decide = (object: KubeObject) => AnyStatus | undefined;

/** Attempts that lose against another writer before the run fails and is tried again later. */
const tries = 6;
/** The same text written so often within the window means that somebody else undoes it. */
const mostRepeats = 6;
const repeatWindow = 30_000;

/**
 * Writes statuses: each object by one writer at a time, on the newest version of it, and only where
 * something differs. Objects that are gone are fine.
 */
export class ObjectWriter {
  readonly #options: ObjectWriterOptions;
  /** Objects as the server answered our last write: their watch may be behind. */
  readonly #newest = new Map<string, KubeObject>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #repeats = new Map<string, Repeats>();

  constructor(options: ObjectWriterOptions) {
    this.#options = options;
  }

  /** True when something was written. */
  write(kind: GatewayKind, key: string, decide: Decide): Promise<boolean> {
    const id = `${kind}/${key}`;
    const before = this.#turns.get(id) ?? Promise.resolve();
    const turn = before.catch(() => {}).then(() => this.#write(kind, key, decide));
    this.#turns.set(id, turn);
    const done = () => {
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    };
    turn.then(done, done);
    return turn;
  }

  /** The object is gone. */
  forget(kind: GatewayKind, key: string): void {
    this.#newest.delete(`${kind}/${key}`);
    this.#repeats.delete(`${kind}/${key}`);
  }

  async #write(kind: GatewayKind, key: string, decide: Decide): Promise<boolean> {
    const version = this.#options.version(kind);
    let object = this.#current(kind, key);
    for (let attempt = 1; object !== undefined && version !== undefined; attempt++) {
      const status = decide(object);
      if (status === undefined) return false;
      const text = stableJson([object.metadata.generation, status]);
      if (this.#isUndone(kind, key, text)) return false;
      const path = objectPath(kind, version, object);
      try {
        await this.#patch(kind, path, { object, status });
        this.#count(`${kind}/${key}`, text);
        return true;
      } catch (error) {
        if (!(error instanceof KubeError)) throw error;
        if (error.kind === "not-found") return false;
        if (error.kind !== "conflict" || attempt === tries) throw error;
        object = await this.#read(kind, path);
      }
    }
    return false;
  }

  /** The newer of what was seen and what was written; versions grow (KEP-5504). */
  #current(kind: GatewayKind, key: string): KubeObject | undefined {
    const seen = this.#options.seen(kind, key);
    const own = this.#newest.get(`${kind}/${key}`);
    const [ours = 0, theirs = 0] = [own, seen].map((one) => Number(one?.metadata.resourceVersion));
    if (own !== undefined && own.metadata.uid === seen?.metadata.uid && ours > theirs) return own;
    this.#newest.delete(`${kind}/${key}`);
    return seen;
  }

  async #patch(
    kind: GatewayKind,
    path: string,
    { object, status }: { readonly object: KubeObject; readonly status: AnyStatus },
  ): Promise<void> {
    const { client, signal } = this.#options;
    const { resourceVersion } = object.metadata;
    const body = { metadata: { resourceVersion }, status };
    const answer = await client.patch(`${path}/status`, body, { type: "merge", signal });
    this.#newest.set(`${kind}/${objectKey(object)}`, decodeGatewayObject(kind, answer));
  }

  async #read(kind: GatewayKind, path: string): Promise<KubeObject | undefined> {
    const { client, signal } = this.#options;
    try {
      return decodeGatewayObject(kind, await client.get(path, { signal }));
    } catch (error) {
      if (error instanceof KubeError && error.kind === "not-found") return undefined;
      throw error;
    }
  }

  /** Two programs that undo each other's writes would keep the API server busy for ever. */
  #isUndone(kind: GatewayKind, key: string, text: string): boolean {
    const object = `${kind}/${key}`;
    const known = this.#repeats.get(object);
    const now = this.#options.clock.now();
    if (known?.text !== text || now - known.since > repeatWindow) return false;
    if (known.count < mostRepeats) return false;
    if (known.count++ === mostRepeats) {
      log.warn("somebody undoes what berth writes: does another program serve this class?", {
        object,
      });
    }
    this.#options.undone(kind, key, known.since + repeatWindow - now + 1);
    return true;
  }

  #count(id: string, text: string): void {
    const now = this.#options.clock.now();
    const known = this.#repeats.get(id);
    if (known?.text === text && now - known.since <= repeatWindow) known.count++;
    else this.#repeats.set(id, { text, since: now, count: 1 });
  }
}

/** How often a text was written since a time. */
interface Repeats {
  readonly text: string;
  readonly since: number;
  count: number;
}
