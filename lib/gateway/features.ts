/** The two sets of Gateway API resource definitions. */
export type GatewayChannel = "standard" | "experimental";

/**
 * What berth does, by the names of the Gateway API's features, with the channel whose resource
 * definitions carry the fields that the feature needs.
 */
const FEATURES: Readonly<Record<string, GatewayChannel>> = {
  BackendTLSPolicy: "standard",
  BackendTLSPolicySANValidation: "standard",
  GRPCRoute: "standard",
  GRPCRouteNamedRouteRule: "standard",
  Gateway: "standard",
  GatewayAddressEmpty: "standard",
  GatewayBackendClientCertificate: "standard",
  GatewayFrontendClientCertificateValidation: "standard",
  GatewayFrontendClientCertificateValidationInsecureFallback: "standard",
  GatewayHTTPListenerIsolation: "standard",
  GatewayHTTPSListenerDetectMisdirectedRequests: "standard",
  GatewayInfrastructure: "standard",
  GatewayPort8080: "standard",
  GatewayStaticAddresses: "standard",
  HTTPRoute: "standard",
  HTTPRoute303RedirectStatusCode: "standard",
  HTTPRoute307RedirectStatusCode: "standard",
  HTTPRoute308RedirectStatusCode: "standard",
  HTTPRouteBackendProtocolH2C: "standard",
  HTTPRouteBackendProtocolWebSocket: "standard",
  HTTPRouteBackendRequestHeaderModification: "standard",
  HTTPRouteBackendTimeout: "standard",
  HTTPRouteCORS: "standard",
  HTTPRouteDestinationPortMatching: "standard",
  HTTPRouteHostRewrite: "standard",
  HTTPRouteMethodMatching: "standard",
  HTTPRouteNamedRouteRule: "standard",
  HTTPRouteParentRefPort: "standard",
  HTTPRoutePathRedirect: "standard",
  HTTPRoutePathRewrite: "standard",
  HTTPRoutePortRedirect: "standard",
  HTTPRouteQueryParamMatching: "standard",
  HTTPRouteRequestMirror: "standard",
  HTTPRouteRequestMultipleMirrors: "standard",
  HTTPRouteRequestPercentageMirror: "standard",
  HTTPRouteRequestTimeout: "standard",
  HTTPRouteResponseHeaderModification: "standard",
  HTTPRouteRetry: "experimental",
  HTTPRouteRetryBackendTimeout: "experimental",
  HTTPRouteRetryConnectionError: "experimental",
  HTTPRouteSchemeRedirect: "standard",
  ListenerSet: "standard",
  ReferenceGrant: "standard",
  TCPRoute: "standard",
  TLSRoute: "standard",
  TLSRouteModeMixed: "standard",
  TLSRouteModeTerminate: "standard",
  UDPRoute: "standard",
};

/** Names of the supported features on a channel, sorted as `status.supportedFeatures` wants it. */
export function supportedFeatures(channel: GatewayChannel): readonly string[] {
  return Object.entries(FEATURES)
    .filter(([, needs]) => needs === "standard" || channel === "experimental")
    .map(([name]) => name)
    .toSorted();
}
