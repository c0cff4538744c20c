import type { PoolConfig } from "./types.ts";

/** A configuration without pools. */
export const noPools: PoolConfig = {
  pools: [],
  share: new Map(),
  interfaces: new Map(),
  outside: "allow",
};
