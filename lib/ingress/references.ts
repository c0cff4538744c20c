import type { Ingress, IngressBackend, IngressReferences, ObjectName } from "./types.ts";

/** The Services and Secrets that Ingresses name, each once, sorted. */
export function ingressReferences(ingresses: readonly Ingress[]): IngressReferences {
  const services = ingresses.flatMap((ingress) =>
    backendsOf(ingress).flatMap(({ service }) =>
      service === undefined ? [] : [inNamespaceOf(ingress, service.name)]
    )
  );
  const secrets = ingresses.flatMap((ingress) =>
    (ingress.spec.tls ?? []).flatMap(({ secretName }) =>
      secretName === undefined ? [] : [inNamespaceOf(ingress, secretName)]
    )
  );
  return { services: unique(services), secrets: unique(secrets) };
}

/** Every backend of an Ingress, the default one first. */
export function backendsOf({ spec }: Ingress): readonly IngressBackend[] {
  const paths = (spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  const own = paths.map(({ backend }) => backend);
  return spec.defaultBackend === undefined ? own : [spec.defaultBackend, ...own];
}

function inNamespaceOf(ingress: Ingress, name: string): ObjectName {
  return { namespace: ingress.metadata.namespace ?? "default", name };
}

function unique(names: readonly ObjectName[]): readonly ObjectName[] {
  const byKey = new Map(names.map((name) => [`${name.namespace}/${name.name}`, name]));
  return [...byKey.keys()].toSorted().flatMap((key) => byKey.get(key) ?? []);
}
