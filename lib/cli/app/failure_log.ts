import { getLogger } from "@logtape/logtape";
import { errorText } from "../../core/mod.ts";

const log = getLogger(["berth", "kube"]);

/** What a watch tells of its troubles: each once, not once per attempt. */
export function failureLog(cluster: string, path: string): {
  failed(error: unknown): void;
  unreadable(error: unknown): void;
} {
  let last = "";
  return {
    failed(error) {
      const text = errorText(error);
      if (text !== last) log.warn("watch failed, trying again", { cluster, path, error: text });
      last = text;
    },
    unreadable(error) {
      log.warn("object left out", { cluster, path, error: errorText(error) });
    },
  };
}
