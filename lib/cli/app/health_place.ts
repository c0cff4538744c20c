import { UsageError } from "../../core/mod.ts";
import type { MonitorAddress } from "../../monitor/types.ts";
import { canonicalAddress } from "../../net/mod.ts";
import { OPTIONS, type Settings } from "../options.ts";

/** The options of each mode, by name. */
const NAMES = {
  ipam: ["bindAddress", "securePort"],
  keepalived: ["healthAddress", "healthPort"],
} as const;

/** Where a mode answers probes and scrapers, and the flags that say so. */
export interface HealthPlace extends MonitorAddress {
  readonly flags: NonNullable<MonitorAddress["flags"]>;
  /** What the mode does without flags: the sandbox of the image allows it. */
  readonly usual: boolean;
}

/**
 * Reads it from the settings of the mode.
 *
 * @throws UsageError for what is no address.
 */
export function healthPlace(mode: keyof typeof NAMES, settings: Settings): HealthPlace {
  const [hostName, portName] = NAMES[mode];
  const { [hostName]: host, [portName]: port } = settings;
  const [onHost, onPort] = [OPTIONS[hostName], OPTIONS[portName]];
  const flags = { host: onHost.flags[0] ?? "", port: onPort.flags[0] ?? "" };
  if (host !== "localhost" && canonicalAddress(host) === undefined) {
    const remedy = "give an IP address of this machine, like ::";
    throw new UsageError(`${flags.host} is "${host}": ${remedy}`);
  }
  return { host, port, flags, usual: host === onHost.default && port === onPort.default };
}
