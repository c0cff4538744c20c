import { errorText } from "../core/mod.ts";
import type { Check } from "./doctor_view.ts";
import type { DoctorPorts } from "./ports.ts";

/** What a check works with. */
export interface DoctorSession {
  readonly ports: DoctorPorts;
  readonly signal: AbortSignal;
}

/** The engine answers on its socket. */
export function checkEngine({ ports, signal }: DoctorSession): Promise<Check> {
  return check("engine", {
    run: async () => {
      const { socket, version } = await ports.engine({ signal });
      return `version ${version} at ${socket}`;
    },
    remedy: "start the engine, or set DOCKER_HOST to its socket; berth dev works without one",
  });
}

/** The network exists and leaves addresses for berth. */
export function checkNetwork({ ports, signal }: DoctorSession): Promise<Check> {
  return check("network", {
    run: async () => {
      const { name, subnets, pools } = await ports.network({ signal });
      return `${name} (${subnets.join(", ")}), ${poolText(pools)}`;
    },
    remedy: "create a kind cluster, or name the network with --network",
    verdict: "warn",
  });
}

/** The embedded plane can have addresses of its own. */
export function checkLoopback({ ports, signal }: DoctorSession): Promise<Check> {
  return check("loopback", {
    run: async () => {
      await ports.loopback({ signal });
      return "more than one loopback address can be bound";
    },
    remedy: "add an alias to the loopback interface; only the embedded plane needs it",
    verdict: "warn",
  });
}

/** A check that is fine when `run` resolves; its rejection becomes the detail. */
export async function check(
  name: string,
  options: {
    readonly run: () => Promise<string>;
    readonly remedy: string;
    readonly verdict?: "warn" | "fail";
  },
): Promise<Check> {
  try {
    return { name, verdict: "ok", detail: await options.run() };
  } catch (error) {
    const { verdict = "fail", remedy } = options;
    return { name, verdict, detail: errorText(error), remedy };
  }
}

/** A check that an earlier failure makes pointless. */
export function skipped(name: string, detail: string): Check {
  return { name, verdict: "skip", detail };
}

/** The first range; the others are many and long, and `berth pools` shows them. */
function poolText([first, ...more]: readonly string[]): string {
  if (first === undefined) return "with no room for addresses";
  return `addresses from ${first}${more.length === 0 ? "" : ` and ${more.length} more ranges`}`;
}
