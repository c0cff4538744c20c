import { COMMAND_NAMES, type CommandName } from "./command_names.ts";
import type { OptionSpec } from "./option_kinds.ts";
import { OPTION_ROWS } from "./options.ts";
import { LINE_WIDTH, wrap } from "./text_table.ts";

interface CommandHelp {
  readonly summary: string;
  /** What else to know; one paragraph. */
  readonly details: string;
  readonly examples: readonly string[];
}

const COMMANDS: Readonly<Record<CommandName, CommandHelp>> = {
  "run": {
    summary: "serve the LoadBalancer Services of every kind cluster (the default)",
    details:
      "Finds kind clusters through the container engine and gives each Service of type LoadBalancer an address that answers. Ends on Ctrl-C and takes its addresses with it, unless --keep is given; a second Ctrl-C ends at once. Accepts the flags and variables of cloud-provider-kind.",
    examples: [
      "berth",
      "berth run --cluster dev --keep",
      "kubectl expose deployment web --type=LoadBalancer --port=80",
    ],
  },
  "dev": {
    summary: "start an embedded cluster on loopback addresses and serve it",
    details:
      "Needs no container engine and no cluster: an API server in this process, two nodes and sample backends. Prints the kubeconfig to use and what to try.",
    examples: ["berth dev", "KUBECONFIG=.berth/kubeconfig kubectl get services"],
  },
  "ipam": {
    summary: "give addresses out of the kubevip ConfigMap; kube-vip announces them",
    details:
      "Runs in a cluster and takes the place of kube-vip-cloud-provider: the same ConfigMap, objects, annotations, variables and flags. Other flags of a cloud-controller-manager are accepted without effect. berth manifests ipam prints what to deploy.",
    examples: [
      "berth manifests ipam | kubectl apply -f -",
      "berth ipam --kubeconfig ~/.kube/config --bind-address 127.0.0.1",
    ],
  },
  "keepalived": {
    summary: "in a cluster: give LoadBalancer Services addresses that keepalived announces",
    details:
      "Takes the place of keepalived-cloud-provider: the same ConfigMap, annotations, variables and flags. Addresses come from one prefix and go into the VIP ConfigMap; berth keepalived agent or kube-keepalived-vip brings them up. Entries that others wrote are never touched.",
    examples: [
      "berth keepalived --services-configmap kube-system/vips",
      "berth manifests keepalived | kubectl apply -f -",
    ],
  },
  "keepalived render": {
    summary: "print keepalived's configuration for the VIP ConfigMap",
    details:
      "Reads a live cluster, or files that hold the ConfigMap and, for LVS, Services and EndpointSlices. Entries that cannot be used are told on standard error.",
    examples: [
      "berth keepalived render --file vips.yaml --iface eth0",
      "berth keepalived render --services-configmap kube-system/vips --iface eth0",
    ],
  },
  "keepalived agent": {
    summary: "keep a local keepalived in step with the VIP ConfigMap",
    details:
      "On each change it writes a new file, has keepalived check it, puts it in the place of the old one and reloads keepalived. A file that keepalived refuses is not used: the old one stays, and the log says why.",
    examples: [
      "berth keepalived agent --services-configmap kube-system/vips --iface eth0",
      "berth keepalived agent --services-configmap lb/vips --iface eth0 --spawn",
    ],
  },
  "status": {
    summary: "show clusters, Services, addresses, planes, nodes and last errors",
    details: "Reads what berth wrote into the Services; it works without a running berth, too.",
    examples: ["berth status", "berth status --cluster dev --output json"],
  },
  "status gateways": {
    summary: "show Gateways with their routes, and Ingresses, and why one is not served",
    details:
      "Reads what berth wrote into Gateways and routes, and checks Ingresses anew; it works without a running berth, too.",
    examples: ["berth status gateways", "berth status gateways --cluster dev --output json"],
  },
  "doctor": {
    summary: "check engine, network, clusters and nodes, with a remedy for each failure",
    details: "Changes nothing. Exits with 1 when a check fails.",
    examples: ["berth doctor", "berth doctor --output json"],
  },
  "cleanup": {
    summary: "remove what berth left behind for clusters that are gone",
    details:
      "Removes only what carries berth's labels. With --all it also releases the addresses of living clusters, those of Gateways and Ingresses, too: stop berth first, or it gives them again.",
    examples: ["berth cleanup --dry-run", "berth cleanup", "berth cleanup --all --cluster dev"],
  },
  "pools": {
    summary: "show the address pools and how much of them is in use",
    details:
      "With kind: the top of the engine network's subnets, shared by its clusters and used in this order. With --kubeconfig: the pools of that cluster's ConfigMap, as berth ipam gives them. Automatic pools serve every Service that they are for, those on request who names an address or the pool. Also shows who waits, who clashes and who has an address outside. Exits with 1 when something, an entry of a pool too, cannot be read.",
    examples: [
      "berth pools",
      "berth pools --kubeconfig ~/.kube/config",
      "berth pools --output json",
    ],
  },
  "pools explain": {
    summary: "show which address each Service would get from the ConfigMap's pools, and why",
    details:
      "Reads files with the ConfigMap, Services, Namespaces and Nodes, or without them a live cluster; changes nothing. What Services have already stays theirs, the others are served in their order. Exits with 1 when one gets no address or an entry of a pool cannot be read; with --service that Service counts alone. With files it needs no permission but to read them.",
    examples: [
      "berth pools explain -f configmap.yaml -f services.yaml",
      "berth pools explain --cluster dev --service default/web --output json",
    ],
  },
  "config": {
    summary: "show what a proxy of a Gateway, Ingress or Service runs",
    details:
      "Asks the Envoy itself, also while no berth runs: ports, backends, endpoints and what it refused; as JSON all that it tells, without private keys. Without a name it lists the proxies. A name is NAMESPACE/NAME of a Service, gateway/NAMESPACE/NAME, ingress, or that of a container.",
    examples: [
      "berth config",
      "berth config gateway/default/web",
      "berth config ingress --output json",
    ],
  },
  "list-images": {
    summary: "print the images that berth would pull, one a line",
    details: "The kernel and embedded planes need none; proxies do.",
    examples: ["berth list-images", "berth list-images --registry mirror.example:5000"],
  },
  "manifests ipam": {
    summary: "print the manifests of berth ipam",
    details:
      "ServiceAccount, rights, Deployment and a kustomization's worth of labels, as YAML. The rights are the least that the mode needs; the mode's own flags and variables go into Role and Deployment.",
    examples: [
      "berth manifests ipam --image registry.example/berth:1 | kubectl apply -f -",
      "berth manifests ipam --pool-namespace lb --pool-config-map pools",
    ],
  },
  "manifests keepalived": {
    summary: "print the manifests of berth keepalived",
    details:
      "ServiceAccount, rights, VIP ConfigMap and Deployment, as YAML. The rights are the least that the mode needs; the mode's own flags and variables go into Role and Deployment.",
    examples: [
      "berth manifests keepalived --service-cidr 10.8.0.0/24 | kubectl apply -f -",
      "berth manifests keepalived --services-configmap lb/vips",
    ],
  },
  "version": {
    summary: "print the version",
    details: "As JSON it also names the runtime and the platform.",
    examples: ["berth version", "berth version --output json"],
  },
  "help": {
    summary: "show help for berth or for one command",
    details: "",
    examples: ["berth help", "berth help status"],
  },
  "completion": {
    summary: "print a completion script for bash, zsh, fish, pwsh or nu",
    details: "",
    examples: ['eval "$(berth completion bash)"', "berth completion fish | source"],
  },
};

const INDENT = "  ";

/** The help text of a command, of all that begin with a word, or of berth as a whole. */
export function helpText(topic?: string): string {
  const exact = COMMAND_NAMES.filter((name) => name === topic);
  const names = exact.length > 0
    ? exact
    : COMMAND_NAMES.filter((name) => name.startsWith(`${topic} `));
  const parts = topic === undefined ? [overview()] : names.map(commandHelp);
  return parts.map((lines) => [...lines, ""].join("\n")).join("\n");
}

/** The examples of every command, for checks that they are understood. */
export function helpExamples(): readonly string[] {
  return Object.values(COMMANDS).flatMap(({ examples }) => examples);
}

function overview(): readonly string[] {
  const width = Math.max(...COMMAND_NAMES.map((name) => name.length));
  return [
    "berth gives Kubernetes clusters that have no cloud their LoadBalancer addresses.",
    "",
    "Usage: berth [COMMAND] [OPTIONS]",
    "",
    "Commands:",
    ...COMMAND_NAMES.flatMap((name) => entry(name.padEnd(width), COMMANDS[name].summary)),
    "",
    "Examples:",
    ...COMMANDS.run.examples.concat(COMMANDS.status.examples[0] ?? "").map((line) => INDENT + line),
    "",
    "Options of berth run:",
    ...optionsOf("run"),
    "",
    ...wrap("berth help COMMAND shows the options and examples of that command.", ""),
  ];
}

function commandHelp(topic: CommandName): readonly string[] {
  const { summary, details, examples } = COMMANDS[topic];
  const options = optionsOf(topic);
  return [
    ...wrap(`berth ${topic}: ${summary}`, ""),
    ...details === "" ? [] : ["", ...wrap(details, "")],
    "",
    "Examples:",
    ...examples.map((line) => INDENT + line),
    ...options.length === 0 ? [] : ["", "Options:", ...options],
  ];
}

function optionsOf(command: CommandName): readonly string[] {
  const rows = OPTION_ROWS.map(([, spec]) => spec).filter((spec) =>
    spec.commands.includes(command)
  );
  const terms = rows.map(optionTerm);
  const width = Math.min(Math.max(...terms.map((term) => term.length), 0), 30);
  return rows.flatMap((spec, i) => entry((terms[i] ?? "").padEnd(width), optionDoc(spec)));
}

/** `-v, --verbosity LEVEL`. */
export function optionTerm({ flags, metavar }: OptionSpec<unknown>): string {
  const names = flags.length === 1 ? `    ${flags[0]}` : flags.join(", ");
  return metavar === "" ? names : `${names} ${metavar}`;
}

function optionDoc({ doc, default: value, env }: OptionSpec<unknown>): string {
  const notes = [
    ...value === undefined || value === false || `${value}` === "" ? [] : [`default ${value}`],
    ...env.map((name) => `$${name}`),
  ];
  return notes.length === 0 ? doc : `${doc} [${notes.join(", ")}]`;
}

/** A term and its text; the text is broken into lines beside the term. */
function entry(term: string, text: string): readonly string[] {
  const head = `${INDENT}${term}${INDENT}`;
  const hanging = " ".repeat(Math.min(head.length, LINE_WIDTH / 2));
  const lines = wrap(text, hanging);
  return head.length > hanging.length
    ? [head.trimEnd(), ...lines]
    : [head + (lines[0] ?? "").trim(), ...lines.slice(1)];
}
