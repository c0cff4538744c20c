import { choice, count, duration, names, onOff, type OptionSpec, text } from "./option_kinds.ts";
import type { CommandName } from "./command_names.ts";
import { KEEPALIVED_OPTIONS } from "./keepalived_options.ts";

const SERVING: readonly CommandName[] = ["run", "dev"];
/** Commands that look at the pools of a ConfigMap. */
const WITH_POOLS: readonly CommandName[] = ["pools", "pools explain"];
const STATUS: readonly CommandName[] = ["status", "status gateways"];
const ONE_SHOT: readonly CommandName[] = [...STATUS, "doctor", "cleanup", "config", ...WITH_POOLS];
const WITH_CLUSTERS: readonly CommandName[] = ["run", ...ONE_SHOT];
/** Modes that run in a cluster, and elect a leader among their replicas. */
const IN_CLUSTER: readonly CommandName[] = ["ipam", "keepalived"];
/** Commands with one cluster: that of a kubeconfig, or of the Pod around them. */
const ONE_CLUSTER: readonly CommandName[] = [
  ...IN_CLUSTER,
  "keepalived render",
  "keepalived agent",
];
/** The mode, and what prints its manifests: the same names go into both. */
const IPAM: readonly CommandName[] = ["ipam", "manifests ipam"];
const MANIFESTS: readonly CommandName[] = ["manifests ipam", "manifests keepalived"];
const EVERY: readonly CommandName[] = [
  ...SERVING,
  ...ONE_CLUSTER,
  ...ONE_SHOT,
  ...MANIFESTS,
  "list-images",
  "version",
  "help",
];

/** The one table behind flags, environment variables, help and the README. */
export const OPTIONS = {
  plane: choice(["auto", "kernel", "envoy", "embedded"], {
    flags: ["--plane"],
    env: ["BERTH_PLANE"],
    metavar: "PLANE",
    default: "auto",
    doc: "what carries the traffic: auto, kernel, envoy or embedded",
    commands: ["run"],
  }),
  clusters: names({
    flags: ["--cluster"],
    env: ["BERTH_CLUSTERS"],
    metavar: "NAME",
    doc: "only this cluster; may be repeated (every cluster when not given)",
    commands: WITH_CLUSTERS,
  }),
  network: text<string | undefined>({
    flags: ["--network"],
    env: [
      "BERTH_NETWORK",
      "KIND_EXPERIMENTAL_DOCKER_NETWORK",
      "KIND_EXPERIMENTAL_PODMAN_NETWORK",
    ],
    metavar: "NAME",
    default: undefined,
    doc: "engine network that addresses are taken from (the clusters' own when not given)",
    commands: WITH_CLUSTERS,
  }),
  provider: text({
    flags: ["--provider"],
    env: ["KIND_EXPERIMENTAL_PROVIDER"],
    metavar: "ENGINE",
    default: "auto",
    doc: "container engine to look for: auto, docker or podman",
    commands: WITH_CLUSTERS,
  }),
  workers: count({ min: 1, max: 64 }, {
    flags: ["--workers"],
    env: ["BERTH_WORKERS"],
    metavar: "N",
    default: 1,
    doc: "Web Workers per cluster",
    commands: SERVING,
  }),
  keep: onOff({
    flags: ["--keep"],
    env: ["BERTH_KEEP"],
    default: false,
    doc: "leave addresses serving on exit",
    commands: ["run"],
  }),
  stateDir: text({
    flags: ["--state-dir"],
    env: ["BERTH_STATE_DIR"],
    metavar: "DIRECTORY",
    default: ".berth",
    doc: "where berth writes: the kubeconfig of dev, the kept logs of proxies",
    commands: SERVING,
  }),
  kubeconfig: text<string | undefined>({
    flags: ["--kubeconfig"],
    env: ["BERTH_KUBECONFIG"],
    metavar: "FILE",
    default: undefined,
    doc: "the cluster of this file, instead of the engine's clusters or the one around a Pod",
    commands: [...STATUS, ...WITH_POOLS, ...ONE_CLUSTER],
  }),
  context: text<string | undefined>({
    flags: ["--context"],
    env: ["BERTH_CONTEXT"],
    metavar: "NAME",
    default: undefined,
    doc: "context of --kubeconfig (its current one when not given)",
    commands: [...STATUS, ...WITH_POOLS, ...ONE_CLUSTER],
  }),
  outsideCluster: onOff({
    flags: ["--OutSideCluster"],
    env: [],
    default: false,
    doc: "take $HOME/.kube/config, as a person would",
    commands: ONE_CLUSTER,
  }),
  poolNamespace: text({
    flags: ["--pool-namespace"],
    env: ["KUBEVIP_NAMESPACE"],
    metavar: "NAMESPACE",
    default: "kube-system",
    doc: "namespace of the ConfigMap with the pools",
    commands: [...IPAM, ...WITH_POOLS],
  }),
  poolConfigMap: text({
    flags: ["--pool-config-map"],
    env: ["KUBEVIP_CONFIG_MAP"],
    metavar: "NAME",
    default: "kubevip",
    doc: "name of the ConfigMap with the pools",
    commands: [...IPAM, ...WITH_POOLS],
  }),
  enableLoadBalancerClass: onOff({
    flags: ["--enable-loadbalancerclass"],
    env: ["KUBEVIP_ENABLE_LOADBALANCERCLASS"],
    default: false,
    doc: "serve the Services of one class alone, instead of those without a class",
    commands: [...IPAM, ...WITH_POOLS],
  }),
  loadBalancerClassName: text({
    flags: ["--loadbalancerclass-name"],
    env: ["KUBEVIP_CUSTOM_LOADBALANCERCLASS_NAME"],
    metavar: "CLASS",
    default: "kube-vip.io/kube-vip-class",
    doc: "that class",
    commands: [...IPAM, ...WITH_POOLS],
  }),
  service: text<string | undefined>({
    flags: ["--service"],
    env: [],
    metavar: "NAMESPACE/NAME",
    default: undefined,
    doc: "only this Service",
    commands: ["pools explain"],
  }),
  concurrentServiceSyncs: count({ min: 1, max: 256 }, {
    flags: ["--concurrent-service-syncs"],
    env: [],
    metavar: "N",
    default: 8,
    doc: "Services that are written at the same time",
    commands: ["ipam"],
  }),
  leaderElect: onOff({
    flags: ["--leader-elect"],
    env: [],
    default: true,
    doc: "work only while holding the Lease, so that several replicas may run",
    commands: IN_CLUSTER,
  }),
  leaseDuration: duration({
    flags: ["--leader-elect-lease-duration"],
    env: [],
    metavar: "DURATION",
    default: "15s",
    doc: "after so long without a sign of life a leader is replaced",
    commands: IN_CLUSTER,
  }),
  renewDeadline: duration({
    flags: ["--leader-elect-renew-deadline"],
    env: [],
    metavar: "DURATION",
    default: "10s",
    doc: "after so long without an answer a leader gives up",
    commands: IN_CLUSTER,
  }),
  retryPeriod: duration({
    flags: ["--leader-elect-retry-period"],
    env: [],
    metavar: "DURATION",
    default: "2s",
    doc: "between two attempts to get or keep the Lease",
    commands: IN_CLUSTER,
  }),
  resourceLock: choice(["leases"], {
    flags: ["--leader-elect-resource-lock"],
    env: [],
    metavar: "KIND",
    default: "leases",
    doc: "kind of the lock; there is one",
    commands: IN_CLUSTER,
  }),
  resourceName: text<string | undefined>({
    flags: ["--leader-elect-resource-name"],
    env: [],
    metavar: "NAME",
    default: undefined,
    doc:
      "name of the Lease (ipam: kube-vip-cloud-controller, so that it and its peer take turns; keepalived: berth-keepalived)",
    commands: IN_CLUSTER,
  }),
  resourceNamespace: text({
    flags: ["--leader-elect-resource-namespace"],
    env: [],
    metavar: "NAMESPACE",
    default: "kube-system",
    doc: "namespace of the Lease",
    commands: IN_CLUSTER,
  }),
  bindAddress: text({
    flags: ["--bind-address"],
    env: [],
    metavar: "ADDRESS",
    default: "::",
    doc: "where /healthz, /readyz and /metrics listen (:: is every address of both families)",
    commands: IPAM,
  }),
  securePort: count({ min: 0, max: 65_535 }, {
    flags: ["--secure-port"],
    env: [],
    metavar: "PORT",
    default: 10_258,
    doc: "port of /healthz, /readyz and /metrics; plain HTTP; 0 turns them off",
    commands: IPAM,
  }),
  ...KEEPALIVED_OPTIONS,
  image: text<string | undefined>({
    flags: ["--image"],
    env: [],
    metavar: "IMAGE",
    default: undefined,
    doc: "image with berth as its entry point (berth:VERSION when not given)",
    commands: MANIFESTS,
  }),
  all: onOff({
    flags: ["--all"],
    env: [],
    default: false,
    doc: "also release the addresses of living clusters",
    commands: ["cleanup"],
  }),
  dryRun: onOff({
    flags: ["--dry-run"],
    env: [],
    default: false,
    doc: "say what would be removed and remove nothing",
    commands: ["cleanup"],
  }),
  proxy: text<string | undefined>({
    flags: ["--proxy"],
    env: [],
    metavar: "NAME",
    default: undefined,
    doc: "proxy to show: its container or what it serves; the flag itself may be left out",
    commands: ["config"],
  }),
  output: choice(["text", "json"], {
    flags: ["-o", "--output"],
    env: ["BERTH_OUTPUT"],
    metavar: "FORMAT",
    default: "text",
    doc: "text for people or json for programs",
    commands: [...STATUS, "doctor", ...WITH_POOLS, "cleanup", "config", "version"],
  }),
  verbosity: count({ min: 0, max: 10 }, {
    flags: ["-v", "--verbosity"],
    env: ["BERTH_VERBOSITY"],
    metavar: "LEVEL",
    default: 2,
    doc: "0 errors, 1 warnings, 2 changes, 3 and more every step",
    commands: EVERY,
  }),
  logFormat: choice(["text", "json"], {
    flags: ["--log-format"],
    env: ["BERTH_LOG_FORMAT"],
    metavar: "FORMAT",
    default: "text",
    doc: "form of the log on standard error: text or json",
    commands: EVERY,
  }),
  enableLbPortMapping: onOff({
    flags: ["--enable-lb-port-mapping"],
    env: [],
    default: false,
    doc: "publish the ports of proxies on the host: the same where free, else any",
    commands: ["run"],
  }),
  enableLogDumping: onOff({
    flags: ["--enable-log-dumping"],
    env: [],
    default: false,
    doc: "write the log of a proxy's container to a file when it ends or is removed",
    commands: ["run"],
  }),
  logsDir: text<string | undefined>({
    flags: ["--logs-dir"],
    env: [],
    metavar: "DIRECTORY",
    default: undefined,
    doc: "where --enable-log-dumping writes (logs in --state-dir when not given)",
    commands: ["run"],
  }),
  gatewayChannel: choice(["standard", "experimental", "disabled"], {
    flags: ["--gateway-channel"],
    env: [],
    metavar: "CHANNEL",
    default: "standard",
    doc: "Gateway API: standard, experimental or disabled",
    commands: ["run"],
  }),
  enableDefaultIngress: onOff({
    flags: ["--enable-default-ingress"],
    env: [],
    default: true,
    doc:
      "mark our IngressClass as the default one, if there is none (off: --enable-default-ingress=false)",
    commands: ["run"],
  }),
  enableIngress: onOff({
    flags: ["--enable-ingress"],
    env: [],
    default: true,
    doc:
      "serve Ingresses of the classes berth and cloud-provider-kind (off: --enable-ingress=false)",
    commands: ["run"],
  }),
  registry: text<string | undefined>({
    flags: ["--registry"],
    env: ["CLOUD_PROVIDER_KIND_REGISTRY_URL"],
    metavar: "HOST",
    default: undefined,
    doc: "registry that images are pulled from",
    commands: ["run", "list-images"],
  }),
  envoyImage: text<string | undefined>({
    flags: ["--envoy-image"],
    env: ["BERTH_ENVOY_IMAGE"],
    metavar: "IMAGE",
    default: undefined,
    doc: "image of the proxies of Gateways, Ingresses and the envoy plane",
    commands: ["run", "list-images"],
  }),
} as const;

/** The name of an option in {@link Settings}. */
export type OptionName = keyof typeof OPTIONS;

/** Every option's value. */
export type Settings = {
  readonly [Name in OptionName]: typeof OPTIONS[Name] extends OptionSpec<infer T> ? T : never;
};

/** The table as rows, in the order of help texts. */
export const OPTION_ROWS: readonly (readonly [OptionName, OptionSpec<unknown>])[] = Object.entries(
  OPTIONS,
) as [OptionName, OptionSpec<unknown>][];

/** The long flag of an option: `--plane`. */
export function longFlag(spec: OptionSpec<unknown>): string {
  return spec.flags.at(-1) ?? "";
}
