import { stableJson } from "../../../core/mod.ts";
import type { Backend, Forward, HttpServe, RouteSpec, Rule, Share } from "../../../proxy/types.ts";
import { hash64 } from "./names.ts";
import { backendOf, liveShares } from "./usage.ts";

/** A spec in which splits with sessions go to one backend each. */
export interface JoinedSpec {
  readonly spec: RouteSpec;
  /** What the added backends stand for, by their names. */
  readonly joined: ReadonlyMap<string, readonly Share[]>;
}

/**
 * Makes one backend of each split that keeps sessions. Envoy draws a part of a split anew for every
 * request and looks for the session's endpoint within that part alone, so a session would not last.
 * In one cluster it finds it. That needs parts that are spoken to in the same way and edit nothing;
 * other splits stay, and their sessions last only while the same part is drawn.
 */
export function joinSplits(spec: RouteSpec): JoinedSpec {
  const join = new Joiner(spec.backends);
  const ports = spec.ports.map((port) => {
    if (port.protocol === "UDP") return port;
    const chains = port.chains.map((chain) => {
      const { serve } = chain;
      return serve.kind === "http" ? { ...chain, serve: join.serve(serve) } : chain;
    });
    return { ...port, chains };
  });
  return { spec: { ...spec, ports, backends: join.backends }, joined: join.joined };
}

class Joiner {
  readonly joined = new Map<string, readonly Share[]>();
  readonly #known: ReadonlyMap<string, Backend>;
  readonly #added = new Map<string, Backend>();
  /** Chains may have one and the same. */
  readonly #served = new Map<HttpServe, HttpServe>();

  constructor(backends: readonly Backend[]) {
    this.#known = new Map(backends.map((backend) => [backend.name, backend]));
  }

  get backends(): readonly Backend[] {
    const added = [...this.#added.values()].toSorted((a, b) => a.name < b.name ? -1 : 1);
    return [...this.#known.values(), ...added];
  }

  serve(serve: HttpServe): HttpServe {
    const known = this.#served.get(serve);
    if (known !== undefined) return known;
    const hosts = serve.hosts.map((host) => ({
      ...host,
      rules: host.rules.map((rule) => this.#rule(rule)),
    }));
    const joined = { ...serve, hosts };
    this.#served.set(serve, joined);
    return joined;
  }

  #rule(rule: Rule): Rule {
    const { action } = rule;
    if (action.kind !== "forward" || action.persistence === undefined) return rule;
    const shares = liveShares(action.split);
    const first = this.#common(shares);
    if (first === undefined) return rule;
    const name = `berth-split-${hash64(stableJson(shares))}`;
    this.joined.set(name, shares);
    this.#added.set(name, { ...first, name, endpoints: [] });
    const forward: Forward = { ...action, split: [{ weight: 1, to: { backend: name } }] };
    return { ...rule, action: forward };
  }

  /** The first of several backends that are all alike. */
  #common(shares: readonly Share[]): Backend | undefined {
    const backends = shares.map((share) => this.#known.get(backendOf(share) ?? ""));
    const plain = shares.every((share) => Object.keys(share).length === 2);
    const [first, ...others] = backends;
    const alike = others.every((one) =>
      one !== undefined && first !== undefined &&
      manner(one) === manner(first)
    );
    return plain && alike && others.length > 0 ? first : undefined;
  }
}

/** How a backend is spoken to. */
function manner({ name: _name, endpoints: _endpoints, ...rest }: Backend): string {
  return stableJson(rest);
}
