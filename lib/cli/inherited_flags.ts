/**
 * Flags of the programs that berth's in-cluster modes replace (every Kubernetes
 * cloud-controller-manager has them) and that mean nothing here. They are accepted, so that a
 * Deployment keeps its arguments.
 */
const WITH_VALUE: readonly string[] = [
  ...["allocate-node-cidrs", "allow-untagged-cloud", "authentication-skip-lookup"],
  ...["authentication-kubeconfig", "authentication-token-webhook-cache-ttl"],
  ...["authentication-tolerate-lookup-failure", "authorization-always-allow-paths"],
  ...["authorization-kubeconfig", "authorization-webhook-cache-authorized-ttl"],
  ...["authorization-webhook-cache-unauthorized-ttl", "cert-dir", "cidr-allocator-type"],
  ...["client-ca-file", "cloud-config", "cloud-provider", "cluster-cidr", "cluster-name"],
  ...["concurrent-node-syncs", "configure-cloud-routes", "contention-profiling"],
  ...["controller-start-interval", "controllers", "enable-leader-migration"],
  ...["external-cloud-volume-plugin", "feature-gates", "http2-max-streams-per-connection"],
  ...["kube-api-burst", "kube-api-content-type", "kube-api-qps", "leader-migration-config"],
  ...["log-flush-frequency", "master", "min-resync-period", "node-monitor-period"],
  ...["node-status-update-frequency", "node-sync-period", "permit-address-sharing"],
  ...["permit-port-sharing", "profiling", "requestheader-allowed-names"],
  ...["requestheader-client-ca-file", "requestheader-extra-headers-prefix"],
  ...["requestheader-group-headers", "requestheader-uid-headers", "requestheader-username-headers"],
  ...["route-reconciliation-period", "tls-cert-file", "tls-cipher-suites", "tls-min-version"],
  ...["tls-private-key-file", "tls-sni-cert-key", "use-service-account-credentials", "vmodule"],
  ...["add-dir-header", "add_dir_header", "alsologtostderr", "log-backtrace-at", "log-dir"],
  ...["log-file", "log-file-max-size", "log_backtrace_at", "log_dir", "log_file"],
  ...["log_file_max_size", "logging-format", "logtostderr", "one-output", "one_output"],
  ...["skip-headers", "skip-log-headers", "skip_headers", "skip_log_headers", "stderrthreshold"],
  ...["webhook-bind-address", "webhook-cert-dir", "webhook-secure-port", "webhooks"],
  ...["webhook-disable-http2-serving", "webhook-tls-cert-file", "webhook-tls-cipher-suites"],
  ...["webhook-tls-min-version", "webhook-tls-private-key-file", "webhook-tls-sni-cert-key"],
  ...["disable-http2-serving", "emulated-version"],
];

/** Those that may stand without a value, as Go's boolean flags do. */
const SWITCHES: readonly string[] = [
  ...["allocate-node-cidrs", "allow-untagged-cloud", "authentication-skip-lookup"],
  ...["authentication-tolerate-lookup-failure", "configure-cloud-routes", "contention-profiling"],
  ...["enable-leader-migration", "permit-address-sharing", "permit-port-sharing", "profiling"],
  ...["use-service-account-credentials", "add-dir-header", "add_dir_header", "alsologtostderr"],
  ...["logtostderr", "one-output", "one_output", "skip-headers", "skip-log-headers"],
  ...["skip_headers", "skip_log_headers", "disable-http2-serving"],
  ...["webhook-disable-http2-serving"],
];

/** Commands that stand in for a cloud-controller-manager. */
const STAND_INS: readonly string[] = ["ipam", "keepalived"];

/** Arguments without the flags that mean nothing here, and the names of those flags. */
export interface Sifted {
  readonly args: readonly string[];
  /** `--cloud-provider` and so on. */
  readonly ignored: readonly string[];
}

/** Takes flags of the replaced programs out of a command line that begins with a stand-in. */
export function siftInherited(argv: readonly string[]): Sifted {
  if (!STAND_INS.includes(argv[0] ?? "")) return { args: argv, ignored: [] };
  const args: string[] = [];
  const ignored: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const arg = klogSpelling(argv[at] ?? "");
    const [flag = "", value] = arg.split(/=(.*)/s);
    const name = flag.startsWith("--") ? flag.slice(2) : "";
    if (!WITH_VALUE.includes(name)) {
      args.push(arg);
      continue;
    }
    ignored.push(flag);
    if (value === undefined && !SWITCHES.includes(name)) at++;
  }
  return { args, ignored };
}

/** klog's verbosity is also spelt `--v=2`. */
function klogSpelling(arg: string): string {
  return arg === "--v" || arg.startsWith("--v=") ? arg.slice(1) : arg;
}
