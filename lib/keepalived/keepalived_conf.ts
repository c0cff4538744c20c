import { type ConfBlock, confText } from "./conf_text.ts";
import type { VipList, VirtualServer, VrrpOptions } from "./conf_types.ts";
import { virtualServerBlock } from "./virtual_servers.ts";
import { vrrpBlocks } from "./vrrp_blocks.ts";

/** What goes into the file. */
export interface ConfInput {
  readonly vips: VipList["vips"];
  readonly servers: readonly VirtualServer[];
  readonly vrrp: VrrpOptions;
}

/** First line of every file that is ours. */
export const confHeader = "# made by berth from the VIP ConfigMap; changes are written over";

/**
 * keepalived's configuration, checked against 2.2.7 of Debian: whatever `keepalived -t` complains
 * about, though it would run, is left out.
 */
export function keepalivedConf({ vips, servers, vrrp }: ConfInput): string {
  const blocks: readonly ConfBlock[] = [
    { head: "global_defs", body: ["vrrp_version 3", "vrrp_garp_master_refresh 60"] },
    ...vrrpBlocks(vips, vrrp),
    ...servers.map(virtualServerBlock),
  ];
  return `${confHeader}\n${confText(blocks)}`;
}
