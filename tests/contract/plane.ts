import assert from "assert";
import { AppError } from "../../lib/core/mod.ts";
import type { Plane } from "../../lib/planes/types.ts";
import type { Endpoint, Listener, Protocol, ProxySpec } from "../../lib/proxy/types.ts";

/** Where a client connects to. */
export interface Target {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

/** One flow that stays open. */
export interface Flow extends AsyncDisposable {
  /** Name of the backend that answers on this flow; undefined when it is broken. */
  ask(): Promise<string | undefined>;
}

/** What the suite needs around a plane: addresses, backends and a client. */
export interface PlaneBed extends AsyncDisposable {
  readonly plane: Plane;
  /** Two IPv4 addresses that the plane may serve. */
  readonly addresses: readonly [string, string];
  /** Three ports that are free on them. */
  readonly ports: readonly [number, number, number];
  /** Names of the nodes that may announce. */
  readonly announcers: readonly string[];
  /** A CIDR that holds the client, and one that does not. */
  readonly clientRange: string;
  readonly foreignRange: string;
  /** Starts a backend that answers each TCP line and each datagram with its name, on one port. */
  backend(name: string): Promise<Endpoint>;
  /** Opens a flow; it need not work. */
  open(to: Target): Promise<Flow>;
}

const options = { signal: new AbortController().signal };

/** Registers the suite: what every plane must do. `open` gives each case a bed without Services. */
export function planeContract(name: string, open: () => Promise<PlaneBed>): void {
  for (const [title, check] of Object.entries(cases)) {
    Deno.test(`${name}: ${title}`, async () => {
      await using bed = await open();
      await check(new Stage(bed));
    });
  }
}

type Change = Partial<Omit<Listener, "protocol">>;

/** A bed with the phrases that the cases speak. */
class Stage {
  readonly bed: PlaneBed;
  readonly plane: Plane;

  constructor(bed: PlaneBed) {
    this.bed = bed;
    this.plane = bed.plane;
  }

  listener(protocol: Protocol, endpoints: readonly Endpoint[], change: Change = {}): Listener {
    return {
      ...{ address: this.bed.addresses[0], port: this.bed.ports[0], family: "IPv4", protocol },
      ...{ sourceRanges: [], closed: false, affinity: "none", endpoints },
      ...change,
    };
  }

  spec(name: string, listeners: readonly Listener[]): ProxySpec {
    const addresses = [...new Set(listeners.map(({ address }) => address))].sort();
    const { announcers } = this.bed;
    return { key: `contract/default/${name}`, addresses, listeners, announcers };
  }

  ensure(name: string, ...listeners: readonly Listener[]) {
    return this.plane.ensure(this.spec(name, listeners), options);
  }

  /** Who answers a new flow. */
  async ask(target: Target): Promise<string | undefined> {
    await using flow = await this.bed.open(target);
    return await flow.ask();
  }

  /** Who answers many new flows. */
  async askMany(target: Target, count: number): Promise<readonly (string | undefined)[]> {
    const names = new Set<string | undefined>();
    for (let i = 0; i < count; i++) names.add(await this.ask(target));
    return [...names].sort();
  }

  async keys(): Promise<readonly string[]> {
    return (await this.plane.list(options)).map(({ key }) => key).sort();
  }
}

const cases: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "ensure() serves TCP and UDP on one port and confirms its addresses": async (stage) => {
    const endpoints = [await stage.bed.backend("a")];
    const tcp = stage.listener("TCP", endpoints);
    const udp = stage.listener("UDP", endpoints);
    const served = await stage.ensure("one", tcp, udp);
    assert.equal(served.key, "contract/default/one");
    assert.deepEqual(served.addresses.map(({ address }) => address), [stage.bed.addresses[0]]);
    assert.equal(await stage.ask(tcp), "a");
    assert.equal(await stage.ask(udp), "a");
    assert.deepEqual(await stage.keys(), ["contract/default/one"]);
  },

  "ensure() of the same spec again changes nothing": async (stage) => {
    const listener = stage.listener("TCP", [await stage.bed.backend("a")]);
    await stage.ensure("one", listener);
    await using flow = await stage.bed.open(listener);
    assert.equal(await flow.ask(), "a");
    await stage.ensure("one", listener);
    assert.equal(await flow.ask(), "a");
    assert.equal(await stage.ask(listener), "a");
  },

  "ensure() with another port opens it and closes the old one": async (stage) => {
    const endpoints = [await stage.bed.backend("a")];
    const before = stage.listener("TCP", endpoints);
    const after = stage.listener("TCP", endpoints, { port: stage.bed.ports[1] });
    await stage.ensure("one", before);
    await stage.ensure("one", after);
    assert.equal(await stage.ask(after), "a");
    assert.equal(await stage.ask(before), undefined);
  },

  "ensure() with another address moves the Service": async (stage) => {
    const endpoints = [await stage.bed.backend("a")];
    const before = stage.listener("UDP", endpoints);
    const after = stage.listener("UDP", endpoints, { address: stage.bed.addresses[1] });
    await stage.ensure("one", before);
    const served = await stage.ensure("one", after);
    assert.deepEqual(served.addresses.map(({ address }) => address), [stage.bed.addresses[1]]);
    assert.equal(await stage.ask(after), "a");
    assert.equal(await stage.ask(before), undefined);
  },

  "ensure() with other endpoints sends new flows to them, TCP flows under way go on": async (
    stage,
  ) => {
    const [a, b] = [await stage.bed.backend("a"), await stage.bed.backend("b")];
    await stage.ensure("one", stage.listener("TCP", [a]), stage.listener("UDP", [a]));
    const tcp = stage.listener("TCP", [b]);
    const udp = stage.listener("UDP", [b]);
    await using old = await stage.bed.open(tcp);
    await using datagrams = await stage.bed.open(udp);
    assert.deepEqual([await old.ask(), await datagrams.ask()], ["a", "a"]);
    await stage.ensure("one", tcp, udp);
    assert.deepEqual(await stage.askMany(tcp, 5), ["b"]);
    assert.deepEqual(await stage.askMany(udp, 5), ["b"]);
    assert.deepEqual([await old.ask(), await datagrams.ask()], ["a", "b"]);
  },

  "ensure() spreads flows over the endpoints": async (stage) => {
    const endpoints = [await stage.bed.backend("a"), await stage.bed.backend("b")];
    const [tcp, udp] = [stage.listener("TCP", endpoints), stage.listener("UDP", endpoints)];
    await stage.ensure("one", tcp, udp);
    assert.deepEqual(await stage.askMany(tcp, 40), ["a", "b"]);
    assert.deepEqual(await stage.askMany(udp, 40), ["a", "b"]);
  },

  "ensure() with client-ip affinity keeps a client on one endpoint": async (stage) => {
    const endpoints = [await stage.bed.backend("a"), await stage.bed.backend("b")];
    const change = { affinity: "client-ip" } as const;
    const tcp = stage.listener("TCP", endpoints, change);
    const udp = stage.listener("UDP", endpoints, change);
    await stage.ensure("one", tcp, udp);
    assert.equal((await stage.askMany(tcp, 20)).length, 1);
    assert.equal((await stage.askMany(udp, 20)).length, 1);
  },

  "ensure() lets in the source ranges alone": async (stage) => {
    const { clientRange, foreignRange } = stage.bed;
    const endpoints = [await stage.bed.backend("a")];
    const steps = [
      [{ sourceRanges: [foreignRange] }, undefined],
      [{ sourceRanges: [foreignRange, clientRange] }, "a"],
      [{ closed: true }, undefined],
      [{}, "a"],
    ] as const;
    for (const [change, answer] of steps) {
      const tcp = stage.listener("TCP", endpoints, change);
      const udp = stage.listener("UDP", endpoints, change);
      await stage.ensure("one", tcp, udp);
      assert.equal(await stage.ask(tcp), answer, `TCP with ${JSON.stringify(change)}`);
      assert.equal(await stage.ask(udp), answer, `UDP with ${JSON.stringify(change)}`);
    }
  },

  "ensure() without endpoints refuses, until there are some": async (stage) => {
    for (const endpoints of [[], [await stage.bed.backend("a")], []]) {
      const tcp = stage.listener("TCP", endpoints);
      const udp = stage.listener("UDP", endpoints);
      await stage.ensure("one", tcp, udp);
      const answer = endpoints.length === 0 ? undefined : "a";
      assert.deepEqual([await stage.ask(tcp), await stage.ask(udp)], [answer, answer]);
    }
  },

  "two Services share an address, and one leaves without touching the other": async (stage) => {
    const first = stage.listener("TCP", [await stage.bed.backend("a")]);
    const second = stage.listener("TCP", [await stage.bed.backend("b")], {
      port: stage.bed.ports[1],
    });
    await stage.ensure("one", first);
    await stage.ensure("two", second);
    await using flow = await stage.bed.open(second);
    assert.deepEqual([await stage.ask(first), await flow.ask()], ["a", "b"]);
    await stage.plane.remove("contract/default/one", options);
    assert.deepEqual([await stage.ask(first), await stage.ask(second)], [undefined, "b"]);
    assert.equal(await flow.ask(), "b");
    assert.deepEqual(await stage.keys(), ["contract/default/two"]);
  },

  "ensure() refuses a port that another Service has on the address": async (stage) => {
    const first = stage.listener("TCP", [await stage.bed.backend("a")]);
    const other = stage.listener("TCP", [await stage.bed.backend("b")]);
    await stage.ensure("one", first);
    await assert.rejects(stage.ensure("two", other), (error) => {
      assert.ok(error instanceof AppError, `not an AppError: ${error}`);
      assert.equal(error.kind, "conflict");
      assert.match(error.message, /contract\/default\/one/);
      return true;
    });
    assert.equal(await stage.ask(first), "a");
    assert.deepEqual(await stage.keys(), ["contract/default/one"]);
    await stage.plane.remove("contract/default/one", options);
    await stage.ensure("two", other);
    assert.equal(await stage.ask(other), "b");
  },

  "ensure() refuses a malformed source range and leaves the rest alone": async (stage) => {
    const first = stage.listener("TCP", [await stage.bed.backend("a")]);
    await stage.ensure("one", first);
    const bad = stage.listener("TCP", first.endpoints, { sourceRanges: ["10.0.0.0/99"] });
    await assert.rejects(stage.ensure("one", bad), { kind: "invalid" });
    assert.equal(await stage.ask(first), "a");
  },

  "remove() stops serving; unknown keys are fine": async (stage) => {
    const endpoints = [await stage.bed.backend("a")];
    const [tcp, udp] = [stage.listener("TCP", endpoints), stage.listener("UDP", endpoints)];
    await stage.ensure("one", tcp, udp);
    for (let i = 0; i < 2; i++) await stage.plane.remove("contract/default/one", options);
    await stage.plane.remove("contract/default/never", options);
    assert.deepEqual([await stage.ask(tcp), await stage.ask(udp)], [undefined, undefined]);
    assert.deepEqual(await stage.keys(), []);
  },

  "ensure() and remove() reject when the signal is aborted": async (stage) => {
    const spec = stage.spec("one", [stage.listener("TCP", [])]);
    const aborted = { signal: AbortSignal.abort() };
    await assert.rejects(stage.plane.ensure(spec, aborted), { name: "AbortError" });
    await assert.rejects(stage.plane.remove(spec.key, aborted), { name: "AbortError" });
  },
};
