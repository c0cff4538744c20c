import type { ContainerPlan, MountPlan, PublishPlan } from "../../lib/runtime/types.ts";
import type { FakeEngine } from "./fake_engine.ts";
import type { RawAnswer, RawRequest } from "./raw_http.ts";

/** Body of a creation, as far as the fake understands it. */
interface CreateBody {
  readonly Image: string;
  readonly Labels: Record<string, string>;
  readonly Entrypoint: string[];
  readonly User: string;
  readonly HostConfig: {
    readonly NetworkMode: string;
    readonly Mounts: { Type: "volume" | "bind"; Source: string; Target: string }[];
    readonly PortBindings: Record<string, { HostIp: string; HostPort: string }[]>;
  };
}

/** Answers what makes and removes containers, volumes and images; undefined for other requests. */
export async function answerWorks(
  engine: FakeEngine,
  { method, url, body }: RawRequest,
): Promise<RawAnswer | undefined> {
  const { pathname, searchParams } = url;
  const [, kind = "", name = "", verb = ""] = pathname.split("/").map(decodeURIComponent);
  const image = /^\/images\/(.+)\/json$/.exec(pathname)?.[1];
  if (image !== undefined) {
    return await engine.hasImage(image) ? json(200, {}) : json(404, { message: "no such image" });
  }
  if (pathname === "/images/create") return await pull(engine, searchParams);
  if (kind === "volumes") return await volumes(engine, { method, name, searchParams, body });
  if (kind !== "containers" || method === "GET") return undefined;
  if (name === "create") return await create(engine, searchParams.get("name") ?? "", body);
  if (method === "DELETE") await engine.removeContainer(name);
  else if (verb === "start") await engine.startContainer(name);
  else if (verb === "stop") await engine.stopContainer(name);
  else if (verb === "rename") await engine.renameContainer(name, searchParams.get("name") ?? "");
  else return undefined;
  return { status: 204, body: "" };
}

async function create(engine: FakeEngine, name: string, body: string): Promise<RawAnswer> {
  const { Image, Labels, Entrypoint, User, HostConfig } = JSON.parse(body) as CreateBody;
  const [mode = "", container] = HostConfig.NetworkMode.split(":");
  const plan: ContainerPlan = {
    name,
    image: Image,
    labels: Labels,
    command: Entrypoint,
    user: User,
    network: container === undefined ? { kind: "own", name: mode } : { kind: "joined", container },
    mounts: HostConfig.Mounts.map(({ Type, Source, Target }): MountPlan => ({
      kind: Type,
      source: Source,
      target: Target,
    })),
    publish: Object.entries(HostConfig.PortBindings).map(([port, [to]]): PublishPlan => ({
      port: parseInt(port),
      protocol: port.endsWith("/udp") ? "udp" : "tcp",
      ...(to?.HostIp ? { hostAddress: to.HostIp } : {}),
      ...(to?.HostPort ? { hostPort: Number(to.HostPort) } : {}),
    })),
  };
  return json(201, { Id: await engine.createContainer(plan) });
}

async function volumes(
  engine: FakeEngine,
  { method, name, searchParams, body }: {
    readonly method: string;
    readonly name: string;
    readonly searchParams: URLSearchParams;
    readonly body: string;
  },
): Promise<RawAnswer> {
  if (method === "DELETE") {
    await engine.removeVolume(name);
    return { status: 204, body: "" };
  }
  const shown = (
    { name, labels, mountpoint }: { name: string; labels: object; mountpoint: string },
  ) => ({
    Name: name,
    Labels: labels,
    Mountpoint: mountpoint,
  });
  if (name === "create") {
    const { Name, Labels } = JSON.parse(body) as { Name: string; Labels: Record<string, string> };
    return json(201, shown(await engine.createVolume({ name: Name, labels: Labels })));
  }
  if (name !== "") {
    const [found] = (await engine.volumes({ labels: [] })).filter((one) => one.name === name);
    return found === undefined ? json(404, { message: "no such volume" }) : json(200, shown(found));
  }
  const { label = [] } = JSON.parse(searchParams.get("filters") ?? "{}") as { label?: string[] };
  return json(200, { Volumes: (await engine.volumes({ labels: label })).map(shown) });
}

async function pull(engine: FakeEngine, query: URLSearchParams): Promise<RawAnswer> {
  const tag = query.get("tag");
  const name = query.get("fromImage") ?? "";
  if (name.includes("missing")) return lines({ error: "manifest unknown" });
  await engine.pullImage(tag === null ? name : `${name}:${tag}`);
  const layer = (status: string, current: number) => ({
    id: "a1",
    status,
    progressDetail: { current, total: 100 },
  });
  return lines(layer("Downloading", 40), layer("Downloading", 90), {
    id: "a1",
    status: "Download complete",
    progressDetail: {},
  }, { status: "Status: Downloaded newer image" });
}

function lines(...values: readonly unknown[]): RawAnswer {
  return { status: 200, body: values.map((value) => `${JSON.stringify(value)}\r\n`).join("") };
}

function json(status: number, value: unknown): RawAnswer {
  return { status, body: JSON.stringify(value) };
}
