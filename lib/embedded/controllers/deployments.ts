import { hash32, stableJson } from "../../core/mod.ts";
import { keyOf } from "../collection.ts";
import { asNumber, asObject, at, type JsonObject, without } from "../json.ts";
import type { Registry } from "../registry.ts";
import type { KubeObject } from "../types.ts";
import { deploymentStatus } from "./deployment_status.ts";
import { KeyGroups, ownerGroups } from "./key_groups.ts";
import { Objects } from "./objects.ts";
import { planRollout } from "./rollout_plan.ts";
import { WorkSet } from "./work_set.ts";

const REVISION = "deployment.kubernetes.io/revision";
const HASH = "pod-template-hash";
const APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

function templateHash(deployment: KubeObject): string {
  return hash32(stableJson(at(deployment.spec, "template"))).toString(36);
}

function revision(object: KubeObject | undefined): number {
  return Number(object?.metadata.annotations?.[REVISION] ?? 0);
}

function hashOf(set: KubeObject): string | undefined {
  return set.metadata.labels?.[HASH];
}

/** The ReplicaSet for the present template of a Deployment. */
function newReplicaSet(deployment: KubeObject, rev: number) {
  const hash = templateHash(deployment);
  const { name, uid = "", annotations } = deployment.metadata;
  const template = asObject(at(deployment.spec, "template"));
  const meta = asObject(template["metadata"]);
  const labels = { ...asObject(meta["labels"]), [HASH]: hash };
  const matchLabels = { ...asObject(at(deployment.spec, "selector", "matchLabels")), [HASH]: hash };
  return {
    metadata: {
      name: `${name}-${hash}`,
      labels: labels as Record<string, string>,
      annotations: {
        ...without(annotations ?? {}, APPLIED) as Record<string, string>,
        [REVISION]: String(rev),
      },
      ownerReferences: [{
        apiVersion: "apps/v1",
        kind: "Deployment",
        name,
        uid,
        controller: true,
        blockOwnerDeletion: true,
      }],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels },
      template: { ...template, metadata: { ...meta, labels } },
    },
  };
}

class DeploymentController {
  readonly #registry: Registry;
  readonly #deployments: Objects;
  readonly #sets: Objects;
  readonly #byOwner = new KeyGroups(ownerGroups);
  readonly #keys = new Map<string, string>();
  readonly #work = new WorkSet((key) => this.#reconcile(key));
  readonly #stops: readonly (() => void)[];

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#deployments = new Objects(registry, { group: "apps", plural: "deployments" });
    this.#sets = new Objects(registry, { group: "apps", plural: "replicasets" });
    this.#stops = [
      this.#sets.follow((change) => {
        this.#byOwner.observe(change);
        for (const uid of ownerGroups(change.object)) {
          const key = this.#keys.get(uid);
          if (key !== undefined) this.#work.mark(key);
        }
      }),
      this.#deployments.follow(({ type, key, object }) => {
        const uid = object.metadata.uid ?? "";
        if (type === "DELETED") this.#keys.delete(uid);
        else this.#keys.set(uid, key);
        this.#work.mark(key);
      }),
    ];
  }

  stop(): void {
    this.#work.stop();
    for (const stop of this.#stops) stop();
  }

  #reconcile(key: string): void {
    const deployment = this.#deployments.get(key);
    if (!deployment || deployment.metadata.deletionTimestamp !== undefined) return;
    const owned = () => this.#sets.getAll(this.#byOwner.keys(deployment.metadata.uid ?? ""));
    const current = this.#currentSet(deployment, owned());
    const paused = deployment.spec?.["paused"] === true;
    if (current) this.#scale(deployment, current, owned());
    this.#trim(deployment, owned());
    if (!current && !paused) return;
    const all = owned();
    const fresh = all.find((set) => set.metadata.name === current?.metadata.name);
    const status = deploymentStatus(
      deployment,
      { all, current: fresh },
      this.#registry.timestamp(),
    );
    this.#deployments.setStatus(key, status);
  }

  /** The set of the present template, made or brought to the newest revision when needed. */
  #currentSet(deployment: KubeObject, owned: readonly KubeObject[]): KubeObject | undefined {
    const hash = templateHash(deployment);
    const newest = Math.max(0, ...owned.map(revision));
    const found = owned.find((set) => hashOf(set) === hash);
    if (!found && deployment.spec?.["paused"] === true) return undefined;
    const { namespace } = deployment.metadata;
    const rev = found && revision(found) === newest ? newest : newest + 1;
    const set = found ?? this.#sets.create(namespace, newReplicaSet(deployment, rev));
    if (revision(set) !== rev) this.#annotate(this.#sets, keyOf(set), rev);
    if (revision(deployment) !== rev) this.#annotate(this.#deployments, keyOf(deployment), rev);
    return this.#sets.get(keyOf(set));
  }

  #annotate(objects: Objects, key: string, rev: number): void {
    objects.update(key, (object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        annotations: { ...object.metadata.annotations, [REVISION]: String(rev) },
      },
    }));
  }

  #scale(deployment: KubeObject, current: KubeObject, owned: readonly KubeObject[]): void {
    const old = owned.filter((set) => set.metadata.name !== current.metadata.name);
    const plan = planRollout({ deployment, current, old });
    this.#setReplicas(current, plan.newReplicas);
    for (const set of old) this.#setReplicas(set, plan.oldReplicas.get(set.metadata.name) ?? 0);
  }

  #setReplicas(set: KubeObject, replicas: number): void {
    if (asNumber(set.spec?.["replicas"]) === replicas) return;
    const grown = (spec: JsonObject | undefined): JsonObject => ({ ...spec, replicas });
    this.#sets.update(keyOf(set), (old) => ({ ...old, spec: grown(old.spec) }));
  }

  /** Old empty sets beyond the history limit go. */
  #trim(deployment: KubeObject, owned: readonly KubeObject[]): void {
    const hash = templateHash(deployment);
    const limit = asNumber(deployment.spec?.["revisionHistoryLimit"], 10);
    const idle = owned.filter((set) =>
      hashOf(set) !== hash && asNumber(set.spec?.["replicas"]) === 0 &&
      asNumber(set.status?.["replicas"]) === 0
    ).sort((a, b) => revision(b) - revision(a));
    for (const set of idle.slice(limit)) this.#sets.delete(keyOf(set));
  }
}

/** Starts rolling out Deployments; call the result to stop. */
export function startDeployments(registry: Registry): () => void {
  const controller = new DeploymentController(registry);
  return () => controller.stop();
}
