/** What an Ingress must do, as a table: the cases of the Ingress conformance project and more. */

/** A request and what must come of it. */
export interface IngressCase {
  readonly name: string;
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  /** Over TLS, with a certificate for `host`. */
  readonly secure?: boolean;
  /** Name of the Service that must answer with 200; without, nobody may: 404. */
  readonly service?: string;
}

/** Cases that share an Ingress. */
export interface IngressGroup {
  readonly name: string;
  /** Echo servers to deploy. */
  readonly services: readonly string[];
  readonly spec: Readonly<Record<string, unknown>>;
  /** The first one must be answered by a Service: it tells when the Ingress is served. */
  readonly cases: readonly [IngressCase, ...IngressCase[]];
}

/** A rule's path to a Service, by its port's number. */
function path(pathType: string, value: string, name: string): Record<string, unknown> {
  return { path: value, pathType, backend: { service: { name, port: { number: 8080 } } } };
}

function rule(host: string, ...paths: readonly Record<string, unknown>[]): Record<string, unknown> {
  return { host, http: { paths } };
}

const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"] as const;

const DEFAULT_BACKEND: IngressGroup = {
  name: "default backend",
  services: ["everything"],
  spec: { defaultBackend: { service: { name: "everything", port: { number: 8080 } } } },
  cases: [
    { name: "any host", host: "some.where", service: "everything" },
    ...METHODS.map((method) => ({
      name: method,
      host: `${method.toLowerCase()}.example`,
      path: `/any/path/${method}`,
      method,
      service: "everything",
    })),
  ],
};

const HOSTS: IngressGroup = {
  name: "hosts",
  services: ["wildcard-foo-com", "foo-bar-com"],
  spec: {
    tls: [{ hosts: ["foo.bar.com"], secretName: "foo-bar-com" }],
    rules: [
      rule("*.foo.com", path("Prefix", "/", "wildcard-foo-com")),
      rule("foo.bar.com", {
        path: "/",
        pathType: "Prefix",
        backend: { service: { name: "foo-bar-com", port: { name: "http" } } },
      }),
    ],
  },
  cases: [
    { name: "the host, by a named port", host: "foo.bar.com", service: "foo-bar-com" },
    { name: "the host over TLS", host: "foo.bar.com", secure: true, service: "foo-bar-com" },
    { name: "another host of its domain", host: "subdomain.bar.com" },
    { name: "a label for the wildcard", host: "bar.foo.com", service: "wildcard-foo-com" },
    { name: "two labels for the wildcard", host: "baz.bar.foo.com" },
    { name: "no label for the wildcard", host: "foo.com" },
  ],
};

const PATHS: IngressGroup = {
  name: "paths",
  services: ["foo-exact", "foo-prefix", "aaa", "aaa-bbb", "aaa-bbb-slash", "foo-slash-exact"],
  spec: {
    rules: [
      rule("exact", path("Exact", "/foo", "foo-exact")),
      rule(
        "prefix",
        path("Prefix", "/foo", "foo-prefix"),
        path("Prefix", "/aaa/bbb", "aaa-bbb"),
        path("Prefix", "/aaa", "aaa"),
      ),
      rule("mixed", path("Prefix", "/foo", "foo-prefix"), path("Exact", "/foo", "foo-exact")),
      rule(
        "slash",
        path("Prefix", "/aaa/bbb/", "aaa-bbb-slash"),
        path("Exact", "/foo/", "foo-slash-exact"),
      ),
    ],
  },
  cases: [
    { name: "exact /foo, asked /foo", host: "exact", path: "/foo", service: "foo-exact" },
    { name: "exact /foo, asked /foo/", host: "exact", path: "/foo/" },
    { name: "exact /foo, asked /FOO", host: "exact", path: "/FOO" },
    { name: "exact /foo, asked /bar", host: "exact", path: "/bar" },
    { name: "prefix /foo, asked /foo", host: "prefix", path: "/foo", service: "foo-prefix" },
    { name: "prefix /foo, asked /foo/", host: "prefix", path: "/foo/", service: "foo-prefix" },
    { name: "prefix /foo, asked /FOO", host: "prefix", path: "/FOO" },
    { name: "the longer prefix, itself", host: "prefix", path: "/aaa/bbb", service: "aaa-bbb" },
    {
      name: "the longer prefix, below it",
      host: "prefix",
      path: "/aaa/bbb/ccc",
      service: "aaa-bbb",
    },
    { name: "the shorter prefix", host: "prefix", path: "/aaa/ccc", service: "aaa" },
    { name: "prefix /aaa, asked /aaaccc", host: "prefix", path: "/aaaccc" },
    { name: "exact before prefix", host: "mixed", path: "/foo", service: "foo-exact" },
    { name: "below the exact path", host: "mixed", path: "/foo/bar", service: "foo-prefix" },
    {
      name: "prefix /aaa/bbb/, asked without slash",
      host: "slash",
      path: "/aaa/bbb",
      service: "aaa-bbb-slash",
    },
    {
      name: "prefix /aaa/bbb/, asked with slash",
      host: "slash",
      path: "/aaa/bbb/",
      service: "aaa-bbb-slash",
    },
    { name: "exact /foo/, asked /foo", host: "slash", path: "/foo" },
    { name: "exact /foo/, asked /foo/", host: "slash", path: "/foo/", service: "foo-slash-exact" },
  ],
};

/** The groups, each with an Ingress of its own. */
export const GROUPS: readonly IngressGroup[] = [HOSTS, PATHS, DEFAULT_BACKEND];
