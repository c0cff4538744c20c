import { getLogger } from "@logtape/logtape";
import { type Clock, errorText, stableJson, timestamp } from "../../core/mod.ts";
import {
  crdBundle,
  type GatewayChannel,
  type GatewayClass,
  gatewayClassStatus,
} from "../../gateway/mod.ts";
import { type KubeClient, KubeError } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import {
  CHANNEL,
  type DefinitionAction,
  definitionActions,
  versionProblem,
} from "./gateway_definitions.ts";
import { GATEWAY_GROUP } from "./gateway_kinds.ts";
import { GATEWAY_CLASSES, isOurClass } from "./gateway_owner.ts";
import type { GatewayStore } from "./gateway_store.ts";
import type { ObjectWriter } from "./object_writer.ts";
import { steady } from "./status_entries.ts";

const log = getLogger(["berth", "gateway"]);

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** What the set-up of a cluster works with. */
export interface GatewaySetupOptions {
  readonly cluster: string;
  readonly channel: GatewayChannel;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly store: GatewayStore;
  readonly writer: Pick<ObjectWriter, "write">;
  /** Definitions that the cluster has, by name. */
  definitions(): ReadonlyMap<string, KubeObject>;
}

/** Brings what Gateways need into a cluster: resource definitions and classes. */
export class GatewaySetup {
  readonly #options: GatewaySetupOptions;

  constructor(options: GatewaySetupOptions) {
    this.#options = options;
  }

  /** Makes the definitions that are absent and brings our own older ones up to date. */
  async install(): Promise<void> {
    const { channel, cluster } = this.#options;
    const present = this.#options.definitions();
    const actions = definitionActions(await crdBundle(channel), present);
    const results = await Promise.all(actions.map((action) => this.#apply(action)));
    const done = actions.filter((_, index) => results[index]);
    if (done.length === 0) return;
    log.info("Gateway API installed", { cluster, channel, definitions: done.length });
  }

  /** Makes the classes that are absent. One that a person removes later stays away. */
  async createClasses(): Promise<void> {
    const { client, signal, store } = this.#options;
    const missing = GATEWAY_CLASSES.filter(({ name }) => store.gatewayClass(name) === undefined);
    await Promise.all(missing.map(async ({ name, controller }) => {
      const body = {
        apiVersion: `${GATEWAY_GROUP}/v1`,
        kind: "GatewayClass",
        metadata: { name },
        spec: { controllerName: controller, description: "served by berth" },
      };
      const path = `/apis/${GATEWAY_GROUP}/v1/gatewayclasses`;
      await client.create(path, body, { signal }).catch(unlessThere);
    }));
  }

  /** Says in a class's status that it is served, and with which features. */
  async reportClass(name: string): Promise<void> {
    await this.#options.writer.write("GatewayClass", name, (object) => {
      const gatewayClass = object as GatewayClass;
      if (!isOurClass(gatewayClass)) return undefined;
      const before = gatewayClass.status ?? {};
      const next = this.#classStatus(gatewayClass);
      const status = { ...next, conditions: steady(next.conditions ?? [], before.conditions) };
      return stableJson({ ...before, ...status }) === stableJson(before) ? undefined : status;
    });
  }

  #classStatus(gatewayClass: GatewayClass): NonNullable<GatewayClass["status"]> {
    const { clock } = this.#options;
    const definitions = this.#options.definitions();
    const routes = definitions.get(`httproutes.${GATEWAY_GROUP}`);
    const experimental = routes?.metadata.annotations?.[CHANNEL] === "experimental";
    const problem = versionProblem(definitions.get(`gatewayclasses.${GATEWAY_GROUP}`));
    return gatewayClassStatus(gatewayClass, {
      channel: experimental ? "experimental" : "standard",
      now: timestamp(clock.now()),
      ...(problem === undefined ? {} : { versionProblem: problem }),
    });
  }

  /** False for what another program or a policy of the cluster kept us from. */
  async #apply({ kind, definition }: DefinitionAction): Promise<boolean> {
    const { client, signal, cluster } = this.#options;
    const { name } = definition.metadata;
    try {
      if (kind === "create") await client.create(DEFINITIONS, definition, { signal });
      else {
        const { metadata: { labels, annotations }, spec } = definition;
        const body = { metadata: { labels, annotations }, spec };
        await client.patch(`${DEFINITIONS}/${name}`, body, { type: "merge", signal });
      }
      return true;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.kind === "conflict") return false;
      log.warn("resource definition not installed", {
        ...{ cluster, definition: name, error: errorText(error) },
      });
      return false;
    }
  }
}

function unlessThere(error: unknown): void {
  if (!(error instanceof KubeError && error.kind === "conflict")) throw error;
}
