import type { HttpServe, VirtualHost } from "../../../proxy/types.ts";
import { losesPort } from "./redirect.ts";
import { ruleRoutes } from "./routes.ts";
import { typed } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Options of {@link routeConfiguration}. */
export interface RouteConfigurationOptions {
  readonly name: string;
  /** Backends that are chosen by the client's address. */
  readonly hashed: ReadonlySet<string>;
}

/** Envoy's route configuration of an HTTP chain. */
export function routeConfiguration(
  serve: HttpServe,
  { name, hashed }: RouteConfigurationOptions,
): JsonObject {
  return typed("envoy.config.route.v3.RouteConfiguration", {
    name,
    // the port stays in the header that backends see
    ignore_port_in_host_matching: true,
    virtual_hosts: serve.hosts.flatMap(hostsOf).filter(({ domains }) => domains.length > 0)
      .map(({ domains, rules }) => ({
        name: domains[0],
        domains,
        routes: rules.flatMap((rule) => ruleRoutes(rule, { hashed, ...onlyHost(domains) })),
      })),
  });
}

/** One for each domain where a rule has to know it. */
function hostsOf(host: VirtualHost): readonly VirtualHost[] {
  const asks = host.rules.some(({ action }) => action.kind === "redirect" && losesPort(action));
  return asks ? host.domains.map((domain) => ({ ...host, domains: [domain] })) : [host];
}

function onlyHost([domain = "*", ...others]: readonly string[]): { readonly host?: string } {
  return domain.startsWith("*") || others.length > 0 ? {} : { host: domain };
}
