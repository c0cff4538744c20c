import { docker, ENVOY_IMAGE } from "../../e2e/bed/mod.ts";

/** Containers that berth makes at the same time. */
const AT_ONCE = 4;

/**
 * Milliseconds in which the engine alone, by its command line, starts containers of the proxies'
 * image, as many at a time as berth asks for: what no program on top of it can undercut by much.
 */
export async function enginePace(count: number): Promise<number> {
  const names = Array.from({ length: count }, (_, i) => `bench-pace-${i}`);
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const flags = ["-d", "--name", name, "--net", "none", "--label", "berth.dev/bed=bench"];
      await docker("run", ...flags, ENVOY_IMAGE, ...envoyWithout);
    }
  };
  const started = performance.now();
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return performance.now() - started;
  } finally {
    await docker("rm", "-f", ...names);
  }
}

/** An Envoy that serves nothing. */
const envoyWithout = ["--config-yaml", "{}", "--disable-hot-restart", "--concurrency", "2"];
