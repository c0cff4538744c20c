import type { HttpServe } from "../../../proxy/types.ts";
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
  options: RouteConfigurationOptions,
): JsonObject {
  return typed("envoy.config.route.v3.RouteConfiguration", {
    name: options.name,
    // the port stays in the header that backends see
    ignore_port_in_host_matching: true,
    virtual_hosts: serve.hosts.filter(({ domains }) => domains.length > 0).map((host) => ({
      name: host.domains[0],
      domains: host.domains,
      routes: host.rules.flatMap((rule) => ruleRoutes(rule, options.hashed)),
    })),
  });
}
