import type { VrrpOptions } from "./conf_types.ts";
import { keepalivedConf } from "./keepalived_conf.ts";
import type { VipConfigMap } from "./types.ts";
import { vipList } from "./vip_list.ts";
import { type KnownService, virtualServers } from "./virtual_servers.ts";

/** What a configuration is made from. */
export interface RenderInput {
  /** Entries of the VIP ConfigMap. */
  readonly data: VipConfigMap["data"];
  readonly vrrp: VrrpOptions;
  /** Finds a Service by `namespace/name`. Absent: addresses alone. */
  known?(key: string): KnownService | undefined;
}

/** A configuration, and what was left out of it. */
export interface RenderedConf {
  readonly text: string;
  readonly problems: readonly string[];
}

/** keepalived's configuration for a VIP ConfigMap. */
export function renderConf({ data, vrrp, known }: RenderInput): RenderedConf {
  const { vips, problems } = vipList(data);
  const found = virtualServers(vips, known ?? (() => undefined));
  return {
    text: keepalivedConf({ vips, servers: found.servers, vrrp }),
    problems: [...problems, ...found.problems],
  };
}
