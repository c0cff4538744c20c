import * as v from "valibot";
import { AppError } from "../core/mod.ts";
import { containerList, type InspectedNetwork, type ListedContainer } from "./schema.ts";
import { eventLine, type ListedVolume, networkInspect, type PullLine } from "./schema.ts";
import { pullLine, versionAnswer, volumeAnswer, volumeList } from "./schema.ts";
import type { EngineKind } from "./candidates.ts";
import type {
  Container,
  EngineEvent,
  HostPort,
  Network,
  NetworkAddresses,
  Volume,
} from "./types.ts";

/** Reads a container listing; anything but a whole, well-formed list is an error. */
export function decodeContainerList(answer: unknown): readonly ListedContainer[] {
  return decode(containerList, answer, "container list");
}

/** Reads a network inspection. */
export function decodeNetwork(answer: unknown): InspectedNetwork {
  return decode(networkInspect, answer, "network");
}

/** Reads who answers: Podman names itself among the components. */
export function decodeVersion(
  answer: unknown,
): { readonly kind: EngineKind; readonly version: string; readonly inMachine?: boolean } {
  const { Version, Components, Platform } = decode(versionAnswer, answer, "version");
  const podman = Components.some(({ Name }) => Name.startsWith("Podman"));
  const kind = podman ? "podman" : "docker";
  const isDesktop = Platform.Name.startsWith("Docker Desktop");
  return { kind, version: Version, ...(isDesktop ? { inMachine: true } : {}) };
}

/** Reads a volume. */
export function decodeVolume(answer: unknown): Volume {
  return toVolume(decode(volumeAnswer, answer, "volume"));
}

/** Reads a list of volumes. */
export function decodeVolumes(answer: unknown): readonly Volume[] {
  return decode(volumeList, answer, "volume list").Volumes.map(toVolume);
}

/** Reads one line of an image's download. */
export function decodePull(line: unknown): PullLine {
  return decode(pullLine, line, "download");
}

function toVolume({ Name, Labels, Mountpoint }: ListedVolume): Volume {
  return { name: Name, labels: Labels, mountpoint: Mountpoint };
}

/** A listed container as berth sees it. */
export function toContainer(listed: ListedContainer): Container {
  const networks = Object.entries(listed.NetworkSettings.Networks);
  return {
    id: listed.Id,
    name: (listed.Names[0] ?? listed.Id).replace(/^\//, ""),
    labels: listed.Labels,
    running: listed.State === "running",
    ...(isSet(listed.ImageID) ? { image: listed.ImageID } : {}),
    networks: Object.fromEntries(
      networks.map(([name, found]) => [name, addresses(found.IPAddress, found.GlobalIPv6Address)]),
    ),
    ports: hostPorts(listed.Ports),
  };
}

/** An inspected network as berth sees it; gateways without prefix length. */
export function toNetwork(found: InspectedNetwork): Network {
  const config = found.IPAM.Config;
  return {
    id: found.Id,
    name: found.Name,
    subnets: config.map((one) => one.Subnet).filter(isSet),
    ranges: config.map((one) => one.IPRange).filter(isSet),
    gateways: config.map((one) => withoutPrefix(one.Gateway)).filter(isSet),
  };
}

/** Addresses in use on a network: attached, reserved by it, or fixed for a stopped container. */
export function usedAddresses(
  network: InspectedNetwork,
  listed: readonly ListedContainer[],
): readonly string[] {
  const attached = Object.values(network.Containers)
    .flatMap((one) => [one.IPv4Address, one.IPv6Address]);
  const reserved = network.IPAM.Config
    .flatMap((one) => [one.Gateway, ...Object.values(one.AuxiliaryAddresses)]);
  const fixed = listed.flatMap((one) => {
    const found = one.NetworkSettings.Networks[network.Name];
    const asked = found?.IPAMConfig;
    return [found?.IPAddress, found?.GlobalIPv6Address, asked?.IPv4Address, asked?.IPv6Address];
  });
  const all = [...attached, ...reserved, ...fixed].map((one) => withoutPrefix(one ?? ""));
  return [...new Set(all.filter(isSet))].sort();
}

/** One line of the event stream; undefined when berth does not follow it. */
export function decodeEvent(line: unknown): EngineEvent | undefined {
  const { Type, Action, Actor } = decode(eventLine, line, "event");
  if (Type === "container") return containerEvent(Action, Actor.ID, Actor.Attributes);
  if (Type !== "network" || (Action !== "connect" && Action !== "disconnect")) return undefined;
  const { name = Actor.ID, container = "" } = Actor.Attributes;
  return { kind: "network", action: Action, network: name, container };
}

const CONTAINER_ACTIONS: ReadonlyMap<string, "start" | "die" | "destroy" | "create"> = new Map([
  ["create", "create"],
  ["start", "start"],
  ["die", "die"],
  ["destroy", "destroy"],
  // Podman's own words
  ["died", "die"],
  ["remove", "destroy"],
]);

/** Every action that {@link decodeEvent} understands, for the engine's filter. */
export const FOLLOWED_ACTIONS: readonly string[] = [
  ...CONTAINER_ACTIONS.keys(),
  "connect",
  "disconnect",
];

function containerEvent(
  word: string,
  id: string,
  attributes: Readonly<Record<string, string>>,
): EngineEvent | undefined {
  const action = CONTAINER_ACTIONS.get(word);
  if (action === undefined) return undefined;
  const { name = "", image: _image, exitCode: _exitCode, ...labels } = attributes;
  return { kind: "container", action, id, name, labels };
}

function hostPorts(ports: ListedContainer["Ports"]): Readonly<Record<string, HostPort>> {
  const result: Record<string, HostPort> = {};
  for (const { IP, PrivatePort, PublicPort, Type } of ports) {
    if (PublicPort === undefined || PublicPort === 0) continue;
    const key = `${PrivatePort}/${Type}`;
    // a port published on both families is listed twice: keep the IPv4 one
    if (result[key] === undefined || !IP.includes(":")) {
      result[key] = { address: IP, port: PublicPort };
    }
  }
  return result;
}

function addresses(ipv4: string, ipv6: string): NetworkAddresses {
  return { ...(isSet(ipv4) ? { ipv4 } : {}), ...(isSet(ipv6) ? { ipv6 } : {}) };
}

function withoutPrefix(address: string): string {
  return address.replace(/\/.*$/, "");
}

function isSet(text: string): boolean {
  return text !== "";
}

function decode<T>(schema: v.GenericSchema<unknown, T>, answer: unknown, what: string): T {
  const result = v.safeParse(schema, answer);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue) ?? "the answer";
  throw new AppError(`the engine's ${what} is malformed at ${place}: ${issue.message}`, {
    kind: "unavailable",
  });
}
