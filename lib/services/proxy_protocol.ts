import { AppError } from "../core/mod.ts";
import type { Service } from "../kube/types.ts";
import type { PlaneName } from "../planes/types.ts";
import type { ProxySpec } from "../proxy/types.ts";
import { findAnnotation, proxyProtocolAnnotation } from "./annotations.ts";

/**
 * What a Service asks for by annotation; throws AppError `invalid` for a version that does not
 * exist.
 */
export function proxyProtocol(service: Service): Pick<ProxySpec, "proxyProtocol"> {
  const asked = findAnnotation(service, [proxyProtocolAnnotation]);
  if (asked === undefined) return {};
  const { name, value } = asked;
  if (value === "v1" || value === "v2") return { proxyProtocol: value };
  throw new AppError(`annotation ${name} is "${value}": use "v1" or "v2"`, { kind: "invalid" });
}

/** Where the annotation changes nothing, and what to do; one sentence at most. */
export function unusedProxyProtocol(service: Service, plane: PlaneName): readonly string[] {
  const asked = findAnnotation(service, [proxyProtocolAnnotation]);
  if (asked === undefined) return [];
  if (plane !== "envoy") {
    return [
      `annotation ${asked.name} has no effect on the ${plane} plane: choose the envoy plane by ` +
      "annotation berth.dev/plane, or remove it",
    ];
  }
  const ports = (service.spec.ports ?? []).filter(({ protocol }) => protocol === "UDP")
    .map(({ port }) => `UDP/${port}`);
  if (ports.length === 0) return [];
  return [
    `annotation ${asked.name} has no effect on port ${ports.join(", ")}: it is for TCP alone, ` +
    "use a Service of its own for UDP",
  ];
}
