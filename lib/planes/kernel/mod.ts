export { createKernelPlane, type KernelPlaneOptions } from "./plane.ts";
export { NODE_SHELL } from "../agent/mod.ts";
