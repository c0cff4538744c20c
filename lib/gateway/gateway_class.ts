import { no, stamp, yes } from "./conditions.ts";
import { type GatewayChannel, supportedFeatures } from "./features.ts";
import type { GatewayClass } from "./types.ts";

/** What is known about the resource definitions that the cluster has. */
export interface GatewayClassOptions {
  readonly channel: GatewayChannel;
  /** RFC 3339, for condition transitions. */
  readonly now: string;
  /** Present: what is wrong with the installed resource definitions, with the remedy. */
  readonly versionProblem?: string;
}

/** The status of one of our GatewayClasses; the API's own conditions of others are kept. */
export function gatewayClassStatus(
  gatewayClass: GatewayClass,
  options: GatewayClassOptions,
): NonNullable<GatewayClass["status"]> {
  const { parametersRef } = gatewayClass.spec;
  const accepted = parametersRef === undefined
    ? yes("Accepted", "Accepted", "served by berth")
    : no(
      "Accepted",
      "InvalidParameters",
      `spec.parametersRef names ${parametersRef.kind} ${parametersRef.name}, but berth has no ` +
        `parameters for classes: remove it`,
    );
  const version = options.versionProblem === undefined
    ? yes("SupportedVersion", "SupportedVersion")
    : no("SupportedVersion", "UnsupportedVersion", options.versionProblem);
  return {
    conditions: stamp([accepted, version], {
      before: gatewayClass.status?.conditions,
      generation: gatewayClass.metadata.generation,
      now: options.now,
    }),
    supportedFeatures: supportedFeatures(options.channel).map((name) => ({ name })),
  };
}
