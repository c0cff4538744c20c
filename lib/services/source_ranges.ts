import { AppError, errorText } from "../core/mod.ts";
import { type Cidr, formatCidr, parseCidr } from "../net/mod.ts";
import type { Service } from "../kube/types.ts";
import type { IpFamily } from "../proxy/types.ts";
import { findAnnotation, sourceRangesAnnotation, splitValues } from "./annotations.ts";

/** Who may connect to listeners of one family. */
export interface SourceRanges {
  /** Canonical CIDRs, sorted; empty with `closed` false means everybody. */
  readonly ranges: readonly string[];
  /** The Service names ranges, but none of this family. */
  readonly closed: boolean;
}

/**
 * The source ranges of a Service for one family. A range that cannot be read throws AppError
 * `invalid`: serving without it would open what was meant to be closed.
 */
export function sourceRanges(service: Service, family: IpFamily): SourceRanges {
  const { source, values } = rangeTexts(service);
  const all = values.map((text) => readRange(source, text));
  const ours = all.filter((cidr) => cidr.family === family);
  if (ours.some(({ prefix }) => prefix === 0)) return { ranges: [], closed: false };
  const ranges = [...new Set(ours.map(formatCidr))].sort();
  return { ranges, closed: all.length > 0 && ranges.length === 0 };
}

function rangeTexts(service: Service): { source: string; values: readonly string[] } {
  const spec = (service.spec.loadBalancerSourceRanges ?? []).map((text) => text.trim());
  if (spec.length > 0) return { source: "spec.loadBalancerSourceRanges", values: spec };
  const annotation = findAnnotation(service, [sourceRangesAnnotation]);
  return {
    source: `annotation ${sourceRangesAnnotation}`,
    values: annotation === undefined ? [] : splitValues(annotation.value),
  };
}

function readRange(source: string, text: string): Cidr {
  try {
    return parseCidr(text);
  } catch (cause) {
    throw new AppError(`${source}: ${errorText(cause)}`, { kind: "invalid" });
  }
}
