import type { CommandName } from "./command_names.ts";
import { choice, count, onOff, text, texts } from "./option_kinds.ts";

const MODE: readonly CommandName[] = ["keepalived"];
/** The mode, and what prints its manifests: the same names go into both. */
const DEPLOYED: readonly CommandName[] = [...MODE, "manifests keepalived"];
const RENDER: readonly CommandName[] = ["keepalived render"];
const AGENT: readonly CommandName[] = ["keepalived agent"];
/** Commands that make keepalived's configuration. */
const CONFIGURES: readonly CommandName[] = [...RENDER, ...AGENT];

/** Options of `berth keepalived` and its subcommands; part of the one table. */
export const KEEPALIVED_OPTIONS = {
  vipNamespace: text<string | undefined>({
    flags: ["--vip-namespace"],
    env: ["KEEPALIVED_NAMESPACE"],
    metavar: "NAMESPACE",
    default: undefined,
    doc: "namespace of the VIP ConfigMap",
    commands: [...DEPLOYED, ...CONFIGURES],
  }),
  vipConfigMap: text<string | undefined>({
    flags: ["--vip-config-map"],
    env: ["KEEPALIVED_CONFIG_MAP"],
    metavar: "NAME",
    default: undefined,
    doc: "name of the VIP ConfigMap; it must exist",
    commands: [...DEPLOYED, ...CONFIGURES],
  }),
  servicesConfigMap: text<string | undefined>({
    flags: ["--services-configmap"],
    env: [],
    metavar: "NAMESPACE/NAME",
    default: undefined,
    doc: "both in one, as kube-keepalived-vip spells it",
    commands: [...DEPLOYED, ...CONFIGURES],
  }),
  serviceCidr: text<string | undefined>({
    flags: ["--service-cidr"],
    env: ["KEEPALIVED_SERVICE_CIDR"],
    metavar: "CIDR",
    default: undefined,
    doc: "prefix that addresses come from (without: only Services that name one get one)",
    commands: DEPLOYED,
  }),
  forwardMethod: text<string | undefined>({
    flags: ["--default-forward-method"],
    env: ["KEEPALIVED_DEFAULT_FORWARD_METHOD"],
    metavar: "METHOD",
    default: undefined,
    doc: "LVS method of Services that name none: NAT, DR or PROXY (without: no suffix, NAT)",
    commands: DEPLOYED,
  }),
  healthAddress: text({
    flags: ["--address"],
    env: [],
    metavar: "ADDRESS",
    default: "::",
    doc: "where /healthz, /readyz and /metrics listen (:: is every address of both families)",
    commands: DEPLOYED,
  }),
  healthPort: count({ min: 0, max: 65_535 }, {
    flags: ["--port"],
    env: [],
    metavar: "PORT",
    default: 10_253,
    doc: "port of /healthz, /readyz and /metrics; plain HTTP; 0 turns them off",
    commands: DEPLOYED,
  }),
  files: texts({
    flags: ["-f", "--file"],
    env: [],
    metavar: "FILE",
    doc: "YAML with the objects (- is standard input), instead of a live cluster; may be repeated",
    commands: [...RENDER, "pools explain"],
  }),
  iface: text<string | undefined>({
    flags: ["--iface"],
    env: [],
    metavar: "INTERFACE",
    default: undefined,
    doc: "network interface that carries the addresses",
    commands: CONFIGURES,
  }),
  vrid: count({ min: 1, max: 255 }, {
    flags: ["--vrid"],
    env: [],
    metavar: "ID",
    default: 50,
    doc: "virtual router id, the same on all nodes and on no others",
    commands: CONFIGURES,
  }),
  priority: count({ min: 1, max: 254 }, {
    flags: ["--priority"],
    env: [],
    metavar: "N",
    default: 100,
    doc: "the node with the highest one leads",
    commands: CONFIGURES,
  }),
  vrrpState: choice(["BACKUP", "MASTER"], {
    flags: ["--state"],
    env: [],
    metavar: "STATE",
    default: "BACKUP",
    doc: "MASTER takes the lead back when it returns, BACKUP waits for its turn",
    commands: CONFIGURES,
  }),
  advertInterval: text({
    flags: ["--advert-interval"],
    env: [],
    metavar: "SECONDS",
    default: "1",
    doc: "between advertisements, down to 0.01; another node takes over after about three",
    commands: CONFIGURES,
  }),
  useUnicast: onOff({
    flags: ["--use-unicast"],
    env: [],
    default: false,
    doc: "advertise to each --peer instead of by multicast",
    commands: CONFIGURES,
  }),
  unicastSources: texts({
    flags: ["--unicast-source"],
    env: [],
    metavar: "ADDRESS",
    doc: "address of this node; once for each family",
    commands: CONFIGURES,
  }),
  peers: texts({
    flags: ["--peer"],
    env: [],
    metavar: "ADDRESS",
    doc: "address of another node; may be repeated",
    commands: CONFIGURES,
  }),
  vrrpOnly: onOff({
    flags: ["--vrrp-only"],
    env: [],
    default: false,
    doc: "addresses alone: kube-proxy spreads the traffic, and the kernel needs no ip_vs",
    commands: CONFIGURES,
  }),
  keepalivedConf: text({
    flags: ["--keepalived-conf"],
    env: [],
    metavar: "FILE",
    default: "/etc/keepalived/keepalived.conf",
    doc: "file that the agent keeps in step; FILE.new beside it is checked first",
    commands: AGENT,
  }),
  keepalivedPid: text({
    flags: ["--pid-file"],
    env: [],
    metavar: "FILE",
    default: "/run/keepalived.pid",
    doc: "where the keepalived to reload keeps its process id",
    commands: AGENT,
  }),
  keepalivedProgram: text({
    flags: ["--keepalived"],
    env: [],
    metavar: "PROGRAM",
    default: "keepalived",
    doc: "program that checks the file, and is run with --spawn",
    commands: AGENT,
  }),
  spawn: onOff({
    flags: ["--spawn"],
    env: [],
    default: false,
    doc: "run keepalived as a child, instead of reloading one that runs",
    commands: AGENT,
  }),
} as const;
