import type { Explanation } from "../addresses/mod.ts";
import { wrap } from "./text_table.ts";

/** `berth pools explain` for people: a paragraph for each Service. */
export function explanationsText(rows: readonly Explanation[]): string {
  if (rows.length === 0) return "no Service of type LoadBalancer\n";
  return rows.flatMap(({ service, addresses, reason }) => [
    `${service}: ${addresses.join(", ") || "no address"}`,
    ...wrap(reason, "  "),
  ]).join("\n") + "\n";
}
