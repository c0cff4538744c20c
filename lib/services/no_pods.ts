/** Ports of a Service behind which no Pod is ready. */
export interface NoPods {
  /** `TCP/80`. */
  readonly ports: readonly string[];
  /** A sentence with what to do. */
  readonly text: string;
}

const REMEDY = "check spec.selector, targetPort and the Pods' readiness";

/** Says so, for the status of a Service. */
export function noPods(ports: readonly string[]): NoPods {
  return { ports, text: `no Pod is ready for port ${ports.join(", ")}: ${REMEDY}` };
}

/** Finds that sentence in a condition's message; undefined where every port has Pods. */
export function readNoPods(message: string): NoPods | undefined {
  const [, ports] = /(?:^|; )no Pod is ready for port ([^:;]+): /.exec(message) ?? [];
  return ports === undefined ? undefined : noPods(ports.split(", "));
}
