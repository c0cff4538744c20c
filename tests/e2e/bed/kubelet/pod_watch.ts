/** Follows all Pods: list, then watch from there; list again whenever the watch is lost. */
import type { KubeApi } from "../kube_api.ts";
import { sleep } from "./probes.ts";
import type { Pod } from "./types.ts";

const PODS = "/api/v1/pods";
const RETRY_MS = 300;

/** What is told about Pods. */
export interface PodListener {
  readonly present: (pod: Pod) => void;
  readonly absent: (uid: string) => void;
  /** UIDs that were told present and not absent since. */
  readonly known: () => Iterable<string>;
  readonly tell: (text: string) => void;
}

interface PodList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Pod[];
}

/** Tells the listener until the signal. */
export async function followPods(
  api: KubeApi,
  listener: PodListener,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const list = await api.get<PodList>(PODS);
      const uids = new Set(list.items.map((pod) => pod.metadata.uid));
      for (const uid of [...listener.known()]) if (!uids.has(uid)) listener.absent(uid);
      for (const pod of list.items) listener.present(pod);
      await watch(api, listener, { from: list.metadata.resourceVersion, signal });
    } catch (error) {
      if (!signal.aborted) listener.tell(`Pods: ${error instanceof Error ? error.message : error}`);
    }
    await sleep(RETRY_MS, signal);
  }
}

async function watch(
  api: KubeApi,
  listener: PodListener,
  options: { readonly from: string; readonly signal: AbortSignal },
): Promise<void> {
  let from: string = options.from;
  while (!options.signal.aborted) {
    for await (const event of api.watch<Pod>(PODS, from, options.signal)) {
      if (event.type === "ERROR") return;
      from = event.object.metadata.resourceVersion ?? from;
      if (event.type === "DELETED") listener.absent(event.object.metadata.uid);
      else if (event.type !== "BOOKMARK") listener.present(event.object);
    }
  }
}
