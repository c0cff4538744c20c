import { getLogger } from "@logtape/logtape";
import { stableJson } from "../../core/mod.ts";
import type { Gateway, GatewayPlan } from "../../gateway/mod.ts";
import { decodeObject, type KubeClient, KubeError, objectKey } from "../../kube/mod.ts";
import { GATEWAY_GROUP } from "./gateway_kinds.ts";

const log = getLogger(["berth", "gateway"]);

/** Label by which objects made for a Gateway name it (GEP-1762). */
export const GATEWAY_NAME_LABEL = "gateway.networking.k8s.io/gateway-name";

/** Options of {@link GatewayAccounts}. */
export interface GatewayAccountsOptions {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/**
 * A proxy lives outside the cluster, so what `spec.infrastructure` asks for is put on the one object
 * inside that stands for it: a ServiceAccount, made only where it is asked for.
 */
export class GatewayAccounts {
  readonly #options: GatewayAccountsOptions;
  readonly #written = new Map<string, Account>();

  constructor(options: GatewayAccountsOptions) {
    this.#options = options;
  }

  /** Makes or updates the ServiceAccount of a Gateway that asks for something, or did. */
  async ensure(gateway: Gateway, wanted: GatewayPlan["infrastructure"]): Promise<void> {
    const key = objectKey(gateway);
    const before = this.#written.get(key);
    if (gateway.spec.infrastructure === undefined && before === undefined) return;
    const account = accountOf(gateway, wanted);
    if (before !== undefined && stableJson(before) === stableJson(account)) return;
    await this.#write(gateway, account, before);
    this.#written.set(key, account);
  }

  /** The Gateway is gone; the cluster collects the account, which it owns. */
  forget(key: string): void {
    this.#written.delete(key);
  }

  async #write({ metadata }: Gateway, body: Account, before: Account | undefined): Promise<void> {
    const { client, signal } = this.#options;
    const path = `/api/v1/namespaces/${metadata.namespace ?? "default"}/serviceaccounts`;
    try {
      await client.create(path, body, { signal });
    } catch (error) {
      if (!(error instanceof KubeError && error.kind === "conflict")) throw error;
      await this.#update(`${path}/${body.metadata.name}`, body, before);
    }
  }

  async #update(
    path: string,
    { metadata }: Account,
    before: Account | undefined,
  ): Promise<void> {
    const { client, signal } = this.#options;
    // the cluster removes what names an owner that is gone
    const { name, labels, annotations, ownerReferences } = metadata;
    const there = decodeObject(await client.get(path, { signal }), { kind: "ServiceAccount" });
    if (there.metadata.labels?.[GATEWAY_NAME_LABEL] !== labels[GATEWAY_NAME_LABEL]) {
      return log.warn("ServiceAccount belongs to somebody else, infrastructure is not told", {
        account: name,
      });
    }
    const change = {
      labels: { ...nulls(before?.metadata.labels), ...labels },
      annotations: { ...nulls(before?.metadata.annotations), ...annotations },
      ownerReferences,
    };
    await client.patch(path, { metadata: change }, { type: "merge", signal });
  }
}

type Account = ReturnType<typeof accountOf>;

/** For a merge patch to take away. */
function nulls(before: Readonly<Record<string, string>> | undefined): Record<string, null> {
  return Object.fromEntries(Object.keys(before ?? {}).map((name) => [name, null]));
}

function accountOf(
  { metadata: { name, namespace, uid }, spec }: Gateway,
  { labels, annotations }: GatewayPlan["infrastructure"],
) {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: {
      name: `${name}-${spec.gatewayClassName}`,
      namespace,
      labels: { ...labels, [GATEWAY_NAME_LABEL]: name } as Readonly<Record<string, string>>,
      annotations,
      ownerReferences: [{ apiVersion: `${GATEWAY_GROUP}/v1`, kind: "Gateway", name, uid }],
    },
    automountServiceAccountToken: false,
  };
}
