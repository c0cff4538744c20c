import {
  headerNameProblem,
  headerValueProblem,
  hostProblem,
  writtenPathProblem,
} from "../proxy/mod.ts";
import type { Cors, Forward, HeaderEdit, PathEdit } from "../proxy/types.ts";
import { type Problem, problem } from "./problem.ts";
import type { BackendReference, HeaderModifier, PathModifier, RouteFilter } from "./types.ts";

/** Where a filter stands: on a rule, or on one of its backends. */
export type FilterPlace = "rule" | "backend";

/** A copy of requests before its backend is looked up. */
export interface MirrorFilter {
  readonly ref: BackendReference;
  readonly numerator: number;
  readonly denominator: number;
}

/** The filters of a rule or a backend. */
export interface Filters {
  readonly requestHeaders?: HeaderEdit;
  readonly responseHeaders?: HeaderEdit;
  readonly redirect?: NonNullable<RouteFilter["requestRedirect"]>;
  readonly rewrite?: NonNullable<Forward["rewrite"]>;
  readonly mirrors: readonly MirrorFilter[];
  readonly cors?: Cors;
  /** What cannot be done; the filters are of no use then. */
  readonly problems: readonly Problem[];
}

/** What the paths of a rule's matches allow a path edit to be. */
export interface FilterContext {
  readonly place: FilterPlace;
  /** True when every match of the rule is a path prefix. */
  readonly prefixOnly: boolean;
}

/** Reads the filters of a rule or a backend; every problem names field, value and remedy. */
export function readFilters(
  filters: readonly RouteFilter[] | undefined,
  context: FilterContext,
): Filters {
  const parts = (filters ?? []).map((filter) => readFilter(filter, context));
  const merged = parts.reduce<Filters>((all, part) => ({
    ...all,
    ...part,
    mirrors: [...all.mirrors, ...part.mirrors],
    problems: [...all.problems, ...part.problems],
  }), NONE);
  if (merged.redirect === undefined || merged.rewrite === undefined) return merged;
  const clash = problem(
    "IncompatibleFilters",
    "RequestRedirect and URLRewrite stand in one rule: keep one of them",
  );
  return { ...merged, problems: [...merged.problems, clash] };
}

const NONE: Filters = { mirrors: [], problems: [] };

const ON_BACKENDS: readonly string[] = [
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "URLRewrite",
];

function readFilter(filter: RouteFilter, context: FilterContext): Filters {
  if (context.place === "backend" && !ON_BACKENDS.includes(filter.type)) {
    return refused(`filter ${filter.type} is not served on backendRefs: put it on the rule`);
  }
  const { requestHeaderModifier, responseHeaderModifier, requestMirror, requestRedirect } = filter;
  switch (filter.type) {
    case "RequestHeaderModifier":
      return edited("requestHeaders", requestHeaderModifier ?? {});
    case "ResponseHeaderModifier":
      return edited("responseHeaders", responseHeaderModifier ?? {});
    case "RequestMirror":
      return requestMirror === undefined ? empty(filter) : mirrored(requestMirror);
    case "RequestRedirect":
      return redirected(requestRedirect ?? {}, context);
    case "URLRewrite":
      return rewritten(filter.urlRewrite ?? {}, context);
    case "CORS":
      return shared(filter.cors ?? {});
    default:
      return refused(`filter ${filter.type} is not served: remove it`);
  }
}

function refused(message: string): Filters {
  return { ...NONE, problems: [problem("UnsupportedValue", message)] };
}

function empty({ type }: RouteFilter): Filters {
  return refused(`filter ${type} says nothing: fill in its field`);
}

function edited(field: "requestHeaders" | "responseHeaders", modifier: HeaderModifier): Filters {
  const { set = [], add = [], remove = [] } = modifier;
  const names = [...set.map(({ name }) => name), ...add.map(({ name }) => name), ...remove];
  // a request's host can be set, which is a rewrite; nothing else can be done to it
  const hostless = field === "requestHeaders" ? names.slice(set.length) : names;
  const wrong = [
    ...names.map(headerNameProblem),
    ...hostless.map((name) =>
      isHost(name) ? `header "${name}" cannot be edited: rewrite the host name instead` : undefined
    ),
    ...set.map(({ name, value }) => isHost(name) ? hostProblem(value) : undefined),
    ...[...set, ...add].map(({ name, value }) => {
      const what = headerValueProblem(value);
      return what === undefined ? undefined : `value of header "${name}": ${what}`;
    }),
  ].flatMap((one) => one ?? []);
  const edit: HeaderEdit = {
    set: set.map(({ name, value }) => ({ name, value })),
    add: add.map(({ name, value }) => ({ name, value })),
    remove,
  };
  return wrong.length === 0 ? { ...NONE, [field]: edit } : refused(wrong.join("; "));
}

function isHost(name: string): boolean {
  return name.toLowerCase() === "host";
}

function mirrored(mirror: NonNullable<RouteFilter["requestMirror"]>): Filters {
  const { backendRef, percent, fraction } = mirror;
  const numerator = fraction?.numerator ?? percent ?? 100;
  const denominator = fraction?.denominator ?? 100;
  if (numerator <= 0) return NONE;
  return { ...NONE, mirrors: [{ ref: backendRef, numerator, denominator }] };
}

function redirected(
  redirect: NonNullable<RouteFilter["requestRedirect"]>,
  context: FilterContext,
): Filters {
  const { scheme, path, hostname, port = 80, statusCode = 302 } = redirect;
  const wrong = [
    ...(scheme === undefined || scheme === "http" || scheme === "https"
      ? []
      : [`requestRedirect.scheme "${scheme}" is not served: use http or https`]),
    ...([301, 302, 303, 307, 308].includes(statusCode)
      ? []
      : [`requestRedirect.statusCode ${statusCode} is no redirect: use 301, 302, 303, 307 or 308`]),
    ...(port >= 1 && port <= 65_535
      ? []
      : [`requestRedirect.port ${port} is none: use 1 to 65535`]),
    ...hostProblems(hostname),
    ...pathProblems(path, context),
  ];
  return wrong.length === 0 ? { ...NONE, redirect } : refused(wrong.join("; "));
}

function rewritten(
  rewrite: NonNullable<RouteFilter["urlRewrite"]>,
  context: FilterContext,
): Filters {
  const wrong = [...hostProblems(rewrite.hostname), ...pathProblems(rewrite.path, context)];
  if (wrong.length > 0) return refused(wrong.join("; "));
  const path = pathEdit(rewrite.path);
  const { hostname } = rewrite;
  return {
    ...NONE,
    rewrite: { ...(hostname !== undefined && { hostname }), ...(path && { path }) },
  };
}

/** A path edit as proxies take it; call it for what {@link readFilters} let pass. */
export function pathEdit(path: PathModifier | undefined): PathEdit | undefined {
  if (path === undefined) return undefined;
  return path.type === "ReplaceFullPath"
    ? { kind: "full", value: path.replaceFullPath ?? "/" }
    : { kind: "prefix", value: path.replacePrefixMatch ?? "/" };
}

function pathProblems(path: PathModifier | undefined, context: FilterContext): readonly string[] {
  if (path === undefined) return [];
  if (path.type !== "ReplaceFullPath" && path.type !== "ReplacePrefixMatch") {
    return [`path.type "${path.type}" is not served: use ReplaceFullPath or ReplacePrefixMatch`];
  }
  if (path.type === "ReplacePrefixMatch" && !context.prefixOnly) {
    return ["path.type ReplacePrefixMatch needs matches of type PathPrefix alone: change either"];
  }
  const value = pathEdit(path)?.value ?? "";
  const wrong = value === "" ? undefined : writtenPathProblem(value); // nothing means /
  return wrong === undefined ? [] : [`path of the filter: ${wrong}`];
}

function hostProblems(host: string | undefined): readonly string[] {
  const wrong = host === undefined ? undefined : hostProblem(host);
  return wrong === undefined ? [] : [`hostname of the filter: ${wrong}`];
}

function shared(cors: NonNullable<RouteFilter["cors"]>): Filters {
  const { allowMethods = [], allowHeaders = [], exposeHeaders = [], allowOrigins = [] } = cors;
  const wrong = [
    ...[...allowMethods, ...allowHeaders, ...exposeHeaders].map(headerNameProblem),
    ...allowOrigins.map((origin) =>
      origin === ""
        ? "an origin is empty: write it like https://a.example"
        : headerValueProblem(origin)
    ),
  ].flatMap((one) => one ?? []);
  return wrong.length === 0
    ? { ...NONE, cors: corsOf(cors) }
    : refused(`filter CORS: ${wrong.join("; ")}`);
}

function corsOf(cors: NonNullable<RouteFilter["cors"]>): Cors {
  return {
    origins: cors.allowOrigins ?? [],
    methods: cors.allowMethods ?? [],
    headers: cors.allowHeaders ?? [],
    exposeHeaders: cors.exposeHeaders ?? [],
    credentials: cors.allowCredentials ?? false,
    maxAgeSeconds: cors.maxAge ?? 5, // the API's default
  };
}
