/** Where clusters come from: the bed itself, or a real kind when BERTH_E2E=kind. */
import { join } from "node:path";
import { bringUp, takeDown } from "./cluster.ts";
import { docker } from "./engine.ts";
import { BACKEND_IMAGE, ensureBackendImage } from "./images.ts";
import { ensurePart } from "./parts.ts";
import type { ClusterShape } from "./shape.ts";
import { run } from "./shell.ts";

/** Makes and removes clusters, and knows how to hold their API server. */
export interface Provider {
  readonly up: (shape: ClusterShape, runId: string) => Promise<void>;
  readonly down: (name: string) => Promise<void>;
  /** The host's kubeconfig, as a path. */
  readonly kubeconfigPath: (shape: ClusterShape) => string;
  /** Path or name of kubectl. */
  readonly kubectl: () => Promise<string>;
  /** Keeps the API server down, or lets it come up again. */
  readonly holdApiServer: (node: string, held: boolean) => Promise<void>;
}

/** The provider that the environment asks for. */
export function provider(): Provider {
  return Deno.env.get("BERTH_E2E") === "kind" ? KIND : BED;
}

const BED: Provider = {
  up: bringUp,
  down: takeDown,
  kubeconfigPath: (shape) => join(shape.directory, "kubeconfig"),
  kubectl: async () => join(await ensurePart("kubectl"), "kubectl"),
  holdApiServer: async (node, held) => {
    const flag = "/etc/bed/stopped/kube-apiserver";
    const script = held ? `touch ${flag}; pkill -KILL -x kube-apiserver` : `rm -f ${flag}`;
    await docker("exec", node, "bash", "-c", script);
  },
};

const KIND: Provider = {
  up: async (shape) => {
    await Deno.mkdir(shape.directory, { recursive: true });
    const path = join(shape.directory, "kubeconfig");
    const flags = ["--name", shape.name, "--kubeconfig", path, "--config", "-", "--wait", "120s"];
    await run(["kind", "create", "cluster", ...flags], {
      input: kindConfig(shape),
      env: { KIND_EXPERIMENTAL_DOCKER_NETWORK: shape.network },
    });
    await ensureBackendImage();
    await run(["kind", "load", "docker-image", BACKEND_IMAGE, "--name", shape.name]);
  },
  down: async (name) => {
    await run(["kind", "delete", "cluster", "--name", name]);
  },
  kubeconfigPath: (shape) => join(shape.directory, "kubeconfig"),
  kubectl: () => Promise.resolve("kubectl"),
  holdApiServer: async (node, held) => {
    const [there, away] = ["/etc/kubernetes/manifests", "/etc/kubernetes"]
      .map((folder) => `${folder}/kube-apiserver.yaml`);
    const script = held
      ? `mv ${there} ${away}; while pkill -KILL -x kube-apiserver; do sleep 1; done`
      : `mv ${away} ${there}`;
    await docker("exec", node, "bash", "-c", script);
  },
};

function kindConfig(shape: ClusterShape): string {
  const roles = shape.nodes.filter((node) => node.role !== "external-load-balancer");
  return [
    "kind: Cluster",
    "apiVersion: kind.x-k8s.io/v1alpha4",
    "networking:",
    `  ipFamily: ${shape.family}`,
    `  kubeProxyMode: ${shape.proxyMode}`,
    "nodes:",
    ...roles.map((node) => `- role: ${node.role}`),
    "",
  ].join("\n");
}
