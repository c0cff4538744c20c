import { createKubeClient, type KubeClient } from "../../../lib/kube/mod.ts";

/** The emulator beside this process. */
export class ApiProcess implements AsyncDisposable {
  readonly kubeconfig: string;
  readonly client: KubeClient;
  readonly #child: Deno.ChildProcess;

  constructor(url: string, child: Deno.ChildProcess) {
    this.kubeconfig = kubeconfigOf(url);
    this.client = createKubeClient(this.kubeconfig);
    this.#child = child;
  }

  /** Starts it and waits until it listens. */
  static async start(): Promise<ApiProcess> {
    const entry = new URL("api_server.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", entry],
      ...{ stdin: "piped", stdout: "piped" },
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value = "" } = await reader.read();
    await reader.cancel();
    if (!value.startsWith("http://")) throw new Error(`the emulator says "${value}", not its URL`);
    return new ApiProcess(value.trim(), child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.#child.stdin.close();
    await this.#child.status;
  }
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "bench" },
    clusters: [{ name: "bench", cluster: { server } }],
    users: [{ name: "bench", user: {} }],
    contexts: [{ name: "bench", context: { cluster: "bench", user: "bench" } }],
  });
}
