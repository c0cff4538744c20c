import { getLogger } from "@logtape/logtape";
import type { Settings } from "../options.ts";

const log = getLogger(["berth", "run"]);

/** Says at the start which parts a person switched off: their objects stay without an address. */
export function tellPartsOff(
  { gatewayChannel, enableIngress }: Pick<Settings, "gatewayChannel" | "enableIngress">,
): void {
  if (gatewayChannel === "disabled") {
    log.info("Gateways are not served", { flag: "--gateway-channel disabled" });
  }
  if (!enableIngress) log.info("Ingresses are not served", { flag: "--enable-ingress=false" });
}
