import type { Ingress, IngressProblem, IngressRule } from "./types.ts";

/**
 * Most rules that the proxy of all Ingresses holds on a port: some 60 MB of its memory, which all
 * share, so that one Ingress must not be able to use it up.
 */
const MOST = 20_000;

/** Bytes of a path that count as one more rule. */
const PATH_BYTES = 500;

/** A name of TLS costs the proxy as much as so many rules. */
const NAME = 10;

/** Those that are served, and what is told of the others. */
export interface Fitting {
  readonly fitting: readonly Ingress[];
  readonly problems: readonly IngressProblem[];
}

/**
 * Leaves out each Ingress with which all together would be more than a proxy can hold, given the
 * oldest first. Rules without a host count for each host, since each host falls back to them.
 */
export function fitting(ingresses: readonly Ingress[]): Fitting {
  const hosts = new Set<string>();
  const problems: IngressProblem[] = [];
  let [own, common] = [0, 0];
  const found = ingresses.filter((ingress) => {
    const size = sizeOf(ingress);
    const all = hosts.size + [...size.hosts].filter((host) => !hosts.has(host)).length + 1;
    const rules = own + size.own + (common + size.common) * all;
    if (rules > MOST) {
      problems.push(tooMany(ingress, rules));
      return false;
    }
    for (const host of size.hosts) hosts.add(host);
    own += size.own;
    common += size.common;
    return true;
  });
  return { fitting: found, problems };
}

interface Size {
  readonly hosts: ReadonlySet<string>;
  /** Rules of hosts. */
  readonly own: number;
  /** Rules that every host falls back to. */
  readonly common: number;
}

function sizeOf({ spec: { rules = [], defaultBackend, tls = [] } }: Ingress): Size {
  const named = rules.filter(({ host = "" }) => host !== "");
  const unnamed = rules.filter(({ host = "" }) => host === "");
  const names = tls.flatMap(({ secretName, hosts = [] }) => secretName === undefined ? [] : hosts);
  return {
    hosts: new Set(named.map(({ host = "" }) => host.toLowerCase())),
    own: weight(named) + NAME * names.length,
    common: weight(unnamed) + (defaultBackend === undefined ? 0 : 1),
  };
}

function weight(rules: readonly IngressRule[]): number {
  const paths = rules.flatMap(({ http }) => http?.paths ?? []);
  return paths.reduce((sum, { path = "/" }) => sum + 1 + Math.floor(path.length / PATH_BYTES), 0);
}

function tooMany({ metadata: { namespace = "default", name } }: Ingress, rules: number) {
  const message = `spec.rules: with these the proxy of all Ingresses would hold ${rules} rules, ` +
    `and ${MOST} are the most: name fewer hosts, paths, or paths without a host`;
  return { namespace, name, reason: "TooManyRules", message };
}
