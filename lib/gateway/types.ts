import type { LabelSelector } from "../core/mod.ts";
import type { Condition, KubeObject } from "../kube/types.ts";

/** Route kinds of `gateway.networking.k8s.io`. */
export type RouteKind = "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute" | "UDPRoute";

/** `GatewayClass`. */
export interface GatewayClass extends KubeObject {
  readonly spec: {
    readonly controllerName: string;
    readonly parametersRef?: LocalReference;
    readonly description?: string;
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly supportedFeatures?: readonly { readonly name: string }[];
  };
}

/** `Gateway`. */
export interface Gateway extends KubeObject {
  readonly spec: GatewaySpec;
  readonly status?: GatewayStatus;
}

/** `spec` of a Gateway. */
export interface GatewaySpec {
  readonly gatewayClassName: string;
  readonly listeners?: readonly GatewayListener[];
  readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
  readonly infrastructure?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly parametersRef?: LocalReference;
  };
  readonly allowedListeners?: { readonly namespaces?: NamespaceRule };
  readonly tls?: {
    readonly backend?: { readonly clientCertificateRef?: ObjectReference };
    readonly frontend?: {
      readonly default?: FrontendTls;
      readonly perPort?: readonly { readonly port: number; readonly tls: FrontendTls }[];
    };
  };
  readonly defaultScope?: string;
}

/** TLS towards clients: who they must be (GEP-91). */
export interface FrontendTls {
  readonly validation?: {
    readonly caCertificateRefs?: readonly ObjectReference[];
    readonly mode?: "AllowValidOnly" | "AllowInsecureFallback";
  };
}

/** A listener of a Gateway or of a ListenerSet. */
export interface GatewayListener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls?: {
    readonly mode?: "Terminate" | "Passthrough";
    readonly certificateRefs?: readonly ObjectReference[];
    readonly options?: Readonly<Record<string, string>>;
  };
  readonly allowedRoutes?: {
    readonly namespaces?: NamespaceRule;
    readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
  };
}

/** Which namespaces may attach; `Same` where absent. */
export interface NamespaceRule {
  readonly from?: "All" | "Same" | "Selector" | "None";
  readonly selector?: LabelSelector;
}

/** Reference within the namespace. */
export interface LocalReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** Reference that may cross namespaces; group and kind as defaulted by the API server. */
export interface ObjectReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
}

/** `status` of a Gateway. */
export interface GatewayStatus {
  readonly addresses?: readonly { readonly type?: string; readonly value: string }[];
  readonly conditions?: readonly Condition[];
  readonly listeners?: readonly ListenerStatus[];
  readonly attachedListenerSets?: number;
}

/** One listener in a status. */
export interface ListenerStatus {
  readonly name: string;
  readonly port?: number;
  readonly supportedKinds?: readonly { readonly group?: string; readonly kind: string }[];
  readonly attachedRoutes: number;
  readonly conditions: readonly Condition[];
}

/** `ListenerSet`. */
export interface ListenerSet extends KubeObject {
  readonly spec: {
    readonly parentRef: ObjectReference;
    readonly listeners: readonly GatewayListener[];
  };
  readonly status?: ListenerSetStatus;
}

/** `status` of a ListenerSet. */
export interface ListenerSetStatus {
  readonly conditions?: readonly Condition[];
  readonly listeners?: readonly ListenerStatus[];
}

/** `ReferenceGrant`. */
export interface ReferenceGrant extends KubeObject {
  readonly spec: {
    readonly from: readonly {
      readonly group: string;
      readonly kind: string;
      readonly namespace: string;
    }[];
    readonly to: readonly {
      readonly group: string;
      readonly kind: string;
      readonly name?: string;
    }[];
  };
}

/** `BackendTLSPolicy`. */
export interface BackendTLSPolicy extends KubeObject {
  readonly spec: {
    readonly targetRefs: readonly (LocalReference & { readonly sectionName?: string })[];
    readonly validation: {
      readonly caCertificateRefs?: readonly LocalReference[];
      readonly wellKnownCACertificates?: string;
      readonly hostname: string;
      readonly subjectAltNames?: readonly {
        readonly type: string;
        readonly hostname?: string;
        readonly uri?: string;
      }[];
    };
  };
  readonly status?: { readonly ancestors?: readonly PolicyAncestorStatus[] };
}

/** What one controller says of a policy below one Gateway (GEP-713). */
export interface PolicyAncestorStatus {
  readonly ancestorRef: ParentReference;
  readonly controllerName: string;
  readonly conditions?: readonly Condition[];
}

/** `core/v1` Secret; data in base64. Read by name only, never logged. */
export interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** `core/v1` ConfigMap. */
export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** A route with its kind, which list answers do not carry. */
export type Route =
  | (HTTPRoute & { readonly kind: "HTTPRoute" })
  | (GRPCRoute & { readonly kind: "GRPCRoute" })
  | (StreamRoute & { readonly kind: "TLSRoute" | "TCPRoute" | "UDPRoute" });

/** Parents that a route names. */
export interface ParentReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}

/** What one controller says of a route below one parent. */
export interface RouteParentStatus {
  readonly parentRef: ParentReference;
  readonly controllerName: string;
  readonly conditions?: readonly Condition[];
}

/** `status` of every route kind. */
export interface RouteStatus {
  readonly parents?: readonly RouteParentStatus[];
}

/** `HTTPRoute`. */
export interface HTTPRoute extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly HTTPRouteRule[];
  };
  readonly status?: RouteStatus;
}

/** One rule of an HTTPRoute. */
export interface HTTPRouteRule {
  readonly name?: string;
  readonly matches?: readonly HTTPRouteMatch[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendReference[];
  readonly timeouts?: { readonly request?: string; readonly backendRequest?: string };
  readonly retry?: {
    readonly codes?: readonly number[];
    readonly attempts?: number;
    readonly backoff?: string;
  };
  readonly sessionPersistence?: SessionPersistence;
}

/** GEP-1619. */
export interface SessionPersistence {
  readonly sessionName?: string;
  readonly type?: "Cookie" | "Header";
  readonly absoluteTimeout?: string;
  readonly idleTimeout?: string;
  readonly cookieConfig?: { readonly lifetimeType?: "Permanent" | "Session" };
}

/** Conditions that must all hold. */
export interface HTTPRouteMatch {
  readonly path?: { readonly type?: string; readonly value?: string };
  readonly headers?: readonly RouteValueMatch[];
  readonly queryParams?: readonly RouteValueMatch[];
  readonly method?: string;
}

/** A header or query parameter; `type` is Exact where absent. */
export interface RouteValueMatch {
  readonly type?: string;
  readonly name: string;
  readonly value: string;
}

/** Filters of HTTPRoute and GRPCRoute. */
export interface RouteFilter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderModifier;
  readonly responseHeaderModifier?: HeaderModifier;
  readonly requestMirror?: {
    readonly backendRef: BackendReference;
    readonly percent?: number;
    readonly fraction?: { readonly numerator: number; readonly denominator?: number };
  };
  readonly requestRedirect?: {
    readonly scheme?: string;
    readonly hostname?: string;
    readonly path?: PathModifier;
    readonly port?: number;
    readonly statusCode?: number;
  };
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: PathModifier };
  readonly cors?: {
    readonly allowOrigins?: readonly string[];
    readonly allowCredentials?: boolean;
    readonly allowMethods?: readonly string[];
    readonly allowHeaders?: readonly string[];
    readonly exposeHeaders?: readonly string[];
    readonly maxAge?: number;
  };
  readonly externalAuth?: unknown;
  readonly extensionRef?: LocalReference;
}

/** Header edits of a filter. */
export interface HeaderModifier {
  readonly set?: readonly { readonly name: string; readonly value: string }[];
  readonly add?: readonly { readonly name: string; readonly value: string }[];
  readonly remove?: readonly string[];
}

/** Path edit of a redirect or rewrite. */
export interface PathModifier {
  readonly type: string;
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}

/** A backend with its port, weight (1 where absent) and own filters. */
export interface BackendReference extends ObjectReference {
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly RouteFilter[];
}

/** `GRPCRoute`. */
export interface GRPCRoute extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly GRPCRouteRule[];
  };
  readonly status?: RouteStatus;
}

/** One rule of a GRPCRoute. */
export interface GRPCRouteRule {
  readonly name?: string;
  readonly matches?: readonly {
    readonly method?: {
      readonly type?: string;
      readonly service?: string;
      readonly method?: string;
    };
    readonly headers?: readonly RouteValueMatch[];
  }[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendReference[];
  readonly sessionPersistence?: SessionPersistence;
}

/** `TLSRoute`, `TCPRoute` and `UDPRoute`. */
export interface StreamRoute extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentReference[];
    /** TLSRoute alone. */
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly name?: string;
      readonly backendRefs?: readonly BackendReference[];
    }[];
  };
  readonly status?: RouteStatus;
}
