import type { LogRequest, PodLogs } from "./api_call.ts";
import type { BackendRunner } from "./backends/types.ts";
import type { Store } from "./store.ts";
import { objectKey } from "./watch_hub.ts";

const PODS = { group: "", plural: "pods" } as const;

/** Pod logs as the runner of the Pods keeps them. */
export function runnerLogs(store: Store, runner: BackendRunner | undefined): PodLogs {
  return {
    read({ namespace, name, follow, tailLines }: LogRequest) {
      const uid = store.get(PODS, objectKey(namespace, name))?.metadata.uid;
      const log = uid === undefined ? undefined : runner?.log?.(uid, follow);
      if (log === undefined || log instanceof ReadableStream) return log;
      const lines = tailLines === undefined ? log : log.slice(Math.max(0, log.length - tailLines));
      return lines.map((line) => `${line}\n`).join("");
    },
  };
}
