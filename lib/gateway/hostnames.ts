/** The host name that stands for every name. */
export const ANY_HOST = "*";

/** A hostname field in the form that the functions here take: lower case, `*` where absent. */
export function hostOf(hostname: string | undefined): string {
  return hostname === undefined || hostname === "" ? ANY_HOST : hostname.toLowerCase();
}

/** True when every name that `name` stands for is one of `wide`'s. */
export function covers(wide: string, name: string): boolean {
  if (wide === ANY_HOST || wide === name) return true;
  return wide.startsWith("*.") && name.length > wide.length - 1 && name.endsWith(wide.slice(1));
}

/**
 * The names that two hosts have in common, which is the narrower of them, or undefined.
 *
 * @example
 * ```ts
 * import { intersection } from "./hostnames.ts";
 * if (intersection("*.example.com", "a.b.example.com") !== "a.b.example.com") throw new Error();
 * if (intersection("*.example.com", "example.com") !== undefined) throw new Error();
 * ```
 */
export function intersection(a: string, b: string): string | undefined {
  if (covers(a, b)) return b;
  return covers(b, a) ? a : undefined;
}

/** The wildcards that cover a host besides itself, the narrowest first. */
export function wildcardsOver(host: string): readonly string[] {
  if (host === ANY_HOST) return [];
  const labels = host.split(".");
  const first = host.startsWith("*.") ? 2 : 1; // not the host itself
  const rest = labels.slice(first);
  return [...rest.map((_, at) => `*.${rest.slice(at).join(".")}`), ANY_HOST];
}

/** The narrowest of some hosts that covers a name: itself before wildcards. */
export function narrowest(hosts: ReadonlySet<string>, name: string): string | undefined {
  if (hosts.has(name)) return name;
  return wildcardsOver(name).find((wildcard) => hosts.has(wildcard));
}
