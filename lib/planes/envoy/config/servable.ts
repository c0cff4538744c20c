import type {
  Backend,
  Chain,
  HttpServe,
  RoutePort,
  RouteSpec,
  Rule,
  TcpPort,
  VirtualHost,
} from "../../../proxy/types.ts";
import { canonicalRanges, chainProblems, rangeProblems } from "./chain_problems.ts";
import { actionProblems, matchProblems } from "./rule_problems.ts";
import { isDomain } from "./texts.ts";
import type { ConfigProblem } from "./types.ts";

/** What of a spec Envoy can serve, and why not the rest. */
export interface Servable {
  readonly spec: RouteSpec;
  readonly problems: readonly ConfigProblem[];
}

/** Takes out of a spec whatever Envoy would refuse, for it would refuse its neighbours with it. */
export function servable(spec: RouteSpec): Servable {
  const checks = spec.ports.map((port) => new PortCheck(spec, port));
  const taken = new Set<string>();
  const ports = checks.map((check) => check.port(taken)).filter((port) => port !== undefined);
  return {
    spec: { ...spec, ports, backends: spec.backends.filter((one) => isSecure(one, spec)) },
    problems: checks.flatMap(({ problems }) => problems),
  };
}

/** Everything in a spec that `envoyFiles` has to leave out; see the type `ConfigProblems`. */
export function configProblems(spec: RouteSpec): readonly ConfigProblem[] {
  return servable(spec).problems;
}

/** TLS never falls back to plain text: a backend that lacks a part of it is not there at all. */
function isSecure({ tls }: Backend, { authorities, certificates }: RouteSpec): boolean {
  if (tls === undefined) return true;
  const { authority, certificate, hostname } = tls;
  return hostname !== "" && hostname.length <= 255 &&
    (authority === "system" || authorities.some(({ name }) => name === authority)) &&
    (certificate === undefined || certificates.some(({ name }) => name === certificate));
}

/** Goes through one port and notes what it leaves out. */
class PortCheck {
  readonly problems: ConfigProblem[] = [];
  readonly #spec: RouteSpec;
  readonly #port: RoutePort;
  /** Chains may have one and the same: it is gone through once. */
  readonly #served = new Map<HttpServe, HttpServe>();

  constructor(spec: RouteSpec, port: RoutePort) {
    this.#spec = spec;
    this.#port = port;
  }

  /** The port without what Envoy refuses; undefined when nothing is left. */
  port(taken: Set<string>): RoutePort | undefined {
    const port = this.#port;
    const addresses = this.#freeAddresses(taken);
    // without its ranges the port would be open to everybody
    if (!this.#note(rangeProblems(port.sourceRanges)) || addresses.length === 0) return undefined;
    const sourceRanges = canonicalRanges(port.sourceRanges);
    const own = port.addresses === undefined ? {} : { addresses };
    if (port.protocol === "UDP") return { ...port, ...own, sourceRanges };
    const chains = this.#chains(port);
    return chains.length === 0 ? undefined : { ...port, ...own, sourceRanges, chains };
  }

  #freeAddresses(taken: Set<string>): readonly string[] {
    const { protocol, port, addresses = this.#spec.addresses } = this.#port;
    return addresses.filter((address) => {
      const place = `${protocol} ${address} ${port}`;
      if (taken.has(place)) {
        this.#note([`port ${port} of ${address} is there twice: keep one`]);
        return false;
      }
      taken.add(place);
      return true;
    });
  }

  #chains(port: TcpPort): readonly Chain[] {
    const taken = new Set<string>();
    return port.chains.flatMap((chain) => {
      const { serverNames, problems } = chainProblems(chain, { spec: this.#spec, taken });
      this.#note(problems.notes);
      if (!this.#note(problems.fatal)) return [];
      const { serve } = chain;
      return [{ ...chain, serverNames, serve: serve.kind === "http" ? this.#http(serve) : serve }];
    });
  }

  #http(serve: HttpServe): HttpServe {
    const known = this.#served.get(serve);
    if (known !== undefined) return known;
    const taken = new Set<string>();
    const checked = { ...serve, hosts: serve.hosts.map((host) => this.#host(host, taken)) };
    this.#served.set(serve, checked);
    return checked;
  }

  #host(host: VirtualHost, taken: Set<string>): VirtualHost {
    const domains = host.domains.map((domain) => domain.toLowerCase()).filter((domain) => {
      if (!isDomain(domain)) return this.#note([`domain "${domain}" is none: use a DNS name`]);
      if (taken.has(domain)) return this.#note([`domain ${domain} is there twice: keep one`]);
      taken.add(domain);
      return true;
    });
    return { domains, rules: host.rules.flatMap((rule) => this.#rule(rule)) };
  }

  #rule(rule: Rule): readonly Rule[] {
    if (!this.#note(matchProblems(rule.match), rule.name)) return [];
    if (this.#note(actionProblems(rule), rule.name)) return [rule];
    const { name, match } = rule;
    return [{ name, match, action: { kind: "respond", status: 500 } }];
  }

  /** True when there is nothing to note. */
  #note(messages: readonly string[], rule?: string): boolean {
    const { port } = this.#port;
    for (const message of messages) {
      this.problems.push({ port, message, ...(rule === undefined ? {} : { rule }) });
    }
    return messages.length === 0;
  }
}
