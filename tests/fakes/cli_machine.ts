import type { SourceOptions } from "../../lib/cli/sources/engine.ts";
import type { CommandName } from "../../lib/cli/command_names.ts";
import type { Settings } from "../../lib/cli/options.ts";
import { fakeSettings } from "./cli.ts";
import { FakeEngine } from "./fake_engine.ts";
import { kindNode } from "./kind_containers.ts";
import { type SocketBed, socketBed } from "./socket_bed.ts";

/** A machine with an engine on a socket, network `kind`, and two nodes of a cluster `one`. */
export async function kindMachine(fake: FakeEngine = new FakeEngine()): Promise<SocketBed> {
  fake.addNetwork({
    name: "kind",
    subnets: ["172.18.0.0/16"],
    ranges: [],
    gateways: ["172.18.0.1"],
  });
  fake.run(kindNode({ name: "one-control-plane", role: "control-plane" }));
  fake.create(kindNode({ name: "one-worker" }));
  return await socketBed({ fake });
}

/** Settings and an environment that lead to the machine's socket. */
export function sourceOptions(
  bed: SocketBed,
  { command, changed = {} }: {
    readonly command: CommandName;
    readonly changed?: Partial<Settings>;
  },
): SourceOptions {
  return {
    settings: fakeSettings(command, changed),
    env: { DOCKER_HOST: `unix://${bed.socket.path}` },
  };
}
