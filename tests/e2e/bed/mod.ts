/** The end-to-end test bed: real Kubernetes programs in kind-shaped containers. */
export { type BackendOptions, Bed, clusterAt, clusterDown, clusterUp } from "./bed.ts";
export { Authority, type KeyPair, tlsSecret } from "./certificates.ts";
export { removeLeftovers } from "./cluster.ts";
export { echoDeployment, type EchoOptions, echoService } from "./echo.ts";
export { alive, docker, engineAnswers, startEngine, stopEngine, until } from "./engine.ts";
export { BACKEND_IMAGE, ensureAgnhostImages, ensureBackendImage } from "./images.ts";
export {
  COREDNS_IMAGE,
  ECHO_IMAGE,
  ensureEnvoyImage,
  ensureGatewayImages,
  ensureSuiteImages,
  ENVOY_IMAGE,
} from "./gateway_images.ts";
export { ignore, KubeApi, KubeError, type KubeObject, type WatchEvent } from "./kube_api.ts";
export { KIND_CLUSTER, KIND_ROLE } from "./labels.ts";
export type { NodeContainer } from "./nodes.ts";
export { ensurePart, ensureParts, PART_NAMES, type PartName } from "./parts.ts";
export type { ClusterOptions, ClusterShape, Family, ProxyMode } from "./shape.ts";
export { run, runAnyway, type RunOptions, type RunResult } from "./shell.ts";
