import type { Chain, Match, RouteSpec, Rule, VirtualHost } from "../../lib/proxy/types.ts";

/** A request as far as routing looks at it. */
export interface ModelRequest {
  readonly port: number;
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Present: over TLS, with this server name. */
  readonly sni?: string;
}

/** What a proxy would do by the words of `lib/proxy/types.ts`: a rule's name, or why none. */
export function answer(spec: RouteSpec, request: ModelRequest): string {
  const port = spec.ports.find((one) => one.port === request.port && one.protocol === "TCP");
  if (port === undefined || port.protocol !== "TCP") return "refused";
  const chain = chainOf(port.chains, request.sni ?? "");
  if (chain === undefined) return "reset";
  const { serve } = chain;
  if (serve.kind === "tcp") {
    const to = serve.split.map(({ to }) => "backend" in to ? to.backend : "none").join(",");
    return to === "" ? "reset" : `${chain.peek ? "passed" : "plain"} ${to}`;
  }
  const host = hostOf(serve.hosts, request.host);
  const rule = host?.rules.find(({ match }) => matches(match, request));
  return rule === undefined ? "404" : ruleText(rule);
}

function ruleText({ name, action }: Rule): string {
  return action.kind === "respond" ? String(action.status) : name;
}

function chainOf(chains: readonly Chain[], sni: string): Chain | undefined {
  const named = best(
    chains.flatMap((chain) => chain.serverNames.map((name) => ({ name, chain }))),
    sni,
  );
  return named?.chain ?? chains.find(({ serverNames }) => serverNames.length === 0);
}

function hostOf(hosts: readonly VirtualHost[], host: string): VirtualHost | undefined {
  const names = hosts.flatMap((one) => one.domains.map((name) => ({ name, one })));
  return (best(names, host.replace(/:\d+$/, "")) ?? names.find(({ name }) => name === "*"))?.one;
}

/** An exact name before wildcards, the longest wildcard before shorter ones. */
function best<T extends { readonly name: string }>(
  names: readonly T[],
  text: string,
): T | undefined {
  return names.find(({ name }) => name === text) ??
    names.filter(({ name }) => name.startsWith("*.") && text.endsWith(name.slice(1)))
      .toSorted((a, b) => b.name.length - a.name.length)[0];
}

function matches({ path, method, headers }: Match, request: ModelRequest): boolean {
  const asked = request.path ?? "/";
  const fits = path.kind === "exact"
    ? asked === path.value
    : path.kind === "regex"
    ? new RegExp(`^(?:${path.value})$`).test(asked)
    : path.value === "/" || asked === path.value || asked.startsWith(`${path.value}/`);
  return fits && (method === undefined || method === (request.method ?? "GET")) &&
    headers.every(({ name, value }) => request.headers?.[name] === value);
}
