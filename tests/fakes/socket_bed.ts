import { createEngine, type EngineOptions } from "../../lib/runtime/mod.ts";
import type { ContainerEngine } from "../../lib/runtime/types.ts";
import { EngineSocket } from "./engine_socket.ts";
import { FakeEngine } from "./fake_engine.ts";

/** An engine client over a fake socket in a folder of its own. */
export interface SocketBed extends AsyncDisposable {
  readonly socket: EngineSocket;
  readonly fake: FakeEngine;
  readonly engine: ContainerEngine;
}

/** Opens a {@link SocketBed}. */
export async function socketBed(
  { fake = new FakeEngine(), ...options }:
    & { fake?: FakeEngine }
    & Omit<EngineOptions, "socketPath">,
): Promise<SocketBed> {
  const folder = await Deno.makeTempDir({ prefix: "berth-" });
  const socket = new EngineSocket(`${folder}/engine.sock`, fake);
  const engine = createEngine({ socketPath: socket.path, ...options });
  return {
    socket,
    fake,
    engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await socket[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
