import assert from "assert";
import {
  ClusterLock,
  isClusterServed,
  type KindCluster,
  type LockEngine,
} from "../../lib/clusters/mod.ts";
import { systemClock } from "../../lib/core/mod.ts";

/** An engine, and a cluster whose first control plane is a running container of it. */
export interface LockBed extends AsyncDisposable {
  readonly engine: LockEngine;
  readonly container: string;
  /** An address that somebody on the container's network has. */
  readonly used: string;
  /** One that nobody has. */
  readonly unused: string;
}

type Check = (bed: LockBed) => Promise<void>;

const life = new AbortController();

/** A cluster with one node, in this container. */
export function clusterIn(container: string, up = true): KindCluster {
  const node = { name: "one-control-plane", container, role: "control-plane", up } as const;
  return { name: "one", network: "kind", nodes: [node], api: node };
}

/** What the lock of a cluster must do, whatever runs its program. */
export const CLUSTER_LOCK_CONTRACT: Readonly<Record<string, Check>> = {
  "the second waits until the first lets go": async (bed) => {
    const cluster = clusterIn(bed.container);
    const first = lockOf(bed);
    await first.take(unexpected, life);
    assert.equal(await isClusterServed(bed.engine, cluster, life), true);
    await using second = lockOf(bed);
    const told = Promise.withResolvers<void>();
    let taken = false;
    const taking = second.take(() => told.resolve(), life).then(() => taken = true);
    await told.promise;
    assert.equal(taken, false);
    await first[Symbol.asyncDispose]();
    await taking;
    assert.equal(await isClusterServed(bed.engine, cluster, life), true);
  },

  "nobody has it when the last one let go": async (bed) => {
    const lock = lockOf(bed);
    await lock.take(unexpected, life);
    await lock[Symbol.asyncDispose]();
    const cluster = clusterIn(bed.container);
    while (await isClusterServed(bed.engine, cluster, life)) await systemClock.sleep(10);
  },

  "who has the lock can tell who has an address": async (bed) => {
    await using lock = lockOf(bed);
    assert.equal(await lock.holderOf(bed.used), undefined);
    await lock.take(unexpected, life);
    assert.match(await lock.holderOf(bed.used) ?? "nobody", /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    assert.equal(await lock.holderOf(bed.unused), undefined);
    assert.equal(await lock.holderOf("fd00::dead"), undefined);
  },

  "who waits can be told to stop": async (bed) => {
    await using first = lockOf(bed);
    await first.take(unexpected, life);
    const second = lockOf(bed);
    const stop = new AbortController();
    await second.take(() => stop.abort(), stop);
    await second[Symbol.asyncDispose]();
    assert.equal(await isClusterServed(bed.engine, clusterIn(bed.container), life), true);
  },
};

function lockOf({ engine, container }: LockBed): ClusterLock {
  return new ClusterLock({ engine, clock: systemClock, cluster: () => clusterIn(container) });
}

function unexpected(): void {
  throw new Error("somebody else is said to have the lock");
}
