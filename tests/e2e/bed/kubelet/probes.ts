/** Readiness checks, run from the node as a kubelet does. */
import { runAnyway } from "../shell.ts";
import type { Container, Probe } from "./types.ts";

/** Where a probe goes. */
export interface ProbeTarget {
  readonly container: Container;
  /** The engine's name of the container. */
  readonly id: string;
  readonly podIP: string;
  readonly probeSocket: string;
}

/** Time between probes of a container that was never ready: a kubelet is as eager at the start. */
const EAGER_MS = 250;

/** Watches a container's readiness until the signal; calls `changed` at each change. */
export async function watchReadiness(
  target: ProbeTarget,
  changed: (ready: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  const probe = target.container.readinessProbe;
  if (probe === undefined) return changed(true);
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path: target.probeSocket } });
  await sleep((probe.initialDelaySeconds ?? 0) * 1000, signal);
  let ready = false;
  let failures = 0;
  while (!signal.aborted) {
    const passed: boolean = await probeOnce(probe, target, client);
    if (signal.aborted) return;
    failures = passed ? 0 : failures + 1;
    const now: boolean = passed || (ready && failures < (probe.failureThreshold ?? 3));
    if (now !== ready) changed(now);
    const wasNeverReady = !ready && !now;
    ready = now;
    await sleep(wasNeverReady ? EAGER_MS : (probe.periodSeconds ?? 10) * 1000, signal);
  }
}

async function probeOnce(
  probe: Probe,
  target: ProbeTarget,
  client: Deno.HttpClient,
): Promise<boolean> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.exec) {
    const [program = "true", ...args] = probe.exec.command;
    const command = ["docker", "exec", target.id, program, ...args] as const;
    return (await runAnyway(command, { signal: AbortSignal.timeout(timeoutMs) })).code === 0;
  }
  const query = new URLSearchParams({ timeout: `${timeoutMs}ms` });
  if (probe.httpGet) {
    const { path = "/", scheme = "HTTP", host = target.podIP } = probe.httpGet;
    const authority = hostPort(host, portNumber(probe.httpGet.port, target.container));
    query.set("url", `${scheme.toLowerCase()}://${authority}${path}`);
  } else if (probe.tcpSocket) {
    query.set("tcp", hostPort(target.podIP, portNumber(probe.tcpSocket.port, target.container)));
  } else return true;
  const answer = await fetch(`http://node/probe?${query}`, { client }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 200;
}

function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function portNumber(port: number | string, container: Container): number {
  if (typeof port === "number") return port;
  return container.ports?.find((one) => one.name === port)?.containerPort ?? 0;
}

/** Waits, or ends early (without an error) when the signal fires. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
