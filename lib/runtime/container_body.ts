import type { ContainerPlan, MountPlan, NetworkPlan, PublishPlan, VolumePlan } from "./types.ts";

/** Body of `POST /containers/create` for a plan. */
export function containerBody(plan: ContainerPlan): Readonly<Record<string, unknown>> {
  const { image, labels, command, user, network, publish = [] } = plan;
  return {
    Image: image,
    Labels: { ...labels },
    Entrypoint: [...command],
    Cmd: [],
    User: user,
    ExposedPorts: Object.fromEntries(publish.map((one) => [portName(one), {}])),
    HostConfig: hostConfig(plan),
    ...ownNetwork(network),
  };
}

/** Body of `POST /volumes/create` for a plan. */
export function volumeBody(
  { name, labels, memoryBytes }: VolumePlan,
): Readonly<Record<string, unknown>> {
  const options = memoryBytes === undefined ? {} : {
    type: "tmpfs",
    device: "tmpfs",
    o: `size=${memoryBytes},mode=0711,nosuid,nodev,noexec`,
  };
  return { Name: name, Driver: "local", DriverOpts: options, Labels: { ...labels } };
}

/** Processes and threads of one container: far above what ours start. */
const MOST_PROCESSES = 512;

function hostConfig(plan: ContainerPlan): Readonly<Record<string, unknown>> {
  const { capabilities = [], groups = [], mounts = [], publish = [], network } = plan;
  return {
    NetworkMode: network.kind === "own" ? network.name : `container:${network.container}`,
    CapDrop: ["ALL"],
    CapAdd: [...capabilities],
    GroupAdd: [...groups],
    SecurityOpt: ["no-new-privileges"],
    ReadonlyRootfs: true,
    Init: false,
    PidsLimit: MOST_PROCESSES,
    Sysctls: { ...plan.sysctls },
    Mounts: mounts.map(mount),
    PortBindings: portBindings(publish),
    RestartPolicy: { Name: plan.restartsOnFailure === true ? "on-failure" : "no" },
    // a container's log must not fill the disk
    LogConfig: { Type: "json-file", Config: { "max-size": "2m", "max-file": "2" } },
    ...(plan.memoryBytes === undefined ? {} : {
      Memory: plan.memoryBytes,
      MemorySwap: plan.memoryBytes,
    }),
  };
}

/** API 1.44 moved the hardware address to the network; both places are understood by their time. */
function ownNetwork(network: NetworkPlan): Readonly<Record<string, unknown>> {
  if (network.kind !== "own" || network.mac === undefined) return {};
  const { name, mac } = network;
  return {
    MacAddress: mac,
    NetworkingConfig: { EndpointsConfig: { [name]: { MacAddress: mac } } },
  };
}

function mount({ kind, source, target, readOnly = false }: MountPlan) {
  return { Type: kind, Source: source, Target: target, ReadOnly: readOnly };
}

function portBindings(publish: readonly PublishPlan[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(publish.map((one) => [portName(one), [{
    HostIp: one.hostAddress ?? "",
    HostPort: one.hostPort === undefined ? "" : String(one.hostPort),
  }]]));
}

function portName({ port, protocol }: PublishPlan): string {
  return `${port}/${protocol}`;
}
