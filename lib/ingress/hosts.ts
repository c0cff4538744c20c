import { domainProblem, matchedPathProblem } from "../proxy/mod.ts";
import type { Backend, Forward, PathMatch, Respond, Rule, VirtualHost } from "../proxy/types.ts";
import type { BackendIndex, BackendPlace } from "./backends.ts";
import { byPrecedence, pathMatch } from "./paths.ts";
import type { Ingress, IngressProblem } from "./types.ts";

/** Virtual hosts of all Ingresses, the backends they lead to, and what is wrong with them. */
export interface Hosts {
  readonly hosts: readonly VirtualHost[];
  readonly backends: readonly Backend[];
  readonly problems: readonly IngressProblem[];
}

/** One path of one host, resolved. */
interface Candidate {
  readonly ingress: Ingress;
  readonly host: string;
  readonly path: PathMatch;
  readonly action: Forward | Respond;
  readonly field: string;
}

const everyHost = "*";
const everything: PathMatch = { kind: "prefix", value: "/" };

/**
 * Rules of every host, oldest Ingress first where two ask for the same path. A request that no path
 * of its host matches goes to the host-less rules and then the default backends of the Ingresses
 * that name the host, then to those of all Ingresses (`networking.k8s.io/v1` IngressSpec).
 */
export function ingressHosts(ingresses: readonly Ingress[], index: BackendIndex): Hosts {
  const found = new Collected(index);
  for (const ingress of ingresses) found.add(ingress);
  const named = [...found.byHost.keys()].filter((host) => host !== everyHost).toSorted();
  const last = found.fallback(everyHost);
  const hosts = named.map((host) => ({
    domains: [host],
    rules: reachable([
      ...found.rules(host).map((rule) => oneLabel(rule, host)),
      ...found.fallback(host).map((rule) => oneLabel(rule, host)),
      ...last,
    ]),
  }));
  const open = last.length === 0 ? [] : [{ domains: [everyHost], rules: reachable(last) }];
  return {
    hosts: [...hosts, ...open],
    backends: [...found.backends.values()].toSorted((a, b) => a.name < b.name ? -1 : 1),
    problems: found.problems,
  };
}

/** What the Ingresses ask for, by host. */
class Collected {
  readonly byHost = new Map<string, Map<string, Candidate>>();
  readonly backends = new Map<string, Backend>();
  readonly problems: IngressProblem[] = [];
  /** Default backends and host-less paths of the Ingresses that name a host, oldest first. */
  readonly #ingresses = new Map<string, Ingress[]>();
  readonly #defaults = new Map<Ingress, Candidate>();
  readonly #index: BackendIndex;

  constructor(index: BackendIndex) {
    this.#index = index;
  }

  add(ingress: Ingress): void {
    const { rules = [], defaultBackend } = ingress.spec;
    const hosts = new Set([everyHost]);
    rules.forEach(({ host, http }, r) => {
      const name = host === undefined || host === "" ? everyHost : host.toLowerCase();
      const wrong = name === everyHost ? undefined : domainProblem(name);
      if (wrong !== undefined) {
        const message = `spec.rules[${r}].host: ${wrong}`;
        return this.#tell(ingress, { reason: "InvalidHost", message });
      }
      hosts.add(name);
      if (!this.byHost.has(name)) this.byHost.set(name, new Map());
      http?.paths.forEach((path, p) => {
        const field = `spec.rules[${r}].http.paths[${p}]`;
        const action = this.#resolve(ingress, {
          backend: path.backend,
          field: `${field}.backend`,
        });
        this.#claim({ ingress, host: name, path: pathMatch(path), action, field });
      });
    });
    if (defaultBackend !== undefined) {
      const field = "spec.defaultBackend";
      const action = this.#resolve(ingress, { backend: defaultBackend, field });
      this.#defaults.set(ingress, { ingress, host: everyHost, path: everything, action, field });
    }
    for (const host of hosts) this.#namedBy(host).push(ingress);
  }

  /** The rules that name `host`. */
  rules(host: string): readonly Rule[] {
    const candidates = [...this.byHost.get(host)?.values() ?? []];
    return candidates.toSorted((a, b) => byPrecedence(a.path, b.path)).map(toRule);
  }

  /** What serves requests for `host` that none of its own paths matches. */
  fallback(host: string): readonly Rule[] {
    const ingresses = new Set(this.#namedBy(host));
    const hostless = [...this.byHost.get(everyHost)?.values() ?? []]
      .filter(({ ingress }) => ingresses.has(ingress))
      .toSorted((a, b) => byPrecedence(a.path, b.path));
    const [fallback] = [...ingresses].flatMap((ingress) => this.#defaults.get(ingress) ?? []);
    return [...hostless, ...(fallback === undefined ? [] : [fallback])].map(toRule);
  }

  #namedBy(host: string): Ingress[] {
    const known = this.#ingresses.get(host) ?? [];
    this.#ingresses.set(host, known);
    return known;
  }

  #resolve(ingress: Ingress, place: BackendPlace): Forward | Respond {
    const { action, backend, problem } = this.#index.resolve(ingress, place);
    if (backend !== undefined) this.backends.set(backend.name, backend);
    if (problem !== undefined) this.#tell(ingress, problem);
    return action;
  }

  #claim(candidate: Candidate): void {
    const { host, path, ingress, field } = candidate;
    // of ImplementationSpecific the API server asks no more than the slash
    const wrong = matchedPathProblem(path.value);
    if (wrong !== undefined) {
      this.#tell(ingress, { reason: "InvalidPath", message: `${field}.path: ${wrong}` });
      return;
    }
    const key = `${path.kind} ${path.value}`;
    const paths = this.byHost.get(host) ?? new Map<string, Candidate>();
    this.byHost.set(host, paths);
    const first = paths.get(key);
    if (first === undefined) {
      paths.set(key, candidate);
      return;
    }
    const { namespace, name } = first.ingress.metadata;
    const message = `${field}.path: "${path.value}" of host "${host}" is served by Ingress ` +
      `"${namespace}/${name}" already: remove one of the two`;
    this.#tell(ingress, { reason: "PathConflict", message });
  }

  #tell({ metadata }: Ingress, problem: { readonly reason: string; readonly message: string }) {
    this.problems.push({ ...nameOf(metadata), ...problem });
  }
}

function toRule({ ingress, path, action, field }: Candidate): Rule {
  const { namespace, name } = ingress.metadata;
  return {
    name: `Ingress ${namespace}/${name} ${field}`,
    match: { path, headers: [], query: [] },
    action,
  };
}

/** Rules behind one for the same requests, or for all, are never reached. */
function reachable(rules: readonly Rule[]): readonly Rule[] {
  const seen = new Set<string>();
  const firsts = rules.filter(({ match: { path, oneLabelOf = "" } }) => {
    const key = `${path.kind} ${oneLabelOf} ${path.value}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  const end = firsts.findIndex(({ match }) =>
    match.oneLabelOf === undefined && match.path.kind === "prefix" && match.path.value === "/"
  );
  return end === -1 ? firsts : firsts.slice(0, end + 1);
}

/** `*.example.com` stands for one label alone (IngressRule.host); proxies take any number. */
function oneLabel(rule: Rule, host: string): Rule {
  return host.startsWith("*.") ? { ...rule, match: { ...rule.match, oneLabelOf: host } } : rule;
}

function nameOf({ namespace, name }: Ingress["metadata"]) {
  return { namespace: namespace ?? "default", name };
}
