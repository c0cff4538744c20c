/** The programs of each node, as the shell scripts that node_init.sh supervises. */
import type { ClusterShape, NodeShape } from "./shape.ts";

/** Folders of the parts as the nodes see them. */
export interface NodeParts {
  readonly kubernetes: string;
  readonly etcd: string;
  readonly coredns: string;
}

/** Files of a node: path → content. */
export type NodeFiles = Readonly<Record<string, string>>;

const PKI = "/etc/kubernetes/pki";
const ADMIN_CONF = "/etc/kubernetes/admin.conf";

/** Port of cluster DNS on the first control-plane node, out of the way of Services on 53. */
export const DNS_PORT = 10053;

/** The unit files (and their configuration) of one node. */
export function unitsOf(shape: ClusterShape, node: NodeShape, parts: NodeParts): NodeFiles {
  if (node.role === "external-load-balancer") {
    return { "/etc/bed/units/balancer": balancer(shape) };
  }
  const first = shape.nodes[0]?.name === node.name;
  return {
    "/etc/bed/units/kube-proxy": kubeProxy(shape, node, parts),
    ...(node.role === "control-plane"
      ? { "/etc/bed/units/kube-apiserver": apiServer(shape, parts) }
      : {}),
    ...(first ? leaderUnits(shape, parts) : {}),
  };
}

function leaderUnits(shape: ClusterShape, parts: NodeParts): NodeFiles {
  return {
    "/etc/bed/units/etcd": etcd(shape, parts),
    "/etc/bed/units/kube-controller-manager": controllerManager(shape, parts),
    "/etc/bed/units/kube-scheduler": unit(`${parts.kubernetes}/kube-scheduler`, {
      kubeconfig: ADMIN_CONF,
      "leader-elect": "false",
    }),
    "/etc/bed/units/coredns": unit(`${parts.coredns}/coredns`, { conf: "/etc/bed/Corefile" }),
    "/etc/bed/Corefile": corefile(),
  };
}

function unit(program: string, flags: Readonly<Record<string, string>>, before = ""): string {
  const args = Object.entries(flags).map(([name, value]) => `--${name}="${value}"`);
  return `${before}exec ${[program, ...args].join(" \\\n  ")}\n`;
}

function controlPlanes(shape: ClusterShape): readonly NodeShape[] {
  return shape.nodes.filter((node) => node.role === "control-plane");
}

function etcd(shape: ClusterShape, parts: NodeParts): string {
  const listen = controlPlanes(shape).length > 1 ? "0.0.0.0" : "127.0.0.1";
  return unit(`${parts.etcd}/etcd`, {
    "data-dir": "/var/lib/etcd",
    "unsafe-no-fsync": "true",
    "listen-client-urls": `http://${listen}:2379`,
    "advertise-client-urls": "http://127.0.0.1:2379",
    "listen-peer-urls": "http://127.0.0.1:2380",
    "log-level": "warn",
  });
}

function apiServer(shape: ClusterShape, parts: NodeParts): string {
  const etcdHost = controlPlanes(shape).length > 1 ? shape.nodes[0]?.name : "127.0.0.1";
  const version = shape.family === "ipv6" ? "-6" : "-4";
  // The address is read at each start: the engine may give another one after a restart.
  const own = `own=$(ip -o ${version} addr show eth0 scope global | grep -o '[0-9a-f.:]*/' | ` +
    `grep '[.:].' | head -1 | tr -d /)\n`;
  return unit(`${parts.kubernetes}/kube-apiserver`, {
    "etcd-servers": `http://${etcdHost}:2379`,
    "advertise-address": "$own",
    "authorization-mode": "Node,RBAC",
    "client-ca-file": `${PKI}/ca.crt`,
    "tls-cert-file": `${PKI}/apiserver.crt`,
    "tls-private-key-file": `${PKI}/apiserver.key`,
    "service-account-key-file": `${PKI}/sa.pub`,
    "service-account-signing-key-file": `${PKI}/sa.key`,
    "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
    "service-cluster-ip-range": shape.serviceRanges.join(","),
    "allow-privileged": "true",
  }, own);
}

function controllerManager(shape: ClusterShape, parts: NodeParts): string {
  return unit(`${parts.kubernetes}/kube-controller-manager`, {
    kubeconfig: ADMIN_CONF,
    "service-account-private-key-file": `${PKI}/sa.key`,
    "root-ca-file": `${PKI}/ca.crt`,
    "allocate-node-cidrs": "true",
    "cluster-cidr": shape.podRanges.join(","),
    "service-cluster-ip-range": shape.serviceRanges.join(","),
    "leader-elect": "false",
  });
}

/** kind's settings: conntrack limits untouched, the default one-second sync throttle. */
function kubeProxy(shape: ClusterShape, node: NodeShape, parts: NodeParts): string {
  return unit(`${parts.kubernetes}/kube-proxy`, {
    kubeconfig: ADMIN_CONF,
    "hostname-override": node.name,
    "proxy-mode": shape.proxyMode,
    "cluster-cidr": shape.podRanges.join(","),
    "conntrack-max-per-core": "0",
    "conntrack-tcp-timeout-established": "0",
    "conntrack-tcp-timeout-close-wait": "0",
    "iptables-min-sync-period": "1s",
    "nodeport-addresses": "0.0.0.0/0,::/0",
  });
}

function corefile(): string {
  return [
    `.:${DNS_PORT} {`,
    "  errors",
    "  kubernetes cluster.local in-addr.arpa ip6.arpa {",
    `    kubeconfig ${ADMIN_CONF}`,
    "    pods insecure",
    "  }",
    "  forward . /etc/resolv.conf",
    "  cache 5",
    "}",
    "",
  ].join("\n");
}

/** Spreads port 6443 over the control planes, as kind's load balancer container does. */
function balancer(shape: ClusterShape): string {
  const names = controlPlanes(shape).map((node) => node.name);
  return [
    "targets=()",
    `for name in ${names.join(" ")}; do`,
    "  targets+=(\"${#targets[@]} : $(getent ahostsv4 $name | awk 'NR==1 {print $1}')\")",
    "done",
    "IFS=,",
    "nft -f - <<RULES",
    "table ip balance",
    "delete table ip balance",
    "table ip balance {",
    "  chain in {",
    "    type nat hook prerouting priority dstnat",
    `    tcp dport 6443 dnat to numgen inc mod ${names.length} map { \${targets[*]} }`,
    "  }",
    "  chain out { type nat hook postrouting priority srcnat; masquerade; }",
    "}",
    "RULES",
    "exec sleep infinity",
    "",
  ].join("\n");
}
