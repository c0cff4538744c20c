import type { Clock } from "../../core/mod.ts";
import { type KubeClient, runInformer } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { unlessDenied } from "./denial.ts";
import { failureLog } from "./failure_log.ts";
import { isRefusal } from "./first_listing.ts";
import type { Wake } from "./wake.ts";

/** What a watch needs of its surroundings. */
export interface WatchParts {
  readonly client: Pick<KubeClient, "list" | "watch">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A collection, or one object of it, and who takes its news. */
export interface Watched<T extends KubeObject> {
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  decode(raw: unknown): T;
  /** `false` is no news: nobody is woken for it. */
  sync(objects: readonly T[]): unknown;
  applied(object: T): unknown;
  deleted(object: T): unknown;
  /** The kind may not be read, which is no trouble here; absent: it is one. */
  refused?(): unknown;
}

/**
 * Starts watches whose news wake somebody; each resolves when the signal aborts, and
 * rejects when berth may not reach the API server at all: waiting does not help then.
 */
export function watchInto(parts: WatchParts, wake: Wake) {
  const { client, clock, signal } = parts;
  return <T extends KubeObject>(what: Watched<T>): Promise<void> => {
    const { path, labelSelector, fieldSelector, decode } = what;
    const waking = <A>(take: (argument: A) => unknown) => (argument: A) => {
      if (take(argument) !== false) wake.wake();
    };
    const refused = what.refused && waking(what.refused);
    const troubles = failureLog(undefined, path);
    return unlessDenied((denied) =>
      runInformer({
        ...{ client, clock, signal, path, decode, random: Math.random },
        ...(labelSelector === undefined ? {} : { labelSelector }),
        ...(fieldSelector === undefined ? {} : { fieldSelector }),
        handlers: {
          ...troubles,
          failed(error) {
            if (denied(error)) return;
            if (refused !== undefined && isRefusal(error)) refused(undefined);
            else troubles.failed(error);
          },
          sync: waking((objects: readonly T[]) => what.sync(objects)),
          applied: waking((object: T) => what.applied(object)),
          deleted: waking((object: T) => what.deleted(object)),
        },
      })
    );
  };
}
