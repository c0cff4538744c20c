/** Transport protocols that a Service port may name (Kubernetes `core/v1` Protocol). */
export type Protocol = "TCP" | "UDP" | "SCTP";

/** IP families (Kubernetes `core/v1` IPFamily). */
export type IpFamily = "IPv4" | "IPv6";

/** One place that answers: a Pod's address and port, and the node behind which it lives. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** Node name; absent for endpoints outside the cluster. */
  readonly node?: string;
}

/** How clients are bound to endpoints; `client-ip` hashes the source address alone. */
export type Affinity = "none" | "client-ip";

/** One (address, protocol, port) that a plane serves. */
export interface Listener {
  readonly address: string;
  readonly family: IpFamily;
  readonly protocol: Protocol;
  readonly port: number;
  /** CIDRs of this family that may connect; empty means everybody. */
  readonly sourceRanges: readonly string[];
  /** True when the Service has ranges but none of this family: nobody may connect. */
  readonly closed: boolean;
  readonly affinity: Affinity;
  /** Sorted by address, then port. Empty: connections are refused. */
  readonly endpoints: readonly Endpoint[];
}

/** What one Service asks of a plane that forwards packets or bytes. */
export interface ProxySpec {
  /** `<cluster>/<namespace>/<name>`. */
  readonly key: string;
  readonly addresses: readonly string[];
  readonly listeners: readonly Listener[];
  /** Names of the nodes that may announce the addresses, sorted. */
  readonly announcers: readonly string[];
  /** Tells TCP backends who the client is; of planes that cannot keep its address. */
  readonly proxyProtocol?: "v1" | "v2";
}

/**
 * What one Gateway, the Ingresses of a cluster, or one Service asks of a proxy that understands
 * more than packets. It holds everything the proxy needs and nothing of Kubernetes: a plane reads
 * only this. Names of backends, certificates and authorities are unique within one spec.
 */
export interface RouteSpec {
  /** `<cluster>/gateway/<namespace>/<name>`, `<cluster>/ingress` or a Service's key. */
  readonly key: string;
  /** Addresses that the proxy answers on, canonical text; taken from the ledger. */
  readonly addresses: readonly string[];
  /** Sorted by port, then protocol. */
  readonly ports: readonly RoutePort[];
  /** Sorted by name. */
  readonly backends: readonly Backend[];
  /** Sorted by name. */
  readonly certificates: readonly Certificate[];
  /** Sorted by name. */
  readonly authorities: readonly Authority[];
}

/** One port of the proxy. */
export type RoutePort = TcpPort | UdpPort;

/** A TCP port: filter chains, of which the client's SNI (if any) chooses one. */
export interface TcpPort {
  readonly protocol: "TCP";
  readonly port: number;
  /** Those of the spec's addresses that have it; absent: all. */
  readonly addresses?: readonly string[];
  /** CIDRs that may connect; empty means everybody. */
  readonly sourceRanges: readonly string[];
  /** Exact server names win over wildcards, longer wildcards over shorter, none comes last. */
  readonly chains: readonly Chain[];
}

/** A UDP port. */
export interface UdpPort {
  readonly protocol: "UDP";
  readonly port: number;
  /** Those of the spec's addresses that have it; absent: all. */
  readonly addresses?: readonly string[];
  /** CIDRs that may send; empty means everybody. */
  readonly sourceRanges: readonly string[];
  readonly affinity: Affinity;
  /** Empty or all of weight 0: datagrams are dropped. */
  readonly split: readonly Share[];
}

/** What happens to connections of one set of server names. */
export interface Chain {
  /** For people: the listener's name. */
  readonly name: string;
  /** SNI names, `*.example.com` included. Empty: every connection. */
  readonly serverNames: readonly string[];
  /** True: chosen by the SNI of a TLS client though TLS is not terminated (pass-through). */
  readonly peek: boolean;
  /** Present: TLS ends here. */
  readonly tls?: DownstreamTls;
  readonly serve: HttpServe | TcpServe;
}

/** TLS towards clients. */
export interface DownstreamTls {
  /** Names of certificates; the client's SNI picks. */
  readonly certificates: readonly string[];
  /** Application protocols offered (ALPN), best first. */
  readonly alpn: readonly string[];
  readonly client?: ClientValidation;
}

/** Client certificates (GEP-91). */
export interface ClientValidation {
  /** Name of an authority. */
  readonly authority: string;
  /** `insecure-fallback`: a missing or foreign certificate passes too. */
  readonly mode: "require" | "insecure-fallback";
}

/** HTTP/1.1, HTTP/2 (also without TLS) and gRPC. */
export interface HttpServe {
  readonly kind: "http";
  readonly hosts: readonly VirtualHost[];
  /** Chains of a port with the same text here have the same hosts: the proxy holds them once. */
  readonly shared?: string;
}

/** Bytes. */
export interface TcpServe {
  readonly kind: "tcp";
  readonly affinity: Affinity;
  /** Empty or all of weight 0: connections are reset. */
  readonly split: readonly Share[];
}

/** Rules for hosts. Requests for a host that no virtual host names get 404. */
export interface VirtualHost {
  /** `a.example.com`, `*.example.com` or `*`; a port in the Host header is ignored. */
  readonly domains: readonly string[];
  /** The first match wins: sorted by precedence already. None matches: 404. */
  readonly rules: readonly Rule[];
}

/** One match and what it leads to. */
export interface Rule {
  /** For people and logs: `HTTPRoute shop/cart rule 2`. */
  readonly name: string;
  readonly match: Match;
  readonly action: Action;
  /** Applied to what clients receive, whatever the action. */
  readonly responseHeaders?: HeaderEdit;
  readonly cors?: Cors;
}

/** All parts must hold. */
export interface Match {
  readonly path: PathMatch;
  readonly method?: string;
  readonly headers: readonly ValueMatch[];
  readonly query: readonly ValueMatch[];
  /** A wildcard domain, `*.example.com`, of which one label alone may stand for the wildcard. */
  readonly oneLabelOf?: string;
}

/** `prefix` matches whole path elements; `/` matches everything. `regex` is RE2, whole path. */
export interface PathMatch {
  readonly kind: "exact" | "prefix" | "regex";
  readonly value: string;
}

/** Of a header (name without regard to case) or a query parameter (name as it is). */
export interface ValueMatch {
  readonly name: string;
  readonly kind: "exact" | "regex";
  readonly value: string;
}

/** What a rule leads to. */
export type Action = Respond | Redirect | Forward;

/** Answered by the proxy itself. */
export interface Respond {
  readonly kind: "respond";
  readonly status: number;
}

/** Absent parts are those of the request. */
export interface Redirect {
  readonly kind: "redirect";
  readonly status: 301 | 302 | 303 | 307 | 308;
  readonly scheme?: "http" | "https";
  readonly hostname?: string;
  /** Always set by the planner where the Location must carry one; 80 and 443 are left out. */
  readonly port?: number;
  readonly path?: PathEdit;
}

/** Sent to backends. */
export interface Forward {
  readonly kind: "forward";
  /** Shares of weight 0 get nothing; no share left means 500. */
  readonly split: readonly Share[];
  readonly requestHeaders?: HeaderEdit;
  readonly rewrite?: { readonly hostname?: string; readonly path?: PathEdit };
  readonly mirrors: readonly Mirror[];
  /** Milliseconds for the whole request; 0 or absent: no limit. */
  readonly timeoutMs?: number;
  /** Milliseconds for each try; 0 or absent: no limit. */
  readonly backendTimeoutMs?: number;
  readonly retry?: Retry;
  readonly persistence?: Persistence;
}

/** `prefix` replaces what the rule's prefix match matched. */
export interface PathEdit {
  readonly kind: "full" | "prefix";
  readonly value: string;
}

/** In the order remove, set, add. Names without regard to case. */
export interface HeaderEdit {
  readonly set: readonly Header[];
  readonly add: readonly Header[];
  readonly remove: readonly string[];
}

/** A header field. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** One part of a split. */
export interface Share {
  readonly weight: number;
  /** Name of a backend; or what is answered instead, for a reference that does not hold. */
  readonly to: { readonly backend: string } | { readonly status: 500 };
  readonly requestHeaders?: HeaderEdit;
  readonly responseHeaders?: HeaderEdit;
  /** Of this share alone; wins over the rule's. */
  readonly rewrite?: { readonly hostname?: string; readonly path?: PathEdit };
}

/** A copy of `numerator`/`denominator` of the requests; answers are dropped. */
export interface Mirror {
  readonly backend: string;
  readonly numerator: number;
  readonly denominator: number;
}

/** GEP-1731. */
export interface Retry {
  /** Tries after the first. */
  readonly attempts: number;
  /** Status codes that are tried again; connection errors always are. */
  readonly codes: readonly number[];
  readonly backoffMs?: number;
}

/** GEP-1619: requests of one session go to one endpoint. */
export interface Persistence {
  readonly kind: "cookie" | "header";
  readonly name: string;
  /** Cookies: the path they are for. */
  readonly path?: string;
  /** Cookies: seconds until it ends; absent: with the browser's session. */
  readonly ttlSeconds?: number;
}

/** GEP-1767. */
export interface Cors {
  /** `https://a.example`, `https://*.example` or `*`. */
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number;
}

/** Endpoints of one kind. No endpoints: HTTP clients get 503, connections are reset. */
export interface Backend {
  readonly name: string;
  /** `auto`: as the client speaks; `h2` is HTTP/2 without negotiation. */
  readonly protocol: "http1" | "h2" | "auto" | "tcp" | "udp";
  readonly affinity: Affinity;
  /** Sorted by address, then port. */
  readonly endpoints: readonly Endpoint[];
  readonly tls?: UpstreamTls;
  readonly proxyProtocol?: "v1" | "v2";
}

/** TLS towards a backend (BackendTLSPolicy, GEP-1897). Never falls back to plain text. */
export interface UpstreamTls {
  /** SNI, and the name that the certificate must carry unless `names` are given. */
  readonly hostname: string;
  /** Subject alternative names, one of which must match. */
  readonly names: readonly { readonly kind: "dns" | "uri"; readonly value: string }[];
  /** Name of an authority, or what the proxy's image trusts. */
  readonly authority: string | "system";
  /** Name of the certificate that the proxy shows. */
  readonly certificate?: string;
}

/** A certificate with its key. Never logged. */
export interface Certificate {
  readonly name: string;
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/** Certificates that are trusted. */
export interface Authority {
  readonly name: string;
  /** PEM. */
  readonly certificates: string;
}
