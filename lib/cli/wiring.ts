import type {
  CleanupPorts,
  CommandContext,
  ConfigPorts,
  DoctorPorts,
  GatewayPorts,
  PoolExplainPorts,
  PoolPorts,
  RenderPorts,
  ServePorts,
  StatusPorts,
  VersionFacts,
} from "./ports.ts";
import type { Settings } from "./options.ts";

/** Makes the ports of each command; whatever they opened is closed with them. */
export interface Wiring {
  version(): VersionFacts;
  /** References of the images that the planes would pull. */
  images(settings: Settings): Promise<readonly string[]>;
  /** Sets the log up for the run of one command. */
  logging(settings: Settings): Promise<AsyncDisposable>;
  run(context: CommandContext): Promise<ServePorts>;
  dev(context: CommandContext): Promise<ServePorts>;
  ipam(context: CommandContext): Promise<ServePorts>;
  keepalived(context: CommandContext): Promise<ServePorts>;
  "keepalived agent"(context: CommandContext): Promise<ServePorts>;
  "keepalived render"(context: CommandContext): Promise<RenderPorts>;
  status(context: CommandContext): Promise<StatusPorts & AsyncDisposable>;
  "status gateways"(context: CommandContext): Promise<GatewayPorts & AsyncDisposable>;
  doctor(context: CommandContext): Promise<DoctorPorts & AsyncDisposable>;
  cleanup(context: CommandContext): Promise<CleanupPorts & AsyncDisposable>;
  config(context: CommandContext): Promise<ConfigPorts & AsyncDisposable>;
  pools(context: CommandContext): Promise<PoolPorts & AsyncDisposable>;
  "pools explain"(context: CommandContext): Promise<PoolExplainPorts>;
}
