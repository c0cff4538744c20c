import type { Service } from "../kube/types.ts";
import type { PlaneName } from "../planes/types.ts";

/** Ports of a Service that its plane cannot carry. */
export interface UnservedPorts {
  /** `SCTP/132`. */
  readonly ports: readonly string[];
  /** A sentence with what to do. */
  readonly text: string;
}

const REASON =
  "it carries TCP and UDP alone, choose the kernel plane by annotation berth.dev/plane";

/** Finds the ports of a Service that a plane cannot carry; undefined where it carries all. */
export function unservedPorts({ spec }: Service, plane: PlaneName): UnservedPorts | undefined {
  if (plane === "kernel") return undefined;
  const ports = (spec.ports ?? []).filter(({ protocol }) => protocol === "SCTP")
    .map(({ port }) => `SCTP/${port}`);
  return ports.length === 0 ? undefined : found(ports, plane);
}

/** Finds that sentence in a condition's message. */
export function readUnservedPorts(message: string): UnservedPorts | undefined {
  const [, plane, ports] = /(?:^|; )the (\w+) plane does not serve port ([^:;]+): /.exec(message) ??
    [];
  return plane === undefined || ports === undefined ? undefined : found(ports.split(", "), plane);
}

function found(ports: readonly string[], plane: string): UnservedPorts {
  return { ports, text: `the ${plane} plane does not serve port ${ports.join(", ")}: ${REASON}` };
}
