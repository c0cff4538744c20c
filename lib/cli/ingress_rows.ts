import { type IngressInput, planIngress } from "../ingress/mod.ts";
import type { Ingress } from "../ingress/types.ts";
import { noPodText, ReadyPods } from "./ready_pods.ts";

/** What the Ingresses of one cluster are planned from; Ingresses of others are left out. */
export type IngressObjectsRead = Pick<
  IngressInput,
  "ingresses" | "services" | "slices" | "secrets"
>;

/** An Ingress as `berth status gateways` shows it. */
export interface IngressRow {
  readonly namespace: string;
  readonly name: string;
  /** Empty: every host. */
  readonly hosts: readonly string[];
  /** Those of the one proxy that all Ingresses of a cluster share. */
  readonly addresses: readonly string[];
  /** What a person has to mend, one sentence each. */
  readonly problems: readonly string[];
}

/** Rows of a cluster's Ingresses, sorted; they are planned anew to tell what is wrong with them. */
export function ingressRows(cluster: string, read: IngressObjectsRead): readonly IngressRow[] {
  const { problems } = planIngress({ cluster, ...read, addresses: [] });
  const pods = new ReadyPods(read);
  return read.ingresses.map((ingress) => {
    const { namespace = "default", name } = ingress.metadata;
    const own = problems
      .filter((each) => each.namespace === namespace && each.name === name)
      .map(({ reason, message }) => `${reason}: ${message}`);
    const addresses = addressesOf(ingress);
    const waits = addresses.length === 0
      ? ["no address yet: is berth running, without --enable-ingress=false?"]
      : [];
    const hosts = [...new Set((ingress.spec.rules ?? []).flatMap(({ host }) => host ?? []))];
    return {
      namespace,
      name,
      hosts,
      addresses,
      problems: [...waits, ...own, ...podRemarks(ingress, pods)],
    };
  }).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function podRemarks({ metadata, spec }: Ingress, pods: ReadyPods): readonly string[] {
  const { namespace = "default" } = metadata;
  const backends = [
    spec.defaultBackend,
    ...(spec.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend)),
  ];
  const empty = backends.flatMap((backend) => {
    if (backend?.service === undefined) return [];
    const { name, port = {} } = backend.service;
    return pods.has({ namespace, name, port }) === false ? [noPodText({ namespace, name })] : [];
  });
  return [...new Set(empty)];
}

function addressesOf({ status }: Ingress): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}

function nameOf({ namespace, name }: IngressRow): string {
  return `${namespace}/${name}`;
}
