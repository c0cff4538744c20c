import { tryParseAddress } from "../net/mod.ts";
import type { IpFamily } from "../proxy/types.ts";
import type { ConfBlock } from "./conf_text.ts";
import type { Vip, VrrpOptions } from "./conf_types.ts";

/**
 * One VRRP instance for each family, because an instance cannot mix them.
 *
 * Each carries one fixed address of its own, and the VIPs beside it: nodes compare the lists that
 * they advertise, and for as long as one node has read the ConfigMap and the other has not, a
 * difference would make both of them master. It also keeps the election alive without any VIP, so
 * that the first one needs none.
 */
export function vrrpBlocks(vips: readonly Vip[], options: VrrpOptions): readonly ConfBlock[] {
  const of = (family: IpFamily) => vips.filter((vip) => vip.family === family);
  const six = of("IPv6");
  return [
    instance("IPv4", of("IPv4"), options),
    ...six.length === 0 ? [] : [instance("IPv6", six, options)],
  ];
}

function instance(family: IpFamily, vips: readonly Vip[], options: VrrpOptions): ConfBlock {
  const { iface, vrid, priority, state, advertInterval } = options;
  const prefix = family === "IPv4" ? 32 : 128;
  const excluded = vips.map(({ address }) => `${address}/${prefix} dev ${iface}`);
  return {
    head: `vrrp_instance berth_${family === "IPv4" ? 4 : 6}`,
    body: [
      `state ${state}`,
      `interface ${iface}`,
      `virtual_router_id ${vrid}`,
      `priority ${priority}`,
      // a node that comes back waits for its turn, except where it is told to lead
      ...state === "BACKUP" ? ["nopreempt"] : [],
      `advert_int ${advertInterval}`,
      ...unicast(family, options),
      { head: "virtual_ipaddress", body: [fixedAddress(family, options)] },
      ...excluded.length === 0 ? [] : [{ head: "virtual_ipaddress_excluded", body: excluded }],
    ],
  };
}

/** IPv6 wants a link-local address first; IPv4 takes one, on the loopback, that nobody routes to. */
function fixedAddress(family: IpFamily, { iface, vrid }: VrrpOptions): string {
  return family === "IPv4"
    ? `169.254.1.${vrid}/32 dev lo`
    : `fe80::be:${vrid.toString(16)}/64 dev ${iface}`;
}

function unicast(family: IpFamily, { unicast }: VrrpOptions): readonly ConfBlock[] {
  const same = (text: string) => tryParseAddress(text)?.family === family;
  const source = unicast?.sources.find(same);
  const peers = unicast?.peers.filter((peer) => same(peer) && peer !== source) ?? [];
  if (source === undefined || peers.length === 0) return [];
  return [`unicast_src_ip ${source}`, { head: "unicast_peer", body: peers }];
}
