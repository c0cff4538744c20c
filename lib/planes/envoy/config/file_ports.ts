import type { Backend, Chain, RoutePort, RouteSpec, Share } from "../../../proxy/types.ts";
import { fileWord, routesFile, routesName, udpClusterName } from "./names.ts";
import { authorityFile, certificateFile } from "./secrets.ts";
import { backendOf } from "./usage.ts";

/** File of the endpoints of a cluster. */
export function endpointsFile(cluster: string): string {
  return `eds-${fileWord(cluster)}.json`;
}

/** The ports that need each file, ascending; not those that every port needs. */
export function filePorts(spec: RouteSpec): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, Set<number>>();
  const backends = new Map(spec.backends.map((backend) => [backend.name, backend]));
  for (const port of spec.ports) {
    for (const file of filesOf(port, backends)) {
      const ports = found.get(file) ?? new Set();
      found.set(file, ports.add(port.port));
    }
  }
  return new Map([...found].map(([file, ports]) => [file, [...ports].toSorted((a, b) => a - b)]));
}

function filesOf(port: RoutePort, backends: ReadonlyMap<string, Backend>): readonly string[] {
  if (port.protocol === "UDP") return [endpointsFile(udpClusterName(port))];
  const named = [...new Set(port.chains.map(({ serve }) => serve))].flatMap(backendsOf);
  const used = new Set(named.map((name) => backends.get(name)).filter((one) => one !== undefined));
  return [
    ...port.chains.flatMap((chain) => chainFiles(port, chain)),
    ...[...used].flatMap(backendFiles),
  ];
}

function chainFiles(port: RoutePort, chain: Chain): readonly string[] {
  const { tls, serve } = chain;
  return [
    ...(tls?.certificates ?? []).map(certificateFile),
    ...(tls?.client === undefined ? [] : [authorityFile(tls.client.authority)]),
    ...(serve.kind === "http" ? [routesFile(routesName(port, chain))] : []),
  ];
}

function backendFiles({ name, tls }: Backend): readonly string[] {
  return [
    endpointsFile(name),
    ...(tls?.certificate === undefined ? [] : [certificateFile(tls.certificate)]),
    ...(tls === undefined || tls.authority === "system" ? [] : [authorityFile(tls.authority)]),
  ];
}

function backendsOf(serve: Chain["serve"]): readonly string[] {
  if (serve.kind === "tcp") return namesOf(serve.split);
  return serve.hosts.flatMap(({ rules }) => rules).flatMap(({ action }) =>
    action.kind === "forward"
      ? [...namesOf(action.split), ...action.mirrors.map(({ backend }) => backend)]
      : []
  );
}

function namesOf(split: readonly Share[]): readonly string[] {
  return split.map(backendOf).filter((name) => name !== undefined);
}
