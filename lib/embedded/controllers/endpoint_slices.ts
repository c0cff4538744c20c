import { keyOf } from "../collection.ts";
import { asStringMap } from "../json.ts";
import { matchesMap } from "../label_selector.ts";
import type { Registry } from "../registry.ts";
import { decodeService } from "../service_decode.ts";
import { isHeadless, type Service } from "../service_types.ts";
import type { Change, KubeObject } from "../types.ts";
import { planSlices, type SlicePlan } from "./endpoint_plan.ts";
import { KeyGroups, labelGroups, pairGroups } from "./key_groups.ts";
import { Objects } from "./objects.ts";
import { WorkSet } from "./work_set.ts";

const SERVICE_NAME = "kubernetes.io/service-name";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const MANAGER = "endpointslice-controller.k8s.io";

function selectorOf(service: KubeObject): Readonly<Record<string, string>> {
  return asStringMap(service.spec?.["selector"]);
}

/** A Service is found by one pair of its selector: a Pod that matches has it among its labels. */
function selectorGroups(service: KubeObject): readonly string[] {
  const [first] = Object.entries(selectorOf(service)).sort();
  return first ? pairGroups(service.metadata.namespace, Object.fromEntries([first])) : [];
}

function serviceOfSlice(slice: KubeObject): readonly string[] {
  const labels = slice.metadata.labels ?? {};
  const name = labels[SERVICE_NAME];
  const mine = labels[MANAGED_BY] === MANAGER && name !== undefined;
  return mine ? [`${slice.metadata.namespace ?? ""}/${name}`] : [];
}

/** Keeps EndpointSlices in step with Services and Pods; work per change is that of its Service. */
class SliceController {
  readonly #services: Objects;
  readonly #pods: Objects;
  readonly #slices: Objects;
  readonly #podsByLabel = new KeyGroups(labelGroups);
  readonly #servicesBySelector = new KeyGroups(selectorGroups);
  readonly #slicesByService = new KeyGroups(serviceOfSlice);
  readonly #work = new WorkSet((key) => this.#reconcile(key));
  readonly #stops: readonly (() => void)[];

  constructor(registry: Registry) {
    this.#services = new Objects(registry, { group: "", plural: "services" });
    this.#pods = new Objects(registry, { group: "", plural: "pods" });
    this.#slices = new Objects(registry, { group: "discovery.k8s.io", plural: "endpointslices" });
    this.#stops = [
      this.#slices.follow((change) => this.#sliceChanged(change)),
      this.#services.follow((change) => {
        this.#servicesBySelector.observe(change);
        this.#work.mark(change.key);
      }),
      this.#pods.follow((change) => this.#podChanged(change)),
    ];
  }

  stop(): void {
    this.#work.stop();
    for (const stop of this.#stops) stop();
  }

  #sliceChanged(change: Change): void {
    this.#slicesByService.observe(change);
    if (change.type === "ADDED") return;
    for (const key of serviceOfSlice(change.previous ?? change.object)) this.#work.mark(key);
  }

  #podChanged(change: Change): void {
    this.#podsByLabel.observe(change);
    for (const pod of [change.object, change.previous]) {
      if (!pod) continue;
      for (const group of labelGroups(pod)) {
        for (const key of this.#servicesBySelector.keys(group)) this.#work.mark(key);
      }
    }
  }

  #matchingPods(service: KubeObject): readonly KubeObject[] {
    const selector = selectorOf(service);
    const buckets = pairGroups(service.metadata.namespace, selector)
      .map((group) => this.#podsByLabel.keys(group));
    const smallest = buckets.reduce((a, b) => (b.size < a.size ? b : a), buckets[0] ?? new Set());
    return this.#pods.getAll([...smallest].sort())
      .filter((pod) => matchesMap(selector, pod.metadata.labels));
  }

  #reconcile(key: string): void {
    const object = this.#services.get(key);
    const slices = this.#slices.getAll(this.#slicesByService.keys(key));
    const served = object && !object.metadata.deletionTimestamp &&
      object.spec?.["type"] !== "ExternalName" && Object.keys(selectorOf(object)).length > 0;
    if (!object || !served) return;
    const service = decodeService(object);
    const changes = planSlices(service, this.#matchingPods(object), slices);
    for (const slice of changes.remove) this.#slices.delete(keyOf(slice));
    for (const plan of changes.create) {
      this.#slices.create(object.metadata.namespace, newSlice(service, plan));
    }
    for (const { slice, endpoints, ports } of changes.update) {
      this.#slices.update(keyOf(slice), (old) => ({ ...old, endpoints, ports }));
    }
  }
}

function newSlice(service: Service, { addressType, endpoints, ports }: SlicePlan) {
  const { name, uid = "", labels } = service.metadata;
  const owner = {
    apiVersion: "v1",
    kind: "Service",
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    metadata: {
      generateName: `${name}-`,
      labels: {
        ...labels,
        [SERVICE_NAME]: name,
        [MANAGED_BY]: MANAGER,
        ...(isHeadless(service.spec) && { "service.kubernetes.io/headless": "" }),
      },
      ownerReferences: [owner],
    },
    addressType,
    endpoints,
    ports,
  };
}

/** Starts keeping EndpointSlices; call the result to stop. */
export function startEndpointSlices(registry: Registry): () => void {
  const controller = new SliceController(registry);
  return () => controller.stop();
}
