import { formatCidr, parseCidr } from "../../../net/mod.ts";
import { errorText } from "../../../core/mod.ts";
import type { Chain, DownstreamTls, RouteSpec } from "../../../proxy/types.ts";
import { isServerName } from "./texts.ts";

/** What a chain is checked against. */
export interface ChainContext {
  readonly spec: RouteSpec;
  /** Server names that earlier chains of the port have; the chain's own are added. */
  readonly taken: Set<string>;
}

/** What is left of a chain's server names, and what is wrong with it. */
export interface CheckedChain {
  readonly serverNames: readonly string[];
  readonly problems: {
    /** The chain is left out. */
    readonly fatal: readonly string[];
    /** A part is left out. */
    readonly notes: readonly string[];
  };
}

/** Stands for a chain without server names among those that are taken. */
const EVERYBODY = "";

/** Checks a chain's server names and TLS. */
export function chainProblems(chain: Chain, context: ChainContext): CheckedChain {
  const notes: string[] = [];
  const wanted = chain.serverNames.map((name) => name.toLowerCase());
  const serverNames = [...new Set(wanted)].filter((name) => {
    const problem = nameProblem(name, context.taken);
    if (problem === undefined) context.taken.add(name);
    else notes.push(problem);
    return problem === undefined;
  });
  const fatal = chain.tls === undefined ? [] : [...tlsProblems(chain.tls, context.spec)];
  if (wanted.length === 0) {
    if (context.taken.has(EVERYBODY)) fatal.push(`two chains are for every server name: keep one`);
    context.taken.add(EVERYBODY);
  } else if (serverNames.length === 0) {
    fatal.push(`listener ${chain.name} has no server name left`);
  }
  return { serverNames, problems: { fatal, notes } };
}

/** Why source ranges cannot be. */
export function rangeProblems(ranges: readonly string[]): readonly string[] {
  return ranges.flatMap((range) => {
    try {
      parseCidr(range);
      return [];
    } catch (error) {
      return [errorText(error)];
    }
  });
}

/** Source ranges without host bits, each once: Envoy refuses those that mean the same. */
export function canonicalRanges(ranges: readonly string[]): readonly string[] {
  return [...new Set(ranges.map((range) => formatCidr(parseCidr(range))))];
}

function nameProblem(name: string, taken: ReadonlySet<string>): string | undefined {
  if (!isServerName(name)) return `server name "${name}" is none: use a DNS name`;
  return taken.has(name) ? `server name ${name} is there twice: keep one` : undefined;
}

function tlsProblems(tls: DownstreamTls, spec: RouteSpec): readonly string[] {
  const certificates = new Set(spec.certificates.map(({ name }) => name));
  const authorities = new Set(spec.authorities.map(({ name }) => name));
  const { authority } = tls.client ?? {};
  return [
    ...(tls.certificates.length > 0 ? [] : ["TLS without a certificate: name one"]),
    ...tls.certificates.filter((name) => !certificates.has(name))
      .map((name) => `certificate ${name} is not known`),
    ...(authority === undefined || authorities.has(authority)
      ? []
      : [`authority ${authority} is not known`]),
  ];
}
