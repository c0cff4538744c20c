import assert from "assert";
import { errorKind } from "../../lib/core/mod.ts";
import type {
  ContainerEngine,
  ContainerPlan,
  EngineEvent,
  LogLimits,
} from "../../lib/runtime/types.ts";

/** A container that a bed creates. */
export interface BedContainer {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** What its program writes to its output when it starts. */
  readonly prints?: string;
}

/** An engine under test and the means to make things happen in it. */
export interface EngineBed extends AsyncDisposable {
  readonly engine: ContainerEngine;
  /** Begins every name and label, so that runs do not meet. */
  readonly prefix: string;
  /** A network with a subnet, on which every created container is. */
  readonly network: string;
  /** An image that is there, with `/bin/sleep`. */
  readonly image: string;
  create(container: BedContainer): Promise<void>;
  start(name: string): Promise<void>;
  stop(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

type Check = (bed: EngineBed) => Promise<void>;

/** What every {@link ContainerEngine} must do, whatever is behind it. */
export const ENGINE_CONTRACT: Readonly<Record<string, Check>> = {
  "containers() lists stopped and running containers by label": async (bed) => {
    await bed.create(container(bed, "up"));
    await bed.create(container(bed, "down"));
    await bed.start(`${bed.prefix}up`);
    const found = await bed.engine.containers({ labels: [`${bed.prefix}mark=yes`] });
    const shown = found.map(({ name, running, labels, networks }) => ({
      name,
      running,
      marked: labels[`${bed.prefix}mark`],
      addressed: networks[bed.network]?.ipv4 !== undefined,
    })).sort((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(shown, [
      { name: `${bed.prefix}down`, running: false, marked: "yes", addressed: false },
      { name: `${bed.prefix}up`, running: true, marked: "yes", addressed: true },
    ]);
    assert.deepEqual(await bed.engine.containers({ labels: [`${bed.prefix}mark=no`] }), []);
  },

  "network() tells subnets and rejects for an unknown name": async (bed) => {
    const network = await bed.engine.network(bed.network);
    assert.equal(network.name, bed.network);
    assert.match(network.subnets.join(), /\d+\/\d+/);
    assert.match(network.gateways.join(), /^[\d.]+$/);
    assert.equal(await kindOf(bed.engine.network(`${bed.prefix}none`)), "not-found");
  },

  "networkAddresses() holds the gateway and running containers": async (bed) => {
    await bed.create(container(bed, "a"));
    await bed.start(`${bed.prefix}a`);
    const [found] = await bed.engine.containers({ labels: [`${bed.prefix}mark`] });
    const used = await bed.engine.networkAddresses(bed.network);
    const { gateways } = await bed.engine.network(bed.network);
    assert.ok(used.includes(found?.networks[bed.network]?.ipv4 ?? "none"));
    assert.ok(used.includes(gateways[0] ?? "none"));
  },

  "readFile() gives text, also of a stopped container": async (bed) => {
    const text = `tür\n${"x".repeat(2_000)}\n`;
    await bed.create({ ...container(bed, "a"), files: { "/etc/conf": text } });
    assert.equal(await bed.engine.readFile(`${bed.prefix}a`, "/etc/conf"), text);
    assert.equal(await kindOf(bed.engine.readFile(`${bed.prefix}a`, "/etc/none")), "not-found");
    assert.equal(await kindOf(bed.engine.readFile(`${bed.prefix}b`, "/etc/conf")), "not-found");
  },

  "containerLog() gives the newest of the log, also of a stopped container": async (bed) => {
    const { engine } = bed;
    const prints = "one\ntwo\nthrée\n";
    const name = `${bed.prefix}a`;
    const log = async (most: Partial<LogLimits> = {}) =>
      new TextDecoder().decode(
        await engine.containerLog(name, { lines: 100, bytes: 1_000, ...most }),
      );
    await bed.create({ ...container(bed, "a"), prints });
    assert.equal(await log(), "");
    await bed.start(name);
    // what was written reaches the engine's log a moment later
    while ((await log()).length < prints.length);
    await bed.stop(name);
    assert.deepEqual(
      [await log(), await log({ lines: 2 }), await log({ bytes: 6 })],
      [prints, "two\nthrée\n", "hrée\n"],
    );
    await bed.remove(name);
    assert.equal(await kindOf(engine.containerLog(name, { lines: 1, bytes: 1 })), "not-found");
  },

  "session() keeps outputs apart and ends with the command": async (bed) => {
    await bed.create(container(bed, "a"));
    await bed.start(`${bed.prefix}a`);
    await using session = await bed.engine.session(`${bed.prefix}a`, ["/bin/sh"]);
    const lines = session.lines[Symbol.asyncIterator]();
    await session.write("echo one\necho oops >&2\necho two\n");
    assert.deepEqual([await next(lines), await next(lines)], ["one", "two"]);
    await session.write("exit\n");
    assert.equal(await next(lines), undefined);
    assert.deepEqual(session.errors, ["oops"]);
    assert.equal(await kindOf(session.write("echo three\n")), "unavailable");
  },

  "session() ends when its container dies": async (bed) => {
    await bed.create(container(bed, "a"));
    await bed.start(`${bed.prefix}a`);
    await using session = await bed.engine.session(`${bed.prefix}a`, ["/bin/sh"]);
    const lines = session.lines[Symbol.asyncIterator]();
    await session.write("echo one\n");
    assert.equal(await next(lines), "one");
    await bed.stop(`${bed.prefix}a`);
    assert.equal(await next(lines), undefined);
  },

  "session() ends its lines when disposed": async (bed) => {
    await bed.create(container(bed, "a"));
    await bed.start(`${bed.prefix}a`);
    const session = await bed.engine.session(`${bed.prefix}a`, ["/bin/sh"]);
    const lines = session.lines[Symbol.asyncIterator]();
    const end = next(lines);
    await session[Symbol.asyncDispose]();
    assert.equal(await end, undefined);
    assert.equal(await kindOf(session.write("echo\n")), "unavailable");
  },

  "session() rejects for an unknown container": async (bed) => {
    assert.equal(await kindOf(bed.engine.session(`${bed.prefix}none`, ["/bin/sh"])), "not-found");
  },

  "events() tells resync and then a container's life": async (bed) => {
    const stop = new AbortController();
    const told: string[] = [];
    for await (const event of bed.engine.events({ signal: stop.signal })) {
      const word = wordOf(bed, event);
      if (word !== undefined) told.push(word);
      if (word === "resync") live(bed);
      if (word === "destroy") break;
    }
    stop.abort();
    assert.deepEqual(told, [
      "resync",
      "create",
      "connect",
      "start",
      "die",
      "disconnect",
      "destroy",
    ]);
  },

  "events() ends when the signal aborts": async (bed) => {
    const stop = new AbortController();
    for await (const event of bed.engine.events({ signal: stop.signal })) {
      if (event.kind === "resync") stop.abort();
    }
    assert.ok(stop.signal.aborted);
  },
};

/** What every engine must do that makes containers. */
export const WORKS_CONTRACT: Readonly<Record<string, Check>> = {
  "createContainer() makes one that starts, stops and goes": async (bed) => {
    const { engine } = bed;
    const id = await engine.createContainer(plan(bed, "made"));
    assert.match(id, /^[0-9a-f]{64}$/);
    assert.deepEqual(await states(bed), [["made", false]]);
    for (let i = 0; i < 2; i++) await engine.startContainer(id);
    assert.deepEqual(await states(bed), [["made", true]]);
    for (let i = 0; i < 2; i++) await engine.stopContainer(id, { seconds: 0 });
    assert.deepEqual(await states(bed), [["made", false]]);
    for (let i = 0; i < 2; i++) await engine.removeContainer(id);
    assert.deepEqual(await states(bed), []);
    assert.equal(await kindOf(engine.startContainer(id)), "not-found");
  },

  "createContainer() and renameContainer() refuse a name that is taken": async (bed) => {
    const { engine } = bed;
    const id = await engine.createContainer(plan(bed, "a"));
    assert.equal(await kindOf(engine.createContainer(plan(bed, "a"))), "conflict");
    await engine.createContainer(plan(bed, "b"));
    assert.equal(await kindOf(engine.renameContainer(id, `${bed.prefix}b`)), "conflict");
    await engine.renameContainer(id, `${bed.prefix}c`);
    assert.deepEqual(await states(bed), [["b", false], ["c", false]]);
  },

  "createContainer() rejects without the image": async (bed) => {
    const wanted = { ...plan(bed, "a"), image: `${bed.prefix}none` };
    assert.equal(await kindOf(bed.engine.createContainer(wanted)), "not-found");
    assert.equal(await bed.engine.hasImage(`${bed.prefix}none`), false);
    assert.equal(await bed.engine.hasImage(bed.image), true);
  },

  "containers share a network namespace and a volume; ports are published": async (bed) => {
    const { engine } = bed;
    const name = `${bed.prefix}volume`;
    const labels = { [`${bed.prefix}mark`]: "yes" };
    const volume = await engine.createVolume({ name, labels, memoryBytes: 1 << 20 });
    assert.match(volume.mountpoint, /^\/.*volume/);
    const mount = { kind: "volume", source: name, target: "/shared" } as const;
    const first = await engine.createContainer({
      ...plan(bed, "a"),
      mounts: [mount],
      publish: [{ port: 80, protocol: "tcp", hostAddress: "127.0.0.1" }],
    });
    await engine.startContainer(first);
    const network = { kind: "joined", container: first } as const;
    const second = await engine.createContainer({ ...plan(bed, "b"), network });
    await engine.startContainer(second);
    assert.deepEqual(await states(bed), [["a", true], ["b", true]]);
    const [found] = await engine.containers({ labels: [`${bed.prefix}mark=yes`, "which=a"] });
    assert.equal(found?.ports["80/tcp"]?.address, "127.0.0.1");
    assert.equal(await kindOf(engine.removeVolume(name)), "conflict");
    await engine.removeContainer(second);
    await engine.removeContainer(first);
    assert.deepEqual(await engine.volumes({ labels: [`${bed.prefix}mark=yes`] }), [volume]);
    for (let i = 0; i < 2; i++) await engine.removeVolume(name);
    assert.deepEqual(await engine.volumes({ labels: [`${bed.prefix}mark=yes`] }), []);
  },
};

function plan(bed: EngineBed, name: string): ContainerPlan {
  return {
    name: bed.prefix + name,
    image: bed.image,
    labels: { [`${bed.prefix}mark`]: "yes", which: name },
    command: ["/bin/sleep", "1000"],
    user: "101:101",
    network: { kind: "own", name: bed.network, mac: "02:be:72:00:00:01" },
  };
}

async function states(bed: EngineBed): Promise<readonly (readonly [string, boolean])[]> {
  const found = await bed.engine.containers({ labels: [`${bed.prefix}mark`] });
  return found.map(({ name, running }) => [name.slice(bed.prefix.length), running] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function container(bed: EngineBed, name: string): BedContainer {
  return { name: bed.prefix + name, labels: { [`${bed.prefix}mark`]: "yes" } };
}

async function live(bed: EngineBed): Promise<void> {
  await bed.create(container(bed, "a"));
  await bed.start(`${bed.prefix}a`);
  await bed.stop(`${bed.prefix}a`);
  await bed.remove(`${bed.prefix}a`);
}

/** The event's word when it concerns this bed; other users of a real engine are left out. */
function wordOf(bed: EngineBed, event: EngineEvent): string | undefined {
  if (event.kind === "resync") return "resync";
  if (event.kind === "network") return event.network === bed.network ? event.action : undefined;
  if (event.name !== `${bed.prefix}a`) return undefined;
  assert.equal(event.labels[`${bed.prefix}mark`], "yes");
  assert.match(event.id, /^[0-9a-f]{64}$/);
  return event.action;
}

async function next(lines: AsyncIterator<string>): Promise<string | undefined> {
  const { done, value } = await lines.next();
  return done ? undefined : value;
}

async function kindOf(failing: Promise<unknown>): Promise<string> {
  try {
    await failing;
    return "no error";
  } catch (error) {
    return errorKind(error);
  }
}
