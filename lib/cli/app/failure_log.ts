import { getLogger } from "@logtape/logtape";
import { errorText } from "../../core/mod.ts";
import { KubeError } from "../../kube/mod.ts";

const log = getLogger(["berth", "kube"]);

/**
 * What a watch tells of its troubles: each once, not once per attempt. A mode with one cluster has
 * no name for it.
 */
export function failureLog(cluster: string | undefined, path: string): {
  failed(error: unknown): void;
  unreadable(error: unknown): void;
} {
  const place = cluster === undefined ? { path } : { cluster, path };
  let last = "";
  return {
    failed(error) {
      const text = errorText(error);
      const fields = { ...place, error: text };
      if (text === last) return;
      last = text;
      if (isStarting(error)) log.debug("watch not served yet, trying again", fields);
      else log.warn("watch failed, trying again", fields);
    },
    unreadable(error) {
      log.warn("object left out", { ...place, error: errorText(error) });
    },
  };
}

/** The API server fills the cache of a new definition; this takes it some seconds. */
function isStarting(error: unknown): boolean {
  return error instanceof KubeError && error.status === 429 &&
    error.message.includes("storage is (re)initializing");
}
