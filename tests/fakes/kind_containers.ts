import type { Container } from "../../lib/runtime/types.ts";
import type { ContainerSpec } from "./fake_engine.ts";

/** What differs from an ordinary kind node. */
export interface KindNode {
  readonly cluster?: string;
  readonly name: string;
  readonly role?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly networks?: Container["networks"];
  readonly ports?: Container["ports"];
  readonly files?: Readonly<Record<string, string>>;
}

/** A container as kind makes it for a node of cluster `one`. */
export function kindNode(
  { cluster = "one", name, role = "worker", labels, networks = { kind: {} }, ...rest }: KindNode,
): ContainerSpec {
  return {
    name,
    networks,
    labels: { "io.x-k8s.kind.cluster": cluster, "io.x-k8s.kind.role": role, ...labels },
    ...rest,
  };
}

/** A listed container as kind makes it, running at `172.18.0.2` unless told otherwise. */
export function listedNode(node: KindNode, state: Partial<Container> = {}): Container {
  const networks = node.networks ?? { kind: { ipv4: "172.18.0.2" } };
  const { name, labels = {}, ports = {} } = kindNode(node);
  return { id: `id-${name}`, name, labels, running: true, networks, ports, ...state };
}
