import type { KubeObject } from "../kube/types.ts";
import { byAge } from "./names.ts";

/** What decides which of several matches that hold for a request wins. Smaller sorts first. */
export interface Precedence {
  /** 0 exact, 1 regular expression, 2 prefix. */
  readonly kind: 0 | 1 | 2;
  /** Characters of the path, or of the gRPC service. */
  readonly length: number;
  /** Characters of the gRPC method; 0 for HTTP. */
  readonly method: number;
  readonly hasMethod: boolean;
  readonly headers: number;
  readonly query: number;
}

/** A match, and where it stands. */
export interface Ranked {
  readonly precedence: Precedence;
  readonly route: KubeObject;
  readonly rule: number;
  readonly match: number;
}

/**
 * For sorting, winners first: exact, longest prefix, method, most headers, most query parameters,
 * oldest route, its namespace and name, first rule, first match (HTTPRouteRule, GRPCRouteRule).
 */
export function byPrecedence(a: Ranked, b: Ranked): number {
  const [left, right] = [a.precedence, b.precedence];
  return left.kind - right.kind ||
    right.length - left.length ||
    right.method - left.method ||
    Number(right.hasMethod) - Number(left.hasMethod) ||
    right.headers - left.headers ||
    right.query - left.query ||
    byAge(a.route, b.route) ||
    a.rule - b.rule ||
    a.match - b.match;
}
