/** `deno task bed`: clusters of the test bed by hand. */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { clusterUp } from "./bed.ts";
import { removeLeftovers, takeDown } from "./cluster.ts";
import { startEngine } from "./engine.ts";
import { ensureGatewayImages } from "./gateway_images.ts";
import { ensureBackendImage, ensureNodeImage, removeImages } from "./images.ts";
import { ensurePart, ensureParts, PART_NAMES, type PartName } from "./parts.ts";
import { provider } from "./provider.ts";
import { type Family, type ProxyMode, shapeOf } from "./shape.ts";
import { run } from "./shell.ts";

const USAGE = `Kind-shaped test clusters out of real Kubernetes programs.

  deno task bed up NAME [--workers 2] [--control-planes 1] [--index 0-60]
                        [--family ipv4|ipv6|dual] [--proxy-mode iptables|nftables]
                        [--network NAME] [--no-taint]
  deno task bed down NAME
  deno task bed kubectl NAME ARGS...   kubectl against the cluster
  deno task bed kubeconfig NAME        path of the host's kubeconfig
  deno task bed parts [NAME...]        builds the programs into the cache (default: all)
  deno task bed part NAME              path of one of them
  deno task bed images                 imports the images of nodes, backends, Envoy and suites
  deno task bed clean [--images]       removes what earlier runs left, by label

An engine is started when none answers. Cache: BERTH_CACHE, default ~/.cache/berth.
With BERTH_BED_OWNER=NAME, clusters are marked with NAME and clean removes only those.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  up,
  down: async ([name = ""]) => {
    await takeDown(name);
  },
  kubectl: async ([name = "", ...args]) => {
    const path = provider().kubeconfigPath(shapeOf({ name }));
    const command = [await provider().kubectl(), "--kubeconfig", path] as const;
    await run([...command, ...args], { inherit: true });
  },
  kubeconfig: async ([name = ""]) => {
    await say(provider().kubeconfigPath(shapeOf({ name })));
  },
  parts: async (names) => {
    const chosen = PART_NAMES.filter((name) => names.length === 0 || names.includes(name));
    await ensureParts(chosen, (line) => void say(line));
  },
  part: async ([wanted = ""]) => {
    await say(await ensurePart(oneOf<PartName>(wanted, PART_NAMES)));
  },
  images: async () => {
    await startEngine();
    await Promise.all([ensureNodeImage(), ensureBackendImage(), ensureGatewayImages()]);
  },
  clean: async (args) => {
    await startEngine();
    const removed = await removeLeftovers();
    await say(removed.length === 0 ? "nothing to remove" : `removed ${removed.join(", ")}`);
    if (args.includes("--images")) await removeImages();
  },
};

async function up(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "workers": { type: "string", default: "0" },
      "control-planes": { type: "string", default: "1" },
      "index": { type: "string", default: "0" },
      "family": { type: "string", default: "ipv4" },
      "proxy-mode": { type: "string", default: "iptables" },
      "network": { type: "string" },
      "no-taint": { type: "boolean", default: false },
    },
  });
  await startEngine();
  const bed = await clusterUp({
    name: positionals[0] ?? "berth",
    workers: Number(values.workers),
    controlPlanes: Number(values["control-planes"]),
    index: Number(values.index),
    family: oneOf<Family>(values.family, ["ipv4", "ipv6", "dual"]),
    proxyMode: oneOf<ProxyMode>(values["proxy-mode"], ["iptables", "nftables"]),
    ...(values.network === undefined ? {} : { network: values.network }),
    ...(values["no-taint"] ? { controlPlaneTaint: false } : {}),
  });
  const kubectl = await provider().kubectl();
  await say(`export KUBECONFIG=${bed.kubeconfigPath}`);
  if (kubectl.includes("/")) await say(`export PATH=${dirname(kubectl)}:$PATH`);
}

function oneOf<T extends string>(value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Error(`"${value}" must be one of ${allowed.join(", ")}`);
  return found;
}

async function say(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  const [command = "", ...args] = Deno.args;
  const action = COMMANDS[command];
  if (action === undefined) {
    await say(USAGE);
    Deno.exit(command === "" || command === "help" ? 0 : 2);
  }
  await action(args);
}
