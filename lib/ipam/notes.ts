import type { PoolGrant, PoolProblem } from "../addresses/types.ts";
import type { IpamNote } from "./types.ts";

/** Events of a Service that is given addresses; the reasons are those of the service controller. */
export function grantNotes(grant: PoolGrant, written: boolean): readonly IpamNote[] {
  const warnings = grant.warnings.map((message) => warning("LoadBalancerAddress", message));
  if (!written) return warnings;
  const addresses = grant.addresses.join(", ");
  return [
    normal("EnsuringLoadBalancer", "Ensuring load balancer"),
    normal("EnsuredLoadBalancer", `Ensured load balancer with ${addresses}: ${grant.reason}`),
    ...warnings,
  ];
}

/** The event of a Service that gets nothing now. */
export function refusalNotes(message: string): readonly IpamNote[] {
  return [
    warning("SyncLoadBalancerFailed", `${failure}: failed to ensure load balancer: ${message}`),
  ];
}

/** The event of a Service that could not be written. */
export function writeFailureNote(message: string): IpamNote {
  return warning("SyncLoadBalancerFailed", `${failure}: ${message}`);
}

/** The event of a Service whose addresses somebody else had before it. */
export function conflictNote(message: string): IpamNote {
  return warning("AddressConflict", `${message}; until then both keep what they have`);
}

/** Events of a Service that needs no address any more. */
export function releaseNotes(addresses: readonly string[]): readonly IpamNote[] {
  const what = addresses.length === 0 ? "" : `: ${addresses.join(", ")} may be given again`;
  return [
    normal("DeletingLoadBalancer", "Deleting load balancer"),
    normal("DeletedLoadBalancer", `Deleted load balancer${what}`),
  ];
}

/** The event of a ConfigMap for something in it that a person should mend. */
export function problemNote({ severity, message }: PoolProblem): IpamNote {
  return warning(severity === "error" ? "InvalidPool" : "QuestionablePool", message);
}

/** Events that one ConfigMap is worth at once: more are held back as spam. */
const mostProblems = 20;

/** The events of a ConfigMap, errors first; of very many the rest is counted. */
export function problemNotes(problems: readonly PoolProblem[]): readonly IpamNote[] {
  const rank = ({ severity }: PoolProblem) => severity === "error" ? 0 : 1;
  const all = problems.toSorted((a, b) => rank(a) - rank(b));
  const rest = all.length - mostProblems;
  return [
    ...all.slice(0, mostProblems).map(problemNote),
    ...rest <= 0 ? [] : [
      warning("InvalidPool", `${rest} more things are wrong: see \`berth pools\` for all of them`),
    ],
  ];
}

const failure = "Error syncing load balancer";

function normal(reason: string, message: string): IpamNote {
  return { type: "Normal", reason, message };
}

function warning(reason: string, message: string): IpamNote {
  return { type: "Warning", reason, message };
}
