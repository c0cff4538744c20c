import type { Action, Match, Rule, VirtualHost } from "../proxy/types.ts";
import { ANY_HOST, covers, narrowest, wildcardsOver } from "./hostnames.ts";
import type { PlannedWebRoute } from "./http_routes.ts";
import type { PlannedListener } from "./listener_types.ts";
import { compareText, nameOf, pathOf } from "./names.ts";
import { byPrecedence, type Ranked } from "./precedence.ts";
import { redirectOn } from "./redirects.ts";
import type { PlannedRule } from "./route_rules.ts";

/** A listener with the routes that are attached to it, and the hosts of each. */
export interface WebListener {
  readonly listener: PlannedListener;
  readonly routes: readonly WebAttachment[];
}

/** One attached route. */
export interface WebAttachment {
  readonly planned: PlannedWebRoute;
  readonly hosts: readonly string[];
}

/**
 * Virtual hosts of one listener. Hosts that belong to a narrower listener of the same port are cut
 * out: a request is the business of one listener alone (Gateway API, listener isolation).
 * Within a listener the narrowest host decides: rules for wider hosts are not tried after it, as
 * with every other Gateway on Envoy, so that the plan grows with the rules and not with their square.
 */
export function virtualHosts(
  web: WebListener,
  portHosts: ReadonlySet<string>,
): readonly VirtualHost[] {
  const { listener, routes } = web;
  const byHost = new Map<string, WebAttachment[]>();
  // a listener keeps its host even without a route: 404, not the wider listener's answer, nor 421
  const { protocol } = listener.spec;
  if (protocol === "HTTPS" || wildcardsOver(listener.host).some((wide) => portHosts.has(wide))) {
    byHost.set(listener.host, []);
  }
  for (const attachment of routes) {
    for (const host of attachment.hosts) {
      if (narrowest(portHosts, host) !== listener.host) continue;
      const list = byHost.get(host);
      if (list === undefined) byHost.set(host, [attachment]);
      else list.push(attachment);
    }
  }
  return [...grouped(byHost).values()]
    .map(({ domains, attachments }) => ({
      domains: domains.toSorted(),
      rules: sortedRules(attachments, listener),
    }))
    .toSorted((a, b) => compareText(a.domains[0] ?? "", b.domains[0] ?? ""));
}

/**
 * Virtual hosts that answer 421 on a TLS listener: requests for hosts that belong to other
 * listeners of its port came over the wrong connection (RFC 9110, section 15.5.20).
 */
export function misdirectedHosts(
  listener: PlannedListener,
  portHosts: ReadonlySet<string>,
): readonly VirtualHost[] {
  const foreign = [...portHosts].filter((host) =>
    host !== listener.host && covers(listener.host, host)
  );
  // whatever else is not below this listener's own name is somebody else's, too
  const domains = listener.host === ANY_HOST ? foreign : [...foreign, ANY_HOST];
  if (domains.length === 0) return [];
  return [{ domains: domains.toSorted(), rules: [MISDIRECTED] }];
}

const MISDIRECTED: Rule = {
  name: "misdirected request",
  match: { path: { kind: "prefix", value: "/" }, headers: [], query: [] },
  action: { kind: "respond", status: 421 },
};

interface Group {
  readonly domains: string[];
  readonly attachments: readonly WebAttachment[];
}

/** Hosts with the same routes share one virtual host, so that rules are not repeated for each. */
function grouped(
  byHost: ReadonlyMap<string, readonly WebAttachment[]>,
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const [host, attachments] of byHost) {
    const key = attachments.map(({ planned }) => routeKey(planned)).join(" ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { domains: [host], attachments });
    else group.domains.push(host);
  }
  return groups;
}

function routeKey({ route }: PlannedWebRoute): string {
  return `${route.kind}/${pathOf(nameOf(route))}`;
}

interface Placed extends Ranked {
  readonly planned: PlannedRule;
  readonly found: Match;
}

function sortedRules(
  attachments: readonly WebAttachment[],
  listener: PlannedListener,
): readonly Rule[] {
  const placed = attachments.flatMap(({ planned: { route, rules } }) =>
    rules.flatMap((planned, rule) =>
      planned.matches.map(({ match: found, precedence }, match): Placed => ({
        precedence,
        route,
        rule,
        match,
        planned,
        found,
      }))
    )
  );
  return placed.toSorted(byPrecedence).map(({ planned, found }) => ({
    name: planned.label,
    match: found,
    action: actionOn(listener, planned),
    ...(planned.responseHeaders && { responseHeaders: planned.responseHeaders }),
    ...(planned.cors && { cors: planned.cors }),
  }));
}

function actionOn({ spec }: PlannedListener, { action }: PlannedRule): Action {
  return action.kind === "redirect" ? redirectOn(spec, action.filter) : action;
}
